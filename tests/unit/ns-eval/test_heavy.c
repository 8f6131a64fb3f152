/* The sketches behind their interface; heavy hitters and the Count-Min curve against
 * plain readings of their definitions. */
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
#include "base/rng.h"
#include "sketch/countmin.h"
#include "sketch/countsketch.h"
#include "sketch/curve.h"

enum { N = 20000, KEYS = 400, CELLS = 600 };

struct trace_of {
	uint32_t key[N];
	uint64_t weight[N];
	uint64_t count[KEYS]; /* sums of the weights */
	uint64_t total;
};

/* Skewed keys, of which the last ten never occur, in random order. */
static struct trace_of *
some_trace(bool weights)
{
	struct trace_of *t = xcalloc(1, sizeof *t);
	struct rng r;

	rng_init(&r, 8, 0);
	for (int i = 0; i < N; i++) {
		double u = rng_uniform(&r);

		t->key[i] = (uint32_t)((KEYS - 10) * u * u * u);
		t->weight[i] = weights ? 40 + rng_below(&r, 1460) : 1;
		t->count[t->key[i]] += t->weight[i];
		t->total += t->weight[i];
	}
	return t;
}

static struct stream
stream_of(const struct trace_of *t, bool weights)
{
	return (struct stream){N, t->key, weights ? t->weight : NULL, KEYS};
}

static void
kinds_have_equal_memory(void **state)
{
	(void)state;
	for (int k = 0; k < SKETCHES; k++) {
		enum sketch_kind kind = (enum sketch_kind)k;

		assert_true(sketch_linear(kind) == (kind != SKETCH_NS));
		for (size_t m = 15; m < 9000; m += 1 + m / 7) {
			struct sketch *s = sketch_new(kind, m, SKETCH_DEPTH, 1, 0.1);

			assert_int_equal(sketch_memory(s), m / 5 * 5);
			sketch_free(s);
		}
	}
	sketch_free(NULL);
}

static void
equal_seeds_give_equal_estimates(void **state)
{
	struct trace_of *t = some_trace(false);

	(void)state;
	for (int k = 0; k < SKETCHES; k++) {
		struct sketch *s[3];
		bool differs = false;

		for (int j = 0; j < 3; j++) {
			s[j] = sketch_new((enum sketch_kind)k, CELLS, 5, j / 2, 0.1);
			for (int i = 0; i < N; i++)
				sketch_update(s[j], t->key[i], 1);
		}
		for (uint64_t key = 0; key < KEYS; key++) {
			double v = sketch_estimate(s[0], key);

			assert_true(v == sketch_estimate(s[1], key));
			differs = differs || v != sketch_estimate(s[2], key);
		}
		assert_true(differs);
		for (int j = 0; j < 3; j++)
			sketch_free(s[j]);
	}
	free(t);
}

/* Why heavy_error may feed totals: item by item gives the same counters. */
static void
totals_give_the_same_counters(void **state)
{
	struct trace_of *t = some_trace(true);
	struct countmin *cm[2];
	struct countsketch *cs[2];
	struct rng r;

	(void)state;
	for (int j = 0; j < 2; j++) {
		cm[j] = countmin_new(5, 50, 3);
		rng_init(&r, 3, HASH_STREAM_CS);
		cs[j] = countsketch_new(5, 50, &r);
	}
	for (int i = 0; i < N; i++) {
		countmin_update(cm[0], t->key[i], t->weight[i]);
		countsketch_update(cs[0], t->key[i], t->weight[i]);
	}
	for (uint32_t k = 0; k < KEYS; k++) {
		countmin_update(cm[1], k, t->count[k]);
		countsketch_update(cs[1], k, t->count[k]);
	}
	assert_memory_equal(cm[0]->cell, cm[1]->cell, 250 * sizeof(uint64_t));
	assert_memory_equal(cs[0]->cell, cs[1]->cell, 250 * sizeof(uint64_t));
	for (int j = 0; j < 2; j++) {
		countmin_free(cm[j]);
		countsketch_free(cs[j]);
	}
	free(t);
}

static void
assert_near(double a, double b)
{
	assert_true(fabs(a - b) < 1e-9);
}

/* Every item goes in by itself, whatever the kind. */
static double
naive_error(const struct trace_of *t, enum sketch_kind kind, uint64_t seed, size_t *n)
{
	struct sketch *s = sketch_new(kind, CELLS, 5, seed, 0.1);
	double sum = 0;

	*n = 0;
	for (int i = 0; i < N; i++)
		sketch_update(s, t->key[i], t->weight[i]);
	for (uint32_t k = 0; k < KEYS; k++) {
		double c = (double)t->count[k];

		if (c * 1000 < (double)t->total)
			continue;
		sum += fabs(sketch_estimate(s, k) - c) / c;
		++*n;
	}
	sketch_free(s);
	return sum / (double)*n;
}

