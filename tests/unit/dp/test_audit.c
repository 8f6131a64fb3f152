/*
 * What audits make of guesses: values of others, and bounds that are seldom above what
 * is true.
 *
 * What each test catches:
 *   one_run_of_others: a bound without the term of delta, or with less of it
 *   thresholds_of_others: the same at some thousand guesses, a level that is not kept
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
#include "stats.h"

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

/* ---- jax_privacy: the best of many thresholds ---- */

enum { SIDE = 10000 }; /* canaries that are in, and as many that are not */

/* Canaries below a threshold: in and not. */
struct corner {
	int in, out;
};

/* The quantiles of a normal distribution in the middle of SIDE equal parts. */
static void
quantiles(double *x, double mean)
{
	double low, high, middle;
	int i, j;

	for (i = 0; i < SIDE; i++) {
		low = -10;
		high = 10;
		for (j = 0; j < 60; j++) {
			middle = (low + high) / 2;
			if (normal_cdf(middle) < (i + .5) / SIDE)
				low = middle;
			else
				high = middle;
		}
		x[i] = mean + low;
	}
}

/* Whether c lies above the line from a to what comes behind it. */
static bool
is_above(struct corner a, struct corner c, struct corner behind)
{
	return (int64_t)(c.out - a.out) * (behind.in - c.in) >
	    (int64_t)(behind.out - c.out) * (c.in - a.in);
}

static int
add_corner(struct corner *hull, int n, struct corner c)
{
	while (n >= 2 && !is_above(hull[n - 2], hull[n - 1], c))
		n--;
	hull[n] = c;
	return n + 1;
}

/* Thresholds are all scores and one above them; those whose corners are on the upper
 * hull remain. */
static int
thresholds(struct corner *hull, const double *in, const double *out)
{
	struct corner c = {0, 0};
	int n = 0;

	while (c.in < SIDE || c.out < SIDE) {
		n = add_corner(hull, n, c);
		if (c.out == SIDE || (c.in < SIDE && in[c.in] < out[c.out]))
			c.in++;
		else
			c.out++;
	}
	return add_corner(hull, n, c);
}

/* Canaries above a threshold are guessed to be in, nothing is of the others: what that
 * proves at a level, if it is more than the best so far. */
static double
better_bound(double best, struct corner c, double level, double delta)
{
	int right = SIDE - c.in, guesses = right + SIDE - c.out;
	double p = 1 / (1 + exp(-best));

	if (right == 0 || right <= guesses * p ||
	    audit_tail(guesses, right, p) > level ||
	    audit_p(best, 2 * SIDE, guesses, right, delta) > level)
		return best;
	return audit_bound_at(level, 2 * SIDE, guesses, right, delta);
}

/* The share of right guesses, less four deviations of it. */
static double
promise(struct corner c)
{
	double right = SIDE - c.in, wrong = SIDE - c.out, n = fmax(right + wrong, 1);

	return right / n - 4 * sqrt(right * (wrong + 1) / n) / n;
}

static int
by_promise(const void *a, const void *b)
{
	double x = promise(*(const struct corner *)a);
	double y = promise(*(const struct corner *)b);

	return (x < y) - (x > y);
}

/* Of n thresholds the best, each at an n-th of the level; those that promise much
 * first, so that the others are done with soon.  Sorts hull. */
static double
best_bound(struct corner *hull, int n, double delta)
{
	double best = 0;
	int i;

	qsort(hull, (size_t)n, sizeof *hull, by_promise);
	for (i = 0; i < n; i++)
		best = better_bound(best, hull[i], AUDIT_LEVEL / n, delta);
	return best;
}

/* Its tests' values, delta 1e-6. */
static void
thresholds_of_others(void **state)
{
	static const struct {
		double mu, epsilon;
	} row[] = {{0, 0}, {1, 1.13346}, {2, 2.311945}, {4, 4.395568}};
	struct corner *hull = xcalloc(2 * SIDE + 1, sizeof *hull);
	double *in = xcalloc(SIDE, sizeof *in), *out = xcalloc(SIDE, sizeof *out);
	size_t i;

	(void)state;
	quantiles(out, 0);
	for (i = 0; i < LEN(row); i++) {
		quantiles(in, row[i].mu);
		near(best_bound(hull, thresholds(hull, in, out), 1e-6), row[i].epsilon,
		    1e-5 * row[i].epsilon);
	}
	free(in);
	free(out);
	free(hull);
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
	    cmocka_unit_test(thresholds_of_others),
	    cmocka_unit_test(two_sides_of_others),
	    cmocka_unit_test(bounds_grow),
	    cmocka_unit_test(a_bound_is_seldom_above_the_truth),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
