/* UnivMon's statistics on streams that they are known of, its levels and heaps. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sketch/univmon.h"

enum { DEPTH = 5, CELLS = 80000, KEYS = 20000, SEEDS = 10 };

static struct univmon *
feed(const uint64_t *count, size_t n, size_t cells, uint64_t seed)
{
	struct univmon *s = univmon_new(DEPTH, cells, seed);

	for (size_t k = 0; k < n; k++)
		univmon_update(s, k, count[k]);
	return s;
}

/* Root of the mean square of the relative errors. */
struct errors {
	double entropy, distinct, l2;
};

static double
off(double estimate, double truth)
{
	double d = estimate / truth - 1;

	return d * d / SEEDS;
}

static struct errors
measure(const uint64_t *count)
{
	double total = 0, x_log_x = 0, squares = 0;
	struct errors e = {0, 0, 0};

	for (size_t k = 0; k < KEYS; k++) {
		double x = (double)count[k];

		total += x;
		x_log_x += x * log(x);
		squares += x * x;
	}
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct univmon *s = feed(count, KEYS, CELLS, seed);

		e.entropy += off(univmon_entropy(s), log(total) - x_log_x / total);
		e.distinct += off(univmon_distinct(s), KEYS);
		e.l2 += off(univmon_l2(s), sqrt(squares));
		univmon_free(s);
	}
	e.entropy = sqrt(e.entropy);
	e.distinct = sqrt(e.distinct);
	e.l2 = sqrt(e.l2);
	return e;
}

/* Entropy 6.17 of at most 9.90 nats. */
static void
statistics_of_zipfs_law(void **state)
{
	uint64_t *count = xmalloc(KEYS * sizeof *count);
	struct errors e;

	(void)state;
	for (size_t k = 0; k < KEYS; k++)
		count[k] = (uint64_t)(1e5 / pow((double)k + 1, 1.1)) + 1;
	e = measure(count);
	assert_true(e.entropy < 0.04 && e.distinct < 0.08 && e.l2 < 0.003);
	free(count);
}

/* Entropy ln 20000, distinct 20000, length 50 sqrt(20000). */
static void
statistics_of_equal_counts(void **state)
{
	uint64_t *count = xmalloc(KEYS * sizeof *count);
	struct errors e;

	(void)state;
	for (size_t k = 0; k < KEYS; k++)
		count[k] = 50;
	e = measure(count);
	assert_true(e.entropy < 0.08 && e.distinct < 0.08 && e.l2 < 0.15);
	free(count);
}

static void
assert_near(double a, double b)
{
	assert_true(fabs(a - b) < 1e-9);
}

/* Few keys in wide levels, so that none collides in most rows: no error is left. */
static void
statistics_of_few_keys_are_exact(void **state)
{
	static const uint64_t count[] = {1, 1, 2, 4};
	struct univmon *s = univmon_new(DEPTH, CELLS, 1);

	(void)state;
	assert_true(univmon_entropy(s) == 0 && univmon_distinct(s) == 0);
	assert_true(univmon_l2(s) == 0);
	univmon_free(s);
	s = feed(count, LEN(count), CELLS, 1);
	assert_near(univmon_entropy(s), 1.75 * log(2));
	assert_near(univmon_distinct(s), 4);
	assert_near(univmon_l2(s), sqrt(22));
	assert_true(univmon_estimate(s, 3) == 4);
	univmon_free(s);
}

/* Level l has a share of 2^-l of the keys, and its keys are in all levels above. */
static void
each_level_halves_the_keys(void **state)
{
	enum { FEW = 300 };
	uint64_t count[FEW];
	double seen[UNIVMON_LEVELS] = {0};

	(void)state;
	for (int k = 0; k < FEW; k++)
		count[k] = 1;
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct univmon *s = feed(count, FEW, CELLS, seed);

		assert_int_equal(s->levels, UNIVMON_LEVELS);
		assert_true(s->level[0].heap.cap > FEW);
		for (int l = 0; l < s->levels; l++)
			seen[l] += (double)s->level[l].heap.n;
		for (int l = 1; l < s->levels; l++)
			assert_true(s->level[l].heap.n <= s->level[l - 1].heap.n);
		univmon_free(s);
	}
	for (int l = 0; l < UNIVMON_LEVELS; l++) {
		double p = ldexp(1, -l), n = 100.0 * FEW;

		assert_true(fabs(seen[l] - n * p) <= 5 * sqrt(n * p * (1 - p)));
	}
}

/* Widths halve, then stay; every amount of memory is used to the last cell. */
static void
memory_is_shared_out_whole(void **state)
{
	(void)state;
	for (size_t m = 3 * DEPTH; m < 20000; m += m < 1000 ? DEPTH : 997 * DEPTH) {
		struct univmon *s = univmon_new(DEPTH, m, 0);

		assert_int_equal(univmon_memory(s), m);
		for (int l = 2; l < s->levels; l++) {
			size_t w = s->level[l - 1].sketch->width;

			if (l <= UNIVMON_HALVINGS)
				w /= 2;
			assert_int_equal(s->level[l].sketch->width, w);
		}
		if (s->levels > 1)
			assert_true(
			    s->level[0].sketch->width >= 2 * s->level[1].sketch->width);
		univmon_free(s);
	}
}

/* Against a table of the latest counts: counts that only grow, so nothing is stale. */
static void
heap_keeps_the_greatest(void **state)
{
	enum { N = 200, CAP = 17 };
	double count[N] = {0};
	struct heap h;
	struct rng r;

	(void)state;
	rng_init(&r, 4, 0);
	heap_init(&h, CAP);
	for (int i = 0; i < 20000; i++) {
		uint32_t k = rng_below(&r, 1 + rng_below(&r, N));

		/* distinct fractions, so that no two counts are equal */
		count[k] = floor(count[k]) + 1 + k / 1024.0;
		heap_offer(&h, k, count[k]);
	}
	assert_int_equal(h.n, CAP);
	for (size_t i = 0; i < h.n; i++) {
		size_t above = 0;

		assert_true(h.at[i].count == count[h.at[i].key]);
		assert_true(h.at[(i - (i > 0)) / 2].count <= h.at[i].count);
		for (int k = 0; k < N; k++)
			above += count[k] > h.at[i].count;
		assert_true(above < CAP);
	}
	heap_offer(&h, h.at[CAP - 1].key, h.at[0].count + 0.0001);
	assert_int_equal(h.n, CAP);
	heap_free(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(statistics_of_zipfs_law),
	    cmocka_unit_test(statistics_of_equal_counts),
	    cmocka_unit_test(statistics_of_few_keys_are_exact),
	    cmocka_unit_test(each_level_halves_the_keys),
	    cmocka_unit_test(memory_is_shared_out_whole),
	    cmocka_unit_test(heap_keeps_the_greatest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
