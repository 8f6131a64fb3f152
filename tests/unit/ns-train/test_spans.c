/*
 * Histograms of counts with noise, and what output biases are made of them.
 *
 * What each test catches:
 *   without_noise_all_is_told: counts that are changed, codes that are made up
 *   neighbours_are_told_together: codes told one by one only; sums shared out wrongly
 *   widest_is_kept: spans that reach further than they may
 *   what_stands_out_stays: spans that swallow it
 *   noise_is_not_told: thresholds that do not grow with the span, or that are too low
 *   what_stands_out_most_where_nothing_tells: a guess that is passed off as told
 *   far_numbers_are_not_drawn: values far off all that is told, which noise in the
 *     weights draws now and then; bounds where nothing is told; symbols without an
 * order that are told by their neighbours, or bounded
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-train/ar/private.h"
#include "ar/spans.h"
#include "base/rng.h"
#include "likely.h"

enum { CODES = 251, TRIALS = 400 };

static const struct spans_rule all = {3, CODES};

static double
sum(const double *v, size_t n)
{
	double s = 0;
	size_t i;

	for (i = 0; i < n; i++)
		s += v[i];
	return s;
}

static void
without_noise_all_is_told(void **state)
{
	double v[CODES] = {0}, told[CODES];
	size_t i;

	(void)state;
	v[0] = 3;
	v[7] = 1e6;
	v[CODES - 1] = 1;
	assert_true(spans_told(v, CODES, 1e-9, all, told));
	for (i = 0; i < CODES; i++)
		assert_true(fabs(told[i] - v[i]) < 1e-9);
}

/* 4 each of codes 64 to 95, no one of them as much as 3 deviations: the first span that
 * tells is of 4, whose 16 are 8 deviations of sqrt(4) each. */
static void
neighbours_are_told_together(void **state)
{
	double v[CODES] = {0}, told[CODES];
	size_t i;

	(void)state;
	for (i = 64; i < 96; i++)
		v[i] = i % 2 ? 3 : 5;
	assert_true(spans_told(v, CODES, 2, all, told));
	for (i = 0; i < CODES; i++)
		assert_true(fabs(told[i] - (i >= 64 && i < 96 ? 4 : 0)) < 1e-12);
}

/* 1 each of 64: 4 deviations together, 2.8 by halves. */
static void
widest_is_kept(void **state)
{
	static const struct spans_rule narrow = {3, 32};
	double v[128] = {0}, told[128];
	size_t i;

	(void)state;
	for (i = 64; i < 128; i++)
		v[i] = 1;
	assert_true(spans_told(v, 128, 2, all, told));
	assert_true(fabs(sum(told, 128) - 64) < 1e-9);
	assert_false(spans_told(v, 128, 2, narrow, told));
	assert_true(fabs(sum(told, 128) - 32) < 1e-9);
}

static void
what_stands_out_stays(void **state)
{
	double v[CODES], told[CODES];
	size_t i;

	(void)state;
	for (i = 0; i < CODES; i++)
		v[i] = i < 32 ? 2 : 0;
	v[9] = 100;
	assert_true(spans_told(v, CODES, 2, all, told));
	assert_true(fabs(told[9] - 100) < 1e-12);
	/* the span of 4 around it tells by what is left of it, not by the 100 */
	assert_true(fabs(sum(told, 32) - sum(v, 32)) < 1e-9);
	assert_true(told[8] < 3 && told[8] > 1);
}

/* Of noise alone some 500 codes and spans may tell, each with a probability of .00135.
 */
static void
noise_is_not_told(void **state)
{
	double v[CODES], told[CODES];
	struct rng r;
	int t, any = 0;
	size_t i;

	(void)state;
	rng_init(&r, 11, 0);
	for (t = 0; t < TRIALS; t++) {
		for (i = 0; i < CODES; i++)
			v[i] = 40 * rng_normal(&r);
		any += spans_told(v, CODES, 40, all, told);
	}
	assert_in_range(any, TRIALS / 4, TRIALS * 6 / 10);
}

