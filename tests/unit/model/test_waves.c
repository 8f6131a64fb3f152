/* Weights at their start: codes that are in order begin in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/ar/ar.h"

/* Attributes, then a step's; PORT and TTL are as wide as numbers, but have no place. */
enum { PORT, SIZE, SMALL, STEP, TTL = STEP, GAP, SYMBOLS };

static void
make_schema(struct tensor_schema *s)
{
	tensor_schema_init(s);
	tensor_schema_add(s, NSR_ATTRIBUTE, "port", NSR_CATEGORY, 100, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "size", NSR_CATEGORY, 100, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "size.pos", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "small", NSR_CATEGORY, 7, "");
	tensor_schema_add(s, NSR_ATTRIBUTE, "small.pos", NSR_REAL, 1, "");
	tensor_schema_add(s, NSR_FEATURE, "ttl", NSR_CATEGORY, 100, "");
	tensor_schema_add(s, NSR_FEATURE, "gap", NSR_CATEGORY, 100, "");
	tensor_schema_add(s, NSR_FEATURE, "gap.pos", NSR_REAL, 1, "");
}

static struct ar *
begun(const struct tensor_schema *s, uint64_t seed)
{
	struct ar_config c;
	struct ns_err e;
	struct rng r;
	struct ar *m;

	hypers_default(&ar_hypers, &c);
	c.attr_units = c.ctx_units = c.head_units = c.lstm_units = 4;
	m = ar_new(s, &c, 1, &e);
	assert_non_null(m);
	rng_init(&r, seed, 0);
	ar_init(m, &r);
	return m;
}

static double
distance(const real *a, const real *b, int e)
{
	double sum = 0;
	int j;

	for (j = 0; j < e; j++)
		sum += ((double)a[j] - (double)b[j]) * ((double)a[j] - (double)b[j]);
	return sqrt(sum);
}

/* Mean distance of codes from .. to apart. */
static double
apart(const real *w, const struct symbol *s, int from, int to)
{
	double sum = 0;
	int i, j, n = 0;

	for (i = 0; i < s->k; i++)
		for (j = i + from; j <= i + to && j < s->k; j++, n++)
			sum += distance(w + (long)i * s->e, w + (long)j * s->e, s->e);
	return sum / n;
}

/* Of neighbours, as a part of that of far ones. */
static double
nearness(const real *w, const struct symbol *s)
{
	return apart(w, s, 1, 1) / apart(w, s, s->k / 2, s->k - 1);
}

static void
check_reads(const struct ar *m, const struct ar_reads *t)
{
	const struct symbol *s = m->sym.sym;

	if (t->n > PORT)
		assert_true(fabs(nearness(t->attr[PORT], &s[PORT]) - 1) < .1);
	if (t->n > SIZE)
		assert_true(nearness(t->attr[SIZE], &s[SIZE]) < .2);
	if (t->n > SMALL)
		assert_true(nearness(t->attr[SMALL], &s[SMALL]) < .5);
}

/* In all nets that read them; half of the columns of a step's are waves. */
static void
near_codes_begin_near(void **state)
{
	struct tensor_schema s;
	struct ar *m;
	int i;

	(void)state;
	make_schema(&s);
	m = begun(&s, 1);
	assert_true(m->sym.sym[SIZE].ordered && m->sym.sym[SMALL].ordered &&
	    m->sym.sym[GAP].ordered);
	assert_false(m->sym.sym[PORT].ordered || m->sym.sym[TTL].ordered);
	for (i = 0; i < m->P; i++)
		check_reads(m, &m->net.pick[i].reads);
	check_reads(m, &m->net.reads);
	assert_true(
	    fabs(nearness(m->net.embed[TTL - STEP], &m->sym.sym[TTL]) - 1) < .1);
	assert_in_range(100 * nearness(m->net.embed[GAP - STEP], &m->sym.sym[GAP]), 50,
	    80);
	ar_free(m);
	tensor_schema_free(&s);
}

