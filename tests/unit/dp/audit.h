/*
 * audit.h: what an attacker's guesses prove of a privacy budget: lower bounds of
 * epsilon that hold with confidence 1 - level.
 *
 * One run: m canaries are each in with probability 1/2, an attacker guesses r of them
 * and is right of v.  Under epsilon and delta that happens with probability at most
 *
 *   P[B >= v] + 2 m delta max over i in 1 .. v of P[v > B >= v - i] / i,
 *
 * B binomial of r guesses that are right with probability 1 / (1 + exp(-epsilon)).
 * Source: Steinke, Nasr and Jagielski, "Privacy auditing with one (1) training run",
 * NeurIPS 2023, theorem 5.2.
 *
 * Many runs: of each canary's presence and absence alike; Jagielski, Ullman and Oprea,
 * NeurIPS 2020, by the bounds of Clopper and Pearson, Biometrika 26 (1934).
 */
#ifndef TEST_DP_AUDIT_H
#define TEST_DP_AUDIT_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

#define AUDIT_LEVEL .05
#define AUDIT_EPSILON_MOST 30

/* P[B = k], n draws of probability p, 0 < p < 1. */
static inline double
audit_mass(int n, int k, double p)
{
	return exp(lgamma(n + 1.) - lgamma(k + 1.) - lgamma(n - k + 1.) + k * log(p) +
	    (n - k) * log1p(-p));
}

/* P[B >= k] */
static inline double
audit_tail(int n, int k, double p)
{
	double sum = 0;

	for (; k <= n; k++)
		sum += audit_mass(n, k, p);
	return fmin(sum, 1);
}

static inline double
audit_p(double epsilon, int m, int r, int v, double delta)
{
	double p = 1 / (1 + exp(-epsilon)), sum = 0, most = 0, mass;
	int i;

	for (i = 1; i <= v && delta > 0; i++) {
		mass = audit_mass(r, v - i, p);
		sum += mass;
		most = fmax(most, sum / i);
		if (v - i < r * p && mass < most)
			break; /* there is only less mass to come */
	}
	return audit_tail(r, v, p) + 2. * m * delta * most;
}

/* The greatest epsilon that the guesses refute at a level. */
static inline double
audit_bound_at(double level, int m, int r, int v, double delta)
{
	double least = 0, most = AUDIT_EPSILON_MOST, e;
	int i;

	if (audit_p(0, m, r, v, delta) > level)
		return 0;
	for (i = 0; i < 50; i++) {
		e = (least + most) / 2;
		if (audit_p(e, m, r, v, delta) <= level)
			least = e;
		else
			most = e;
	}
	return least;
}

static inline double
audit_bound(int m, int r, int v, double delta)
{
	return audit_bound_at(AUDIT_LEVEL, m, r, v, delta);
}

/* The probability of which k or more of n are still as rare as half the level. */
static inline double
audit_rate_least(int n, int k)
{
	double least = 0, most = 1, p;
	int i;

	if (k == 0)
		return 0;
	for (i = 0; i < 60; i++) {
		p = (least + most) / 2;
		if (audit_tail(n, k, p) <= AUDIT_LEVEL / 2)
			least = p;
		else
			most = p;
	}
	return least;
}

/* n runs with a canary, of which hits were told, and n without, of which false ones. */
static inline double
audit_two_sided(int n, int hits, int false_ones, double delta)
{
	double hit = audit_rate_least(n, hits);
	double alarm = 1 - audit_rate_least(n, n - false_ones);

	return hit <= delta ? 0 : fmax(0, log((hit - delta) / alarm));
}

/* ---- Guesses ---- */

struct audit_score {
	double score;
	bool in;
};

static int
audit_by_score(const void *a, const void *b)
{
	double x = ((const struct audit_score *)a)->score;
	double y = ((const struct audit_score *)b)->score;

	return x < y ? -1 : x > y;
}

/*
 * The k canaries of the highest scores are guessed to be in, the k of the lowest not:
 * how many of these guesses are right.  k is chosen before there are scores: of many k
 * the best one would prove too much.  Sorts s.
 */
static inline int
audit_right(struct audit_score *s, int m, int k)
{
	int right = 0, i;

	qsort(s, (size_t)m, sizeof *s, audit_by_score);
	for (i = 0; i < k; i++)
		right += s[m - 1 - i].in + !s[i].in;
	return right;
}

#endif