static void
what_stands_out_most_where_nothing_tells(void **state)
{
	double v[8] = {1, -1, 0, 0, 2, 2, -1, -9}, told[8];
	double none[8] = {-1, -2, -1, -1, -5, -1, -1, -1};
	size_t i;

	(void)state;
	assert_false(spans_told(v, 8, 10, all, told));
	for (i = 0; i < 8; i++)
		assert_true(fabs(told[i] - (i == 4 || i == 5 ? 2 : 0)) < 1e-12);
	assert_false(spans_told(none, 8, 10, all, told));
	assert_true(sum(told, 8) == 0);
}

static double
logit(const struct linear *l, int code)
{
	return (double)l->b[code];
}

/* Two attributes, a kind and a number, and two numbers a step. */
static void
far_numbers_are_not_drawn(void **state)
{
	enum { N = 40, NUMBER = N, LONG = 2 * N, WAIT = 3 * N };
	struct tensor_schema s;
	struct ar_config cfg;
	struct ns_err e;
	struct ar *m;
	double count[4 * N] = {0};
	int i;

	(void)state;
	tensor_schema_init(&s);
	tensor_schema_add(&s, NSR_ATTRIBUTE, "kind", NSR_CATEGORY, N, "");
	tensor_schema_add(&s, NSR_ATTRIBUTE, "number", NSR_CATEGORY, N, "");
	tensor_schema_add(&s, NSR_ATTRIBUTE, "number.pos", NSR_REAL, 1, "");
	tensor_schema_add(&s, NSR_FEATURE, "size", NSR_CATEGORY, N, "");
	tensor_schema_add(&s, NSR_FEATURE, "size.pos", NSR_REAL, 1, "");
	tensor_schema_add(&s, NSR_FEATURE, "gap", NSR_CATEGORY, N, "");
	tensor_schema_add(&s, NSR_FEATURE, "gap.pos", NSR_REAL, 1, "");
	likely_config(&cfg, &ar_hypers);
	m = ar_new(&s, &cfg, 1, &e);
	assert_non_null(m);
	count[9] = count[NUMBER + 9] = 1000;
	count[NUMBER + 12] = 900;
	for (i = 16; i < 20; i++)
		count[i] = count[LONG + i] = 20;
	count[WAIT + 30] = 20;
	ar_private_marginals(m, 10, count);

	/* a kind: what is told by itself, all others alike */
	assert_true(fabs(logit(&m->net.pick[0].out, 9) - log(1000.5 / 1020)) < 1e-6);
	for (i = 0; i < N; i++)
		assert_true(i == 9 ||
		    fabs(logit(&m->net.pick[0].out, i) - log(.5 / 1020)) < 1e-6);
	/* numbers: from the first that is told to the last, together where it must be
	 */
	for (i = 0; i < N; i++) {
		assert_true(
		    (logit(&m->net.pick[1].out, i) > -9) == (i >= 9 && i <= 12));
		assert_true((logit(&m->net.head[0], i) > -9) == (i >= 16 && i < 20));
	}
	assert_true(logit(&m->net.pick[1].out, 0) <= -30);
	assert_true(fabs(logit(&m->net.head[0], 17) - log(20.5 / 100)) < 1e-6);
	/* nothing is told, so nothing is out of the question */
	for (i = 0; i < N; i++)
		assert_true(logit(&m->net.head[1], i) > -9);
	assert_true(logit(&m->net.head[1], 30) > logit(&m->net.head[1], 29));
	ar_free(m);
	tensor_schema_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_noise_all_is_told),
	    cmocka_unit_test(neighbours_are_told_together),
	    cmocka_unit_test(widest_is_kept),
	    cmocka_unit_test(what_stands_out_stays),
	    cmocka_unit_test(noise_is_not_told),
	    cmocka_unit_test(what_stands_out_most_where_nothing_tells),
	    cmocka_unit_test(far_numbers_are_not_drawn),
	};

	return cmocka_run_group_tests_name("spans", tests, NULL, NULL);
}
