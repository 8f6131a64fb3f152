/* Dropout: how many drop, what becomes of the others, and that it follows its seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "nn/dropout.h"
#include "nn/layers.h"
#include "values.h"

enum { N = 1 << 20 };

static const double rates[] = {1 / 256., .1, .25, .5, .9, .99};

static double
rounded(double rate)
{
	return floor(rate * 256 + 0.5) / 256;
}

/* n within 5 standard deviations of what a coin of probability p gives. */
static void
is_likely(double n, double tosses, double p)
{
	assert_true(fabs(n - tosses * p) < 5 * sqrt(tosses * p * (1 - p)));
}

/* How many pairs lag apart, none of which share a number, drop both. */
static double
pairs(const real *y, long lag)
{
	long i, n = 0;

	for (i = 0; i < N; i++)
		n += i / lag % 2 == 1 && y[i - lag] == 0 && y[i] == 0;
	return (double)n;
}

/* Neighbours, of one word and of several, drop independently. */
static void
rate_is_kept(void **state)
{
	real *y = xmalloc(N * sizeof *y);
	long zeros, i;
	struct dropout d;
	double p;
	size_t k;

	(void)state;
	for (k = 0; k < LEN(rates); k++) {
		p = rounded(rates[k]);
		dropout_init(&d, rates[k], 5, k);
		for (i = 0; i < N; i++)
			y[i] = 1;
		dropout_forward(&d, y, N);
		for (zeros = 0, i = 0; i < N; i++) {
			zeros += y[i] == 0;
			assert_true(
			    y[i] == 0 || fabs((double)y[i] * (1 - p) - 1) < 1e-6);
		}
		is_likely((double)zeros, N, p);
		for (i = 1; i <= 2048; i *= 2)
			is_likely(pairs(y, i), N / 2., p * p);
	}
	free(y);
}

/* No rate, or none that a byte can tell, and no dropout: nothing happens. */
static void
nothing_drops(void **state)
{
	real y[50], was[50];
	struct dropout d;
	struct rng before;

	(void)state;
	fill(y, 50, 1, 1);
	memcpy(was, y, sizeof y);
	dropout_init(&d, 0, 1, 2);
	before = d.rng;
	dropout_forward(&d, y, 50);
	dropout_backward(&d, y, 50);
	assert_memory_equal(&before, &d.rng, sizeof before);
	dropout_init(&d, .001, 1, 2);
	dropout_forward(&d, y, 50);
	dropout_backward(&d, y, 50);
	dropout_forward(NULL, y, 50);
	dropout_backward(NULL, y, 50);
	assert_memory_equal(y, was, sizeof y);
}

/* Behind a ReLU, gradients pass where it passed and nothing dropped, scaled. */
static void
backward_goes_where_forward_went(void **state)
{
	enum { SOME = 4000 };
	real x[SOME], y[SOME], dy[SOME], dx[SOME];
	struct dropout d;
	int i, open = 0;

	(void)state;
	fill(x, SOME, 1, 1);
	fill(dy, SOME, 9, 1);
	dropout_init(&d, .25, 1, 2);
	relu_forward(y, x, SOME);
	dropout_forward(&d, y, SOME);
	relu_backward(dx, dy, y, SOME);
	dropout_backward(&d, dx, SOME);
	for (i = 0; i < SOME; i++) {
		assert_true(y[i] == 0 || y[i] == x[i] * d.scale);
		assert_true(dx[i] == (y[i] > 0 ? dy[i] * d.scale : 0));
		open += y[i] > 0;
	}
	assert_true(fabs((double)d.scale - 4 / 3.) < 1e-6);
	assert_in_range(open, SOME / 2 * .75 - 200, SOME / 2 * .75 + 200);
}

/* Any length, nothing behind it, and every place of a long one can drop or stay. */
static void
lengths(void **state)
{
	enum { LONG = 1100 };
	real y[LONG + 8];
	int n, i, dropped[LONG] = {0};
	struct dropout d;

	(void)state;
	for (n = 0; n <= LONG; n++) {
		for (i = 0; i < LONG + 8; i++)
			y[i] = 99;
		dropout_init(&d, .5, 3, (uint64_t)n);
		dropout_forward(&d, y, n);
		for (i = 0; i < LONG + 8; i++)
			assert_true(i < n ? y[i] == 0 || y[i] == 198 : y[i] == 99);
		for (i = 0; i < n; i++)
			dropped[i] += y[i] == 0;
	}
	for (i = 0; i < LONG - 40; i++)
		assert_true(dropped[i] > 0 && dropped[i] < LONG - i);
}

static void
follows_seed(void **state)
{
	const uint64_t seeds[][2] = {{8, 1}, {8, 1}, {8, 2}, {9, 1}};
	real y[4][3000];
	struct dropout d;
	int k, i;

	(void)state;
	for (k = 0; k < 4; k++) {
		fill(y[k], 3000, 1, 1);
		dropout_init(&d, .3, seeds[k][0], seeds[k][1]);
		for (i = 0; i < 3000; i += 1000)
			dropout_forward(&d, y[k] + i, 1000);
	}
	assert_memory_equal(y[0], y[1], sizeof y[0]);
	assert_memory_not_equal(y[0], y[2], sizeof y[0]);
	assert_memory_not_equal(y[0], y[3], sizeof y[0]);
	fill(y[1], 3000, 1, 1);
	assert_memory_not_equal(y[0], y[1], sizeof y[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rate_is_kept),
	    cmocka_unit_test(nothing_drops),
	    cmocka_unit_test(backward_goes_where_forward_went),
	    cmocka_unit_test(lengths),
	    cmocka_unit_test(follows_seed),
	};

	return cmocka_run_group_tests_name("nn/dropout", tests, NULL, NULL);
}
