/* The external sort against a plain stable sort, with and without spilling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/extsort.h"
#include "base/mem.h"
#include "base/rng.h"

struct rec {
	uint32_t key, seq;
	uint8_t filler[56];
};

static int
by_key(const void *a, const void *b, const void *arg)
{
	const struct rec *x = a, *y = b;

	(void)arg;
	return (x->key > y->key) - (x->key < y->key);
}

/* Few keys, so that the order of equals matters; every record must come back once. */
static void
sorted_and_stable(size_t n, size_t memory)
{
	struct extsort *s = extsort_new(sizeof(struct rec), by_key, NULL, memory);
	uint8_t *seen = xcalloc(n, 1);
	struct rec r = {0}, last = {0};
	const struct rec *p;
	const void *v;
	struct ns_err e;
	struct rng g;
	size_t i, out = 0;

	rng_init(&g, n, memory);
	for (i = 0; i < n; i++) {
		r.key = rng_below(&g, 100);
		r.seq = (uint32_t)i;
		r.filler[i % sizeof r.filler] ^= (uint8_t)i;
		assert_int_equal(extsort_put(s, &r, &e), NS_OK);
	}
	assert_int_equal(extsort_count(s), n);
	assert_int_equal(extsort_start(s, &e), NS_OK);
	while (extsort_next(s, &v, &e) > 0) {
		p = v;
		if (out > 0)
			assert_true(p->key > last.key ||
			    (p->key == last.key && p->seq > last.seq));
		assert_int_equal(seen[p->seq]++, 0);
		last = *p;
		out++;
	}
	assert_int_equal(out, n);
	extsort_free(s);
	free(seen);
}

static void
in_memory(void **state)
{
	(void)state;
	sorted_and_stable(0, 1 << 20);
	sorted_and_stable(1, 1 << 20);
	sorted_and_stable(2, 1 << 20);
	sorted_and_stable(5000, 1 << 20);
	sorted_and_stable(20001, 64 << 20);
}

static void
with_runs(void **state)
{
	(void)state;
	sorted_and_stable(14000, 1); /* just past one run */
	sorted_and_stable(300000, 1);
}

/* 1 MiB merges 64 runs at once: more than 64 runs of 13,107 records need a pass. */
static void
with_merge_passes(void **state)
{
	(void)state;
	sorted_and_stable(1100000, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(in_memory),
	    cmocka_unit_test(with_runs),
	    cmocka_unit_test(with_merge_passes),
	};

	return cmocka_run_group_tests_name("base/extsort", tests, NULL, NULL);
}