static void
heavy_error_agrees_with_naive_reading(void **state)
{
	(void)state;
	for (int weights = 0; weights < 2; weights++) {
		struct trace_of *t = some_trace(weights);
		struct stream s = stream_of(t, weights);
		struct tally y;
		size_t n;

		tally_init(&y, &s);
		assert_true(y.total == t->total && y.n == KEYS - 10);
		for (int k = 0; k < SKETCHES; k++) {
			enum sketch_kind kind = (enum sketch_kind)k;
			double want = naive_error(t, kind, 11, &n);

			assert_true(want > 0.001 && n > 50 && n < KEYS - 10);
			assert_int_equal(heavy_count(&y), n);
			assert_near(heavy_error(&y, kind, CELLS, 11), want);
		}
		tally_free(&y);
		free(t);
	}
}

/* One key of 1 in 1000 is heavy, of 1 in 1001 not; no stream has none. */
static void
heavy_hitters_have_the_share(void **state)
{
	static const uint32_t key[] = {0, 1};
	uint64_t weight[] = {1, 999};
	struct stream s = {2, key, weight, 2}, none = {0, NULL, NULL, 0};
	struct tally y;

	(void)state;
	tally_init(&y, &s);
	assert_int_equal(heavy_count(&y), 2);
	assert_true(heavy_error(&y, SKETCH_CM, 5000, 0) == 0);
	tally_free(&y);
	weight[1] = 1000;
	tally_init(&y, &s);
	assert_int_equal(heavy_count(&y), 1);
	tally_free(&y);
	tally_init(&y, &none);
	assert_int_equal(heavy_count(&y), 0);
	assert_true(isnan(heavy_error(&y, SKETCH_NS, 5000, 0)));
	tally_free(&y);
}

/* Whether key k is among the m greatest: fewer than m come before it. */
static bool
in_top(const uint64_t *v, uint32_t k, uint32_t n, size_t m)
{
	size_t before = 0;

	for (uint32_t j = 0; j < n; j++)
		before += v[j] > v[k] || (v[j] == v[k] && j < k);
	return before < m;
}

/* The first n keys of the trace are those that occur. */
static double
naive_curve(const struct trace_of *t, uint32_t n, double scale, uint64_t seed)
{
	int width = (int)(scale * n);
	struct countmin *s = countmin_new(5, width > 1 ? (size_t)width : 1, seed);
	uint64_t v[KEYS];
	size_t m = (size_t)ceil(n / 10.0), both = 0, any = 0;

	for (int i = 0; i < N; i++)
		countmin_update(s, t->key[i], t->weight[i]);
	for (uint32_t k = 0; k < n; k++)
		v[k] = countmin_estimate(s, k);
	for (uint32_t k = 0; k < n; k++) {
		bool a = in_top(t->count, k, n, m), b = in_top(v, k, n, m);

		both += a && b;
		any += a || b;
	}
	countmin_free(s);
	return 100 * (1 - (double)both / (double)any);
}

static void
curve_agrees_with_naive_reading(void **state)
{
	struct trace_of *t = some_trace(false);
	struct stream s = stream_of(t, false);
	double error[CURVE_POINTS], one[CURVE_POINTS];
	struct tally y;

	(void)state;
	tally_init(&y, &s);
	curve_errors(error, &y, 21, 3);
	curve_errors(one, &y, 22, 1);
	for (int i = 0; i < CURVE_POINTS; i++) {
		double want = 0, scale = (i + 1) / 10.0;

		for (uint64_t seed = 21; seed < 24; seed++)
			want += naive_curve(t, KEYS - 10, scale, seed) / 3;
		assert_near(error[i], want);
		assert_near(one[i], naive_curve(t, KEYS - 10, scale, 22));
	}
	assert_true(error[0] > error[4] && error[4] > error[8]);
	tally_free(&y);
	free(t);
}

static void
curve_of_hardly_any_keys(void **state)
{
	static const uint32_t key[] = {3, 3, 3};
	struct stream s = {3, key, NULL, 5}, none = {0, NULL, NULL, 0};
	double error[CURVE_POINTS];
	struct tally y;

	(void)state;
	tally_init(&y, &s);
	curve_errors(error, &y, 0, 2);
	for (int i = 0; i < CURVE_POINTS; i++)
		assert_true(error[i] == 0);
	tally_free(&y);
	tally_init(&y, &none);
	curve_errors(error, &y, 0, 2);
	for (int i = 0; i < CURVE_POINTS; i++)
		assert_true(isnan(error[i]));
	tally_free(&y);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kinds_have_equal_memory),
	    cmocka_unit_test(equal_seeds_give_equal_estimates),
	    cmocka_unit_test(totals_give_the_same_counters),
	    cmocka_unit_test(heavy_error_agrees_with_naive_reading),
	    cmocka_unit_test(heavy_hitters_have_the_share),
	    cmocka_unit_test(curve_agrees_with_naive_reading),
	    cmocka_unit_test(curve_of_hardly_any_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