/* The further, the less alike, from code 0 on; no two codes begin alike. */
static void
waves_go_on(void **state)
{
	struct tensor_schema s;
	const struct symbol *y;
	const real *w;
	struct ar *m;
	int i, j;

	(void)state;
	make_schema(&s);
	m = begun(&s, 1);
	y = &m->sym.sym[SIZE];
	w = m->net.reads.attr[SIZE];
	for (i = 2; i < y->k / 10; i++)
		assert_true(distance(w, w + (long)i * y->e, y->e) >
		    distance(w, w + (long)(i - 1) * y->e, y->e));
	for (i = 0; i < y->k; i++)
		for (j = 0; j < i; j++)
			assert_true(distance(w + (long)i * y->e, w + (long)j * y->e,
					y->e) > .05);
	ar_free(m);
	tensor_schema_free(&s);
}

/* As large as what begins at random: standard deviation 1/2. */
static void
waves_are_as_large(void **state)
{
	struct tensor_schema s;
	const struct symbol *y;
	double sum = 0;
	struct ar *m;
	long i, n;

	(void)state;
	make_schema(&s);
	m = begun(&s, 1);
	y = &m->sym.sym[SIZE];
	n = (long)y->k * y->e;
	for (i = 0; i < n; i++)
		sum += (double)m->net.reads.attr[SIZE][i] *
		    (double)m->net.reads.attr[SIZE][i];
	assert_true(fabs(sqrt(sum / (double)n) - .5) < .02);
	ar_free(m);
	tensor_schema_free(&s);
}

/* Numbers of an embedding that differ between two seeds. */
static long
different(const real *a, const real *b, const struct symbol *s)
{
	long i, n = 0;

	for (i = 0; i < (long)s->k * s->e; i++)
		n += memcmp(&a[i], &b[i], sizeof *a) != 0;
	return n;
}

static void
seeds_differ(void **state)
{
	struct tensor_schema s;
	struct ar *a, *b, *again;
	const struct symbol *y;

	(void)state;
	make_schema(&s);
	a = begun(&s, 1);
	b = begun(&s, 2);
	again = begun(&s, 1);
	assert_memory_equal(a->block, again->block, a->n_train * sizeof *a->block);
	y = a->sym.sym;
	assert_true(different(a->net.reads.attr[PORT], b->net.reads.attr[PORT],
			&y[PORT]) > 1500);
	assert_int_equal(different(a->net.reads.attr[SIZE], b->net.reads.attr[SIZE],
			     &y[SIZE]),
	    0);
	assert_true(different(a->net.embed[TTL - STEP], b->net.embed[TTL - STEP],
			&y[TTL]) > 1500);
	assert_in_range(different(a->net.embed[GAP - STEP], b->net.embed[GAP - STEP],
			    &y[GAP]),
	    750, 800);
	assert_memory_not_equal(a->net.pick[SMALL].l1.w, b->net.pick[SMALL].l1.w,
	    4 * sizeof(real));
	assert_memory_not_equal(a->net.w_x, b->net.w_x, 4 * sizeof(real));
	ar_free(a);
	ar_free(b);
	ar_free(again);
	tensor_schema_free(&s);
}

/* Refused before the list of its arrays, of which there would be two thousand million:
 * of 65,536 attributes each has one for every attribute before it. */
static void
too_many_symbols(void **state)
{
	const int role[] = {NSR_ATTRIBUTE, NSR_FEATURE};
	struct tensor_schema s;
	struct ar_config c;
	struct ns_err e;
	char name[8];
	size_t i;
	int k;

	(void)state;
	hypers_default(&ar_hypers, &c);
	for (i = 0; i < LEN(role); i++) {
		tensor_schema_init(&s);
		c.head_units = role[i] == NSR_FEATURE ? 4096 : 1;
		for (k = 0; k < 100; k++) {
			snprintf(name, sizeof name, "b%d", k);
			tensor_schema_add(&s, role[i], name, NSR_BIT, TENSOR_BITS_MAX,
			    "");
		}
		assert_null(ar_new(&s, &c, 1, &e));
		assert_int_equal(e.code, NS_EUSAGE);
		assert_non_null(strstr(e.msg, "million weights"));
		tensor_schema_free(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(near_codes_begin_near),
	    cmocka_unit_test(waves_go_on),
	    cmocka_unit_test(waves_are_as_large),
	    cmocka_unit_test(seeds_differ),
	    cmocka_unit_test(too_many_symbols),
	};

	return cmocka_run_group_tests_name("waves", tests, NULL, NULL);
}
