/* Sorts, divergences and distances against values worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "fidelity/rate.h"
#include "stats/emd.h"
#include "stats/jsd.h"
#include "stats/sort.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-12)
#define U64(...) ((uint64_t[]){__VA_ARGS__})
#define I64(...) ((int64_t[]){__VA_ARGS__})

static int
compare_i64(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
sorts_any_width(void **state)
{
	enum { N = 5000 };
	static int64_t v[N], w[N];
	struct rng r;

	(void)state;
	rng_init(&r, 1, 0);
	for (unsigned shift = 0; shift < 64; shift += 9) {
		for (size_t i = 0; i < N; i++)
			v[i] = w[i] =
			    (int64_t)(rng_u64(&r) >> shift) - (shift > 30 ? 99 : 0);
		sort_i64(v, N);
		qsort(w, N, sizeof *w, compare_i64);
		assert_memory_equal(v, w, sizeof v);
	}
}

static void
sort_of_rows_is_stable(void **state)
{
	enum { N = 1000 };
	static uint64_t key[N];
	static uint32_t row[N];

	(void)state;
	for (uint32_t n = 10; n <= N; n += 90) {
		for (uint32_t i = 0; i < n; i++) {
			key[i] = i * 7919u % 13;
			row[i] = i;
		}
		sort_rows(key, row, n);
		for (uint32_t i = 1; i < n; i++) {
			assert_true(key[i - 1] <= key[i]);
			assert_true(key[i - 1] < key[i] || row[i - 1] < row[i]);
			assert_int_equal(key[i], row[i] * 7919u % 13);
		}
	}
}

static void
divergence_of_values(void **state)
{
	double want;

	(void)state;
	NEAR(jsd_keys(U64(1, 2, 2, 9), 4, U64(9, 2, 1, 2), 4), 0);
	/* the same shares from twice as many */
	NEAR(jsd_keys(U64(5, 6), 2, U64(6, 5, 5, 6), 4), 0);
	NEAR(jsd_keys(U64(1, 2), 2, U64(3, 4, 5), 3), log(2));
	/* P = (1, 0), Q = (1/2, 1/2), M = (3/4, 1/4) */
	want = (log(4 / 3.) + .5 * log(2 / 3.) + .5 * log(2)) / 2;
	NEAR(jsd_keys(U64(7), 1, U64(7, UINT64_MAX), 2), want);
	NEAR(jsd_counts(U64(3, 0), U64(8, 8), 2), want);
	assert_true(jsd_counts(U64(1, 1, 1), U64(7, 7, 7), 3) >= 0);
}

static void
divergence_of_ranks(void **state)
{
	double want = (log(4 / 3.) + .5 * log(2 / 3.) + .5 * log(2)) / 2;

	(void)state;
	/* other values, same frequencies */
	NEAR(jsd_ranks(U64(1, 1, 1, 2, 3), 5, U64(8, 9, 9, 4, 9), 5), 0);
	NEAR(jsd_ranks(U64(1, 1), 2, U64(5, 6), 2), want);
}

static void
earth_movers_distance(void **state)
{
	(void)state;
	NEAR(emd_sorted(I64(1, 2, 3), 3, I64(1, 2, 3), 3), 0);
	NEAR(emd_sorted(I64(0, 1, 3), 3, I64(5, 6, 8), 3), 5);
	/* a sample given twice is the same distribution */
	NEAR(emd_sorted(I64(0, 10), 2, I64(0, 0, 10, 10), 4), 0);
	NEAR(emd_sorted(I64(0), 1, I64(0, 4), 2), 2);
	NEAR(emd_sorted(I64(-3, 5), 2, I64(-1), 1), 4);
	/* the greatest difference there is */
	NEAR(emd_sorted(I64(INT64_MIN), 1, I64(INT64_MAX), 1) / 18446744073709551615.,
	    1);
}

static void
distance_of_logs(void **state)
{
	static int64_t ones[20000];

	(void)state;
	NEAR(emd_log(I64(0), 1, I64(1), 1, 1), log(2));
	NEAR(emd_log(I64(0), 1, I64(1000), 1, 1e-3), log(2));
	NEAR(emd_log(I64(-5, 3), 2, I64(0, 3), 2, 1), 0);
	NEAR(log_deviation(I64(0, 1), 2, 1), log(2) / 2);
	for (size_t i = 0; i < LEN(ones); i++)
		ones[i] = 1;
	/* exactly, or what is measured by it would explode */
	assert_true(log_deviation(ones, LEN(ones), 1) == 0);
}

static void
autocorrelation(void **state)
{
	double r[RATE_LAGS];

	(void)state;
	rate_autocorrelation(r, I64(1, -1, 1, -1), 4);
	NEAR(r[0], -.75);
	NEAR(r[1], .5);
	NEAR(r[2], -.25);
	NEAR(r[3], 0);
	rate_autocorrelation(r, I64(6, 6, 6), 3);
	NEAR(r[0], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sorts_any_width),
	    cmocka_unit_test(sort_of_rows_is_stable),
	    cmocka_unit_test(divergence_of_values),
	    cmocka_unit_test(divergence_of_ranks),
	    cmocka_unit_test(earth_movers_distance),
	    cmocka_unit_test(distance_of_logs),
	    cmocka_unit_test(autocorrelation),
	};

	return cmocka_run_group_tests_name("eval_numbers", tests, NULL, NULL);
}
