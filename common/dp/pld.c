/*
 * Composition of privacy loss distributions by Fourier transform, on grids that are
 * refined until the answer stands still.  Each grid gives a bound that holds; a finer
 * one only a closer bound.
 *
 * What is transformed is tilted: each probability times e^(lambda loss), divided by
 * their sum, so that the bulk of the sum's distribution lies where the answer does.
 * Rounding is then relative to delta, not to 1, of which delta may be a part as small
 * as a rounding error of many steps.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dp/account.h"
#include "dp/sum.h"

#define EPSILON_MAX 1000.0
/* Probability left out at each end of what is composed, as a part of delta; where delta
 * is asked for, by itself. */
#define TAIL_PART 1e-8
#define TAIL 1e-20
#define TAIL_MIN 1e-200
/* Grids: points of one step on the first, points of the sum on the last; a step of no
 * more than this many is cheap enough to look for the window of each grid anew. */
#define POINTS_FIRST 4096
#define POINTS_MAX ((size_t)1 << 21)
#define POINTS_CHEAP ((size_t)1 << 16)
#define SPAN_MIN 1e-12
#define WIDTH_MAX 1e9
/* Exponents of moments, powers of 2. */
#define LAMBDA_MIN (1.0 / 64)
#define LAMBDA_MAX 2e5
/* The answer stands still where half the distance changes epsilon, or delta relative to
 * itself, by no more; the error goes with the square of the distance. */
#define STILL_EPSILON 3e-5
#define STILL_PART 1e-3

struct query {
	bool add;
	bool of_delta; /* what delta has epsilon; else which epsilon has delta */
	double epsilon, delta, tail;
	double h; /* the distance of the one grid to use; 0: what it takes */
};

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

static void
find_ranges(struct sum *t, const struct query *q)
{
	double steps = 0;
	struct part *p;
	size_t i;

	t->span = SPAN_MIN;
	for (i = 0; i < t->n; i++)
		steps += (double)t->v[i].steps;
	for (i = 0; i < t->n; i++) {
		p = &t->v[i];
		pld_range(p->q, p->sigma, q->add, q->tail / steps, &p->low, &p->high);
		t->span = fmax(t->span, fmax(p->high, 0) - fmin(p->low, 0));
	}
}

static void
free_steps(struct sum *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		pld_free(&t->v[i].step);
}

/* A grid from the ranges, or twice as fine as the one before: each point of that is one
 * of this, so that what bounded the sum's ends still does. */
static void
set_grid(struct sum *t, double h, bool finer)
{
	struct part *p;
	size_t i;

	t->h = h;
	for (i = 0; i < t->n; i++) {
		p = &t->v[i];
		p->first = finer ? 2 * p->first : (int64_t)floor(p->low / h);
		p->last = finer ? 2 * p->last : (int64_t)ceil(p->high / h);
		if (p->last <= p->first)
			p->last = p->first + 1;
	}
}

/* Points of the longest step. */
static size_t
longest(const struct sum *t)
{
	size_t i, most = 0, n;

	for (i = 0; i < t->n; i++) {
		n = (size_t)(t->v[i].last - t->v[i].first) + 1;
		if (n > most)
			most = n;
	}
	return most;
}

static void
make_steps(struct sum *t, const struct query *q)
{
	struct part *p;
	size_t i;

	free_steps(t);
	for (i = 0; i < t->n; i++) {
		p = &t->v[i];
		pld_step(&p->step, p->q, p->sigma, q->add, t->h, p->first, p->last);
	}
}

/* ---- The window that holds the sum but for a tail at each end (Chernoff) ---- */

static double
moment_of_sum(const struct sum *t, double lambda)
{
	double all = 0;
	size_t i;

	for (i = 0; i < t->n; i++)
		all +=
		    (double)t->v[i].steps * pld_log_moment(&t->v[i].step, t->h, lambda);
	return all;
}

/* How much of the sum a tilt leaves beside the answer: the less, the better. */
static double
tilt_cost(const struct query *q, double lambda, double log_moment)
{
	return q->of_delta ? log_moment - lambda * q->epsilon
			   : (log_moment - log(q->delta)) / lambda;
}

/* A lambda beyond the best would lift losses above the window, so half of the best
 * power of 2 is taken, which is less.
 *
 * Below, only lambda of -1 and less: for these and for positive ones the moment of a
 * finer grid is not greater. */
static void
find_window(struct sum *t, const struct query *q)
{
	double lambda, moment, cost, least = INFINITY, log_tail = log(q->tail);
	size_t i;

	t->low = t->high = 0;
	for (i = 0; i < t->n; i++) {
		t->low += (double)t->v[i].steps * (double)t->v[i].first * t->h;
		t->high += (double)t->v[i].steps * (double)t->v[i].last * t->h;
	}
	for (lambda = LAMBDA_MIN; lambda < LAMBDA_MAX; lambda *= 2) {
		moment = moment_of_sum(t, lambda);
		t->high = fmin(t->high, (moment - log_tail) / lambda);
		cost = tilt_cost(q, lambda, moment);
		if (cost < least) {
			least = cost;
			t->lambda = lambda / 2;
		}
	}
	for (lambda = 1; lambda < LAMBDA_MAX; lambda *= 2) {
		moment = moment_of_sum(t, -lambda);
		t->low = fmax(t->low, (log_tail - moment) / lambda);
	}
	t->high = fmax(t->high, t->low);
}

