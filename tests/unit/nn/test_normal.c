/* Normal and exponential numbers: those of their formulas, and distributed as they
 * should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "nn/normal.h"

enum { N = 1 << 20 };

static int
by_value(const void *a, const void *b)
{
	real x = *(const real *)a, y = *(const real *)b;

	return x < y ? -1 : x > y;
}

/* The formula with libm, in double, from the same random bits: pairs of 32 at a time.
 */
static void
formula(void **state)
{
	static real x[64 * 50];
	struct rng r, again;
	double radius, angle, u, v;
	uint32_t bits[64];
	int i, j;

	(void)state;
	rng_init(&r, 5, 6);
	rng_init(&again, 5, 6);
	normal_fill(x, LEN(x), &r);
	for (i = 0; i < (int)LEN(x); i += 64) {
		rng_fill(&again, bits, 64);
		for (j = 0; j < 32; j++) {
			u = (bits[j] & 0x7fffffff) * 0x1p-31 + 0x1p-32;
			v = (int32_t)bits[32 + j] * 0x1p-32;
			radius = sqrt(-2 * log(u));
			angle = 6.283185307179586 * v;
			assert_true(
			    fabs(radius * cos(angle) - (double)x[i + j]) < 3e-6);
			assert_true(
			    fabs(radius * sin(angle) - (double)x[i + 32 + j]) < 3e-6);
		}
	}
}

static void
distribution(void **state)
{
	real *x = malloc(N * sizeof *x);
	double m1 = 0, m2 = 0, m4 = 0, far = 0, d;
	struct rng r;
	int i;

	(void)state;
	rng_init(&r, 1, 2);
	normal_fill(x, N, &r);
	for (i = 0; i < N; i++) {
		d = (double)x[i];
		m1 += d / N;
		m2 += d * d / N;
		m4 += d * d * d * d / N;
	}
	assert_true(fabs(m1) < 5 / sqrt(N));
	assert_true(fabs(m2 - 1) < 5 * sqrt(2. / N));
	assert_true(fabs(m4 - 3) < 5 * sqrt(96. / N));
	/* Kolmogorov and Smirnov: beyond 2.2 / sqrt(N) once in ten thousand */
	qsort(x, N, sizeof *x, by_value);
	for (i = 0; i < N; i++) {
		d = fabs(erfc(-(double)x[i] / sqrt(2)) / 2 - (i + .5) / N);
		far = d > far ? d : far;
	}
	assert_true(far < 2.2 / sqrt(N));
	assert_true(x[0] < -4 && x[N - 1] > 4);
	free(x);
}

/* Any length, and nothing behind it. */
static void
lengths(void **state)
{
	real x[140];
	struct rng r;
	int n, i;

	(void)state;
	for (n = 0; n < 130; n++) {
		for (i = 0; i < 140; i++)
			x[i] = 99;
		rng_init(&r, 3, 4);
		normal_fill(x, (size_t)n, &r);
		for (i = 0; i < 140; i++)
			assert_true(i < n ? fabs((double)x[i]) < 7 : x[i] == 99);
	}
}

/* ---- Exponential ---- */

static void
exponential_formula(void **state)
{
	static real x[64 * 50 + 7];
	uint32_t bits[LEN(x)];
	struct rng r, again;
	double want;
	size_t i;

	(void)state;
	rng_init(&r, 5, 7);
	rng_init(&again, 5, 7);
	exponential_fill(x, LEN(x), &r);
	rng_fill(&again, bits, LEN(x));
	assert_true(rng_u32(&r) == rng_u32(&again)); /* no number is left out */
	for (i = 0; i < LEN(x); i++) {
		want = -log((bits[i] & 0x7fffffff) * 0x1p-31 + 0x1p-32);
		assert_true(fabs((double)x[i] - want) < 3e-7 * (1 + want));
	}
}

static void
exponential_distribution(void **state)
{
	real *x = malloc(N * sizeof *x);
	double m1 = 0, m2 = 0, far = 0, d;
	struct rng r;
	int i;

	(void)state;
	rng_init(&r, 1, 3);
	exponential_fill(x, N, &r);
	for (i = 0; i < N; i++) {
		d = (double)x[i];
		m1 += d / N;
		m2 += d * d / N;
	}
	/* moments 1, 2, 6, 24: variances of the sums of x and of (x - 1)^2 */
	assert_true(fabs(m1 - 1) < 5 / sqrt(N));
	assert_true(fabs(m2 - m1 * m1 - 1) < 5 * sqrt(8. / N));
	qsort(x, N, sizeof *x, by_value);
	for (i = 0; i < N; i++) {
		d = fabs(-expm1(-(double)x[i]) - (i + .5) / N);
		far = d > far ? d : far;
	}
	assert_true(far < 2.2 / sqrt(N));
	assert_true(x[0] > 0 && x[0] < 2e-5f && x[N - 1] > 10);
	free(x);
}

/* Any length, nothing behind it. */
static void
exponential_lengths(void **state)
{
	real x[140];
	struct rng r;
	int n, i;

	(void)state;
	for (n = 0; n < 130; n++) {
		for (i = 0; i < 140; i++)
			x[i] = -1;
		rng_init(&r, 3, 5);
		exponential_fill(x, (size_t)n, &r);
		for (i = 0; i < 140; i++)
			assert_true(i < n ? x[i] > 0 : x[i] == -1);
	}
}

/* The bits of this stream begin with some that as a float are 1, whose logarithm is 0:
 * a draw by it would be a division by nothing. */
static void
exponential_is_above_zero(void **state)
{
	enum { RARE = 36 };
	uint32_t bits[64];
	struct rng r;
	real x[64];

	(void)state;
	rng_init(&r, 9, 1722366);
	rng_fill(&r, bits, 64);
	assert_int_equal(bits[RARE] & 0x7fffffff, 0x7fffffc2);
	rng_init(&r, 9, 1722366);
	exponential_fill(x, 64, &r);
	assert_true(x[RARE] > 0 && x[RARE] < 1e-9f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(formula),
	    cmocka_unit_test(distribution),
	    cmocka_unit_test(lengths),
	    cmocka_unit_test(exponential_formula),
	    cmocka_unit_test(exponential_distribution),
	    cmocka_unit_test(exponential_lengths),
	    cmocka_unit_test(exponential_is_above_zero),
	};

	return cmocka_run_group_tests_name("nn/normal", tests, NULL, NULL);
}
