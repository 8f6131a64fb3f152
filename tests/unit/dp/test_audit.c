/*
 * What audits make of guesses: values of others, and bounds that are seldom above what
 * is true.
 *
 * What each test catches:
 *   one_run_of_others: a bound without the term of delta, or with less of it
 *   two_sides_of_others: one-sided bounds, bounds of one rate only
 *   bounds_grow: bounds that do not follow what is guessed
 *   a_bound_is_seldom_above_the_truth: guesses chosen by what they prove, such as the
 *     number of them that is best on the same scores; a level that is not kept
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit.h"
#include "base/rng.h"

static void
near(double got, double want, double off)
{
	if (!(fabs(got - want) <= off))
		fail_msg("%.9g, not %.9g", got, want);
}

static void
one_run_of_others(void **state)
{
	(void)state;
	near(audit_bound(1000, 100, 100, 1e-5), 3.4654, 5e-5);
	near(audit_bound(1000, 100, 100, 0), 3.4930, 5e-5);
	near(audit_bound(1000, 100, 95, 1e-5), 2.1652, 5e-5);
	near(audit_bound(1000, 200, 150, 1e-5), .8200, 5e-5);
	near(audit_bound(1000, 1000, 600, 1e-5), .2972, 5e-5);
	near(audit_bound(1000, 1000, 530, 1e-5), .0138, 5e-5);
	assert_true(audit_bound(1000, 1000, 525, 1e-5) == 0);
}

static void
two_sides_of_others(void **state)
{
	(void)state;
	near(audit_two_sided(100, 100, 0, 0), 3.28, 5e-3);
	near(audit_two_sided(500, 500, 0, 0), 4.91, 5e-3);
	near(audit_two_sided(1000, 1000, 0, 0), 5.60, 5e-3);
	assert_true(
	    audit_two_sided(1000, 1000, 0, 1e-5) < audit_two_sided(1000, 1000, 0, 0));
	assert_true(audit_two_sided(100, 50, 50, 0) == 0);
	assert_true(audit_two_sided(100, 0, 0, 0) == 0);
}

static void
bounds_grow(void **state)
{
	double last = 0, now;
	int v;

	(void)state;
	for (v = 60; v <= 100; v++, last = now) {
		now = audit_bound(1000, 100, v, 1e-5);
		assert_true(v < 65 || now > last);
		assert_true(audit_bound(2000, 100, v, 1e-5) <= now);
		assert_true(audit_bound(1000, 100, v, 1e-4) <= now);
	}
}

/* Answers that are right with the probability that epsilon allows: nothing can tell
 * more of epsilon than they do. */
static int
bounds_above(double epsilon, uint64_t seed, int runs)
{
	enum { M = 400, K = 40 };
	struct audit_score s[M];
	double right = 1 / (1 + exp(-epsilon));
	int above = 0, i, run;
	struct rng r;

	rng_init(&r, seed, 0);
	for (run = 0; run < runs; run++) {
		for (i = 0; i < M; i++) {
			s[i].in = rng_uniform(&r) < .5;
			s[i].score = rng_uniform(&r) < right ? s[i].in : !s[i].in;
			s[i].score += .5 * rng_uniform(&r); /* who is guessed first */
		}
		above += audit_bound(M, 2 * K, audit_right(s, M, K), 0) > epsilon;
	}
	return above;
}

static void
a_bound_is_seldom_above_the_truth(void **state)
{
	enum { RUNS = 400 };
	const double epsilon[] = {0, .5, 2};
	int i, above;

	(void)state;
	for (i = 0; i < 3; i++) {
		above = bounds_above(epsilon[i], 31 + (uint64_t)i, RUNS);
		print_message("epsilon %g: %d of %d bounds above\n", epsilon[i], above,
		    RUNS);
		/* of 1 in 20: at most 3 deviations more, and not never */
		assert_true(above <= 33 && above >= 2);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_run_of_others),
	    cmocka_unit_test(two_sides_of_others),
	    cmocka_unit_test(bounds_grow),
	    cmocka_unit_test(a_bound_is_seldom_above_the_truth),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