/* Points from the window's first to its last. */
static double
window_points(const struct sum *t)
{
	return ceil(t->high / t->h) - floor(t->low / t->h) + 1;
}

/* ---- What is asked of the sum ---- */

/* Probability that some step's loss counts as infinite, and of what the window leaves
 * out. */
static double
lost(const struct sum *t, double tail)
{
	double none = 0;
	size_t i;

	for (i = 0; i < t->n; i++)
		none += (double)t->v[i].steps * log1p(-t->v[i].step.beyond);
	return -expm1(none) + 2 * tail;
}

/* The probability of loss k h from its tilted one.  No more than 1 of mass is looked
 * for, so what is larger need not be told from 1. */
static double
upright(const struct sum *t, int64_t k, double p)
{
	double exponent = t->log_moment - t->lambda * (double)k * t->h;

	return p * exp(fmin(exponent, EXP_MAX));
}

/*
 * delta(epsilon) = lost + sum over losses l above epsilon of (1 - e^(epsilon - l)) p_l,
 * from the top down: mass is that of the losses so far, toll the part with e^(e - l),
 * where e is the loss at hand.
 */
static double
answer(const struct sum *t, const struct query *q, const double *p, size_t n)
{
	double mass = 0, toll = 0, m, l, here, base = lost(t, q->tail);
	double fade = exp(-t->h);
	int64_t k = (int64_t)ceil(t->high / t->h), low = (int64_t)floor(t->low / t->h);
	int64_t end = q->of_delta ? (int64_t)floor(q->epsilon / t->h) + 1 : 0;

	if (!q->of_delta && base >= q->delta)
		return INFINITY;
	if (k < end)
		return q->of_delta ? fmin(base, 1) : 0;
	for (; k >= end; k--) {
		m = mass;
		l = toll;
		here = k >= low ? upright(t, k, p[sum_place(k, n)]) : 0;
		mass += here;
		toll = toll * fade + here;
		if (!q->of_delta && base + mass - toll > q->delta) {
			l = l > 0 ? log((base + m - q->delta) / l) : 0;
			/* in the cell above k, whose upper end is where l counts from
			 */
			return fmax(0, ((double)k + 1) * t->h + (l <= 0 ? l : 0));
		}
	}
	if (!q->of_delta)
		return 0;
	toll *= exp(q->epsilon - (double)end * t->h);
	return fmin(fmax(base + mass - toll, 0), 1);
}

/* ---- Grids ---- */

static double
at_grid(struct sum *t, const struct query *q)
{
	size_t n = 4, want = (size_t)window_points(t);
	double *p, value;

	while (n < want)
		n *= 2;
	p = sum_compose(t, n);
	value = answer(t, q, p, n);
	free(p);
	return !q->of_delta && value > EPSILON_MAX ? INFINITY : value;
}

static bool
stands_still(const struct query *q, double value, double before)
{
	double part = STILL_PART * value;

	if (value == before)
		return isfinite(value);
	return before - value <= (q->of_delta ? part : fmin(part, STILL_EPSILON));
}

/* One grid from the ranges, its distance given. */
static double
at_distance(struct sum *t, const struct query *q, double h)
{
	set_grid(t, h, false);
	make_steps(t, q);
	find_window(t, q);
	if (window_points(t) > (double)POINTS_MAX)
		return q->of_delta ? 1 : INFINITY;
	return at_grid(t, q);
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
bound(struct sum *t, const struct query *q, double enough)
{
	double value = INFINITY, before, width, h;
	bool finer = false;

	find_ranges(t, q);
	if (q->h > 0)
		return at_distance(t, q, q->h);
	for (h = t->span / POINTS_FIRST;; h /= 2) {
		set_grid(t, h, finer);
		if (longest(t) > POINTS_MAX)
			break;
		make_steps(t, q);
		before = t->high - t->low;
		if (!finer || longest(t) <= POINTS_CHEAP)
			find_window(t, q);
		width = t->high - t->low;
		if (window_points(t) > (double)POINTS_MAX) {
			if (finer && !(width < 0.8 * before))
				break;
			finer = true;
			continue;
		}
		finer = true;
		before = value;
		value = fmin(value, at_grid(t, q));
		if (value <= enough || stands_still(q, value, before))
			return value;
		if (isinf(value) && t->low > EPSILON_MAX)
			return value;
	}
	return isinf(value) ? at_widest(t, q) : value;
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
		if (isfinite(value))
			value = fmax(value, bound(&t, q, value));
	}
	free_steps(&t);
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
