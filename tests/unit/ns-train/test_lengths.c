/*
 * Lengths of series as private training counts them.
 *
 * What each test catches:
 *   spread_lengths_are_told: lengths that are taken one by one, so that all but some
 * are lost where none is frequent frequent_ones_stay: spans that swallow what stands
 * out noise_makes_no_lengths: thresholds that let the noise of rare long series through
 *   nothing_is_still_some: a model that draws no series; codes beyond the longest
 *   exact_without_noise: counts that are changed where there is no noise
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ar/private.h"
#include "base/rng.h"
#include "model/ar/counts.h"

enum { TRIALS = 200, SIGMA = 15, MOST = 1000 };

static void
add_noise(double *v, struct rng *r)
{
	int i;

	for (i = 0; i < LENGTH_CODES; i++)
		v[i] += SIGMA * rng_normal(r);
}

/* The share of what is told that is from code lo to code hi. */
static double
share(const real *lengths, int lo, int hi)
{
	double in = 0, all = 0;
	int i;

	for (i = 0; i < LENGTH_CODES; i++) {
		assert_true(lengths[i] >= 0);
		assert_true(i <= length_code(MOST) || lengths[i] <= 0);
		all += (double)lengths[i];
		in += i >= lo && i <= hi ? (double)lengths[i] : 0;
	}
	assert_true(all > 0);
	return in / all;
}

/* n series of each code from lo to hi, as often as there are trials, with noise: the
 * mean share that codes from .. to have of what is told. */
static double
told(int lo, int hi, double n, int from, int to)
{
	double v[LENGTH_CODES], sum = 0;
	real lengths[LENGTH_CODES];
	struct rng r;
	int t, i;

	rng_init(&r, 5, 0);
	for (t = 0; t < TRIALS; t++) {
		for (i = 0; i < LENGTH_CODES; i++)
			v[i] = i >= lo && i <= hi ? n : 0;
		add_noise(v, &r);
		ar_private_lengths(v, SIGMA, MOST, lengths);
		sum += share(lengths, from, to);
	}
	return sum / TRIALS;
}

/* 20 series each are lost in the noise of 15, but not the 320 of them. */
static void
spread_lengths_are_told(void **state)
{
	double v[LENGTH_CODES] = {0}, below = 0, above = 0;
	real lengths[LENGTH_CODES];
	struct rng r;
	int i;

	(void)state;
	assert_true(told(16, 31, 20, 16, 31) > .85);
	for (i = 16; i < 32; i++)
		v[i] = 20;
	rng_init(&r, 6, 0);
	add_noise(v, &r);
	ar_private_lengths(v, SIGMA, MOST, lengths);
	for (i = 16; i < 24; i++) {
		below += (double)lengths[i];
		above += (double)lengths[i + 8];
	}
	assert_true(below > 80 && above > 80);
}

static void
frequent_ones_stay(void **state)
{
	(void)state;
	assert_true(told(3, 3, 500, 3, 3) > .85);
	assert_true(told(100, 101, 200, 100, 101) > .8);
}

static void
noise_makes_no_lengths(void **state)
{
	(void)state;
	assert_true(told(0, 0, 500, 96, LENGTH_CODES - 1) < .05);
}

static void
nothing_is_still_some(void **state)
{
	static const uint32_t most[] = {1, 2, 95, 97, MOST};
	double v[LENGTH_CODES];
	real lengths[LENGTH_CODES];
	size_t k;
	int i;

	(void)state;
	for (k = 0; k < LEN(most); k++) {
		for (i = 0; i < LENGTH_CODES; i++)
			v[i] = i > length_code(most[k]) ? 1000 : -1;
		ar_private_lengths(v, SIGMA, most[k], lengths);
		assert_true(share(lengths, 0, length_code(most[k])) >= 1);
		v[0] = 1;
		ar_private_lengths(v, SIGMA, most[k], lengths);
		assert_true(share(lengths, 0, 0) >= 1);
	}
}

static void
exact_without_noise(void **state)
{
	double v[LENGTH_CODES] = {0};
	real lengths[LENGTH_CODES];
	int i;

	(void)state;
	v[0] = 7;
	v[40] = 1;
	v[length_code(MOST)] = 2;
	ar_private_lengths(v, 0, MOST, lengths);
	for (i = 0; i < LENGTH_CODES; i++)
		assert_true(lengths[i] >= (real)v[i] && lengths[i] <= (real)v[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spread_lengths_are_told),
	    cmocka_unit_test(frequent_ones_stay),
	    cmocka_unit_test(noise_makes_no_lengths),
	    cmocka_unit_test(nothing_is_still_some),
	    cmocka_unit_test(exact_without_noise),
	};

	return cmocka_run_group_tests_name("lengths", tests, NULL, NULL);
}
