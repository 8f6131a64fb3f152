/*
 * Composition of privacy loss distributions by Fourier transform, on grids that are
 * refined until the answer stands still.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dp/account/account.h"
#include "dp/account/foresee.h"
#include "dp/account/grid.h"

/* Probability left out at each end of what is composed, as a part of delta; where delta
 * is asked for, by itself. */
#define TAIL_PART 1e-8
#define TAIL 1e-20
#define TAIL_MIN 1e-200
#define WIDTH_MAX 1e9

/* ---- What is composed ---- */

static void
add_part(struct sum *t, double q, double sigma, uint64_t steps)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->v[i].q == q && t->v[i].sigma == sigma) {
			t->v[i].steps += steps;
			return;
		}
	t->v[t->n++] = (struct part){.q = q, .sigma = sigma, .steps = steps};
}

/* Equal steps together, and all that are not sampled as one: their mu^2 add up.
 * Returns false where there is no privacy. */
static bool
gather(struct sum *t, const struct dp_mechanism *m, size_t n)
{
	double mu2 = 0;
	size_t i;

	memset(t, 0, sizeof *t);
	t->v = xcalloc(n + 1, sizeof *t->v);
	for (i = 0; i < n; i++) {
		if (m[i].q <= 0 || m[i].steps == 0)
			continue;
		if (m[i].sigma <= 0)
			return false;
		if (m[i].q >= 1)
			mu2 += (double)m[i].steps / m[i].sigma / m[i].sigma;
		else
			add_part(t, m[i].q, m[i].sigma, m[i].steps);
	}
	if (mu2 > 0)
		add_part(t, 1, 1 / sqrt(mu2), 1);
	return mu2 < INFINITY;
}

/* ---- Grids ---- */

/* One grid from the ranges, its distance given. */
static double
at_distance(struct sum *t, const struct query *q, double h)
{
	if (!grid_open(t, q, h, false) || grid_points(t) > (double)POINTS_MAX)
		return q->of_delta ? 1 : INFINITY;
	return grid_answer(t, q);
}

/* The widest grid that the window allows, where no finer one fits. */
static double
at_widest(struct sum *t, const struct query *q)
{
	double width = fmax(t->high - t->low, t->span);

	if (!(width < WIDTH_MAX))
		return q->of_delta ? 1 : INFINITY;
	return at_distance(t, q, width / (double)(POINTS_MAX / 4));
}

/* A bound for one direction; no closer than enough, if that is reached. */
static double
close_bound(struct sum *t, const struct query *q, double enough)
{
	double value = INFINITY, before, width, h;
	bool finer = false;

	for (h = t->span / POINTS_FIRST;; h /= 2) {
		before = t->high - t->low;
		if (!grid_open(t, q, h, finer))
			break;
		width = t->high - t->low;
		if (grid_points(t) > (double)POINTS_MAX) {
			if (finer && !(width < 0.8 * before))
				break;
			finer = true;
			continue;
		}
		finer = true;
		before = value;
		value = fmin(value, grid_answer(t, q));
		if (value <= enough || grid_stands_still(q, value, before))
			return value;
		if (isinf(value) && t->low > EPSILON_MAX)
			return value;
	}
	return isinf(value) ? at_widest(t, q) : value;
}

static double
bound(struct sum *t, const struct query *q, double enough)
{
	double value;

	grid_ranges(t, q);
	if (q->h > 0)
		return at_distance(t, q, q->h);
	if (q->close == NULL) /* any bound within the limit will do */
		return close_bound(t, q, fmax(enough, q->limit));
	return foresee_bound(t, q, enough, &value) ? value : close_bound(t, q, enough);
}

static double
greater_of_both(const struct dp_mechanism *m, size_t n, struct query *q)
{
	struct sum t;
	double value;

	if (!gather(&t, m, n))
		value = q->of_delta ? 1 : INFINITY;
	else if (t.n == 0)
		value = 0;
	else {
		value = bound(&t, q, 0);
		q->add = true;
		if (isfinite(value) && !(q->limit > 0 && value > q->limit))
			value = fmax(value, bound(&t, q, value));
	}
	grid_free(&t);
	free(t.v);
	return value;
}

double
pld_epsilon_spaced(const struct dp_mechanism *m, size_t n, double delta, double h)
{
	struct query q = {.delta = delta, .tail = TAIL_PART * delta, .h = h};

	if (delta >= 1)
		return 0;
	q.tail = fmax(q.tail, TAIL_MIN);
	return greater_of_both(m, n, &q);
}

static double
beside(const struct dp_mechanism *m, size_t n, double delta, double limit, bool *close)
{
	struct query q = {.delta = delta,
	    .tail = fmax(TAIL_PART * delta, TAIL_MIN),
	    .limit = limit,
	    .close = close};

	return delta >= 1 ? 0 : greater_of_both(m, n, &q);
}

double
pld_epsilon_foreseen(const struct dp_mechanism *m, size_t n, double delta, double limit,
    bool *close)
{
	*close = true;
	return beside(m, n, delta, limit, close);
}

bool
pld_epsilon_within(const struct dp_mechanism *m, size_t n, double delta, double limit)
{
	return beside(m, n, delta, limit, NULL) <= limit;
}

double
dp_pld_epsilon(const struct dp_mechanism *m, size_t n, double delta)
{
	return pld_epsilon_spaced(m, n, delta, 0);
}

double
dp_pld_delta(const struct dp_mechanism *m, size_t n, double epsilon)
{
	struct query q = {.of_delta = true, .epsilon = epsilon, .tail = TAIL};

	return greater_of_both(m, n, &q);
}
