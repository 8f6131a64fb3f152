/* Lengths that were not counted are read as the nearest that was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/ar/ar.h"

enum { CHUNKS = 3 };

struct tested {
	struct tensor_schema s;
	struct ar *m;
	real *before; /* the block */
};

static void
tested_open(struct tested *t, bool steps)
{
	struct ar_config c;
	struct ns_err e;
	struct rng r;

	tensor_schema_init(&t->s);
	tensor_schema_add(&t->s, NSR_ATTRIBUTE, "port", NSR_CATEGORY, 9, "");
	tensor_schema_add(&t->s, NSR_ATTRIBUTE, "label", NSR_CATEGORY, 3, "");
	if (steps)
		tensor_schema_add(&t->s, NSR_FEATURE, "size", NSR_CATEGORY, 5, "");
	hypers_default(&ar_hypers, &c);
	c.attr_units = c.ctx_units = c.head_units = c.lstm_units = 2;
	t->m = ar_new(&t->s, &c, CHUNKS, &e);
	assert_non_null(t->m);
	rng_init(&r, 5, 0);
	ar_init(t->m, &r);
	t->before = xcalloc(t->m->n_all, sizeof *t->before);
}

static void
tested_close(struct tested *t)
{
	free(t->before);
	ar_free(t->m);
	tensor_schema_free(&t->s);
}

static void
count(const struct tested *t, int chunk, int code, real n)
{
	t->m->lengths[chunk * LENGTH_CODES + code] = n;
}

static void
fill(const struct tested *t)
{
	memcpy(t->before, t->m->block, t->m->n_all * sizeof *t->before);
	ar_fill_lengths(t->m);
}

/* A net's vectors of all codes: those that as (LENGTH_CODES) says, as they were; they
 * are put back. */
static void
check_net(const struct tested *t, const struct ar_reads *net, const int *as)
{
	const real *was = t->before + (net->length - t->m->block);
	size_t bytes = LENGTH_E * sizeof *was;
	int i;

	for (i = 0; i < LENGTH_CODES; i++) {
		assert_memory_equal(net->length + (long)i * LENGTH_E,
		    was + (long)as[i] * LENGTH_E, bytes);
		assert_true(as[i] == i ||
		    memcmp(was + (long)i * LENGTH_E, was + (long)as[i] * LENGTH_E,
			bytes) != 0);
	}
	memcpy(net->length, was, LENGTH_CODES * bytes);
}

/* In every net, and nothing but lengths. */
static void
check(const struct tested *t, const int *as)
{
	int i;

	for (i = 0; i < t->m->P; i++)
		check_net(t, &t->m->net.pick[i].reads, as);
	check_net(t, &t->m->net.reads, as);
	assert_memory_equal(t->m->block, t->before, t->m->n_all * sizeof *t->before);
}

static void
set(int *as, int from, int to, int code)
{
	for (; from <= to; from++)
		as[from] = code;
}

/* Whatever the chunk; once is as good as often. */
static void
nearest_in_any_chunk(void **state)
{
	int as[LENGTH_CODES];
	struct tested t;

	(void)state;
	tested_open(&t, true);
	count(&t, 0, 10, 1);
	count(&t, 2, 14, 7);
	count(&t, 1, 15, 1);
	count(&t, 2, 200, 1000);
	count(&t, 0, 200, 3);
	set(as, 0, 11, 10);
	set(as, 12, 14, 14); /* 12 is as near to 10: the longer */
	set(as, 15, 107, 15);
	set(as, 108, 255, 200);
	fill(&t);
	check(&t, as);
	tested_close(&t);
}

static void
longer_of_two(void **state)
{
	int as[LENGTH_CODES];
	struct tested t;

	(void)state;
	tested_open(&t, true);
	count(&t, 1, 0, 1);
	count(&t, 1, 254, 1);
	set(as, 0, 126, 0);
	set(as, 127, 255, 254);
	fill(&t);
	check(&t, as);
	tested_close(&t);
}

static void
one_is_all(void **state)
{
	const int codes[] = {0, 77, LENGTH_CODES - 1};
	int as[LENGTH_CODES];
	struct tested t;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(codes); i++) {
		tested_open(&t, i > 0); /* without steps, too */
		count(&t, 2, codes[i], 1);
		set(as, 0, LENGTH_CODES - 1, codes[i]);
		fill(&t);
		check(&t, as);
		tested_close(&t);
	}
}

/* None is counted, or all are: each is read as itself. */
static void
none_and_all(void **state)
{
	int as[LENGTH_CODES], i, n;
	struct tested t;

	(void)state;
	for (i = 0; i < LENGTH_CODES; i++)
		as[i] = i;
	for (n = 0; n < 2; n++) {
		tested_open(&t, true);
		for (i = 0; i < LENGTH_CODES; i++)
			count(&t, i % CHUNKS, i, (real)n);
		fill(&t);
		check(&t, as);
		tested_close(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nearest_in_any_chunk),
	    cmocka_unit_test(longer_of_two),
	    cmocka_unit_test(one_is_all),
	    cmocka_unit_test(none_and_all),
	};

	return cmocka_run_group_tests_name("lengths", tests, NULL, NULL);
}
