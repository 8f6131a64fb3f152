/*
 * One grid: steps, the window that holds their sum, and its answer.
 *
 * What is transformed is tilted: each probability times e^(lambda loss), divided by
 * their sum, so that the bulk of the sum's distribution lies where the answer does.
 * Rounding is then relative to delta, not to 1, of which delta may be a part as small
 * as a rounding error of many steps.
 */
#include "dp/account/grid.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#define SPAN_MIN 1e-12
/* A step of no more points than this is cheap enough to look for the window of each
 * grid anew. */
#define POINTS_CHEAP ((size_t)1 << 16)
/* Exponents of moments, powers of 2. */
#define LAMBDA_MIN (1.0 / 64)
#define LAMBDA_MAX 2e5
/* The answer stands still where half the distance changes epsilon, or delta relative to
 * itself, by no more. */
#define STILL_EPSILON 3e-5
#define STILL_PART 1e-3

/* ---- Steps ---- */

void
grid_ranges(struct sum *t, const struct query *q)
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

void
grid_free(struct sum *t)
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

	grid_free(t);
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

bool
grid_open(struct sum *t, const struct query *q, double h, bool finer)
{
	set_grid(t, h, finer);
	if (longest(t) > POINTS_MAX)
		return false;
	make_steps(t, q);
	if (!finer || longest(t) <= POINTS_CHEAP)
		find_window(t, q);
	return true;
}

/* From the window's first to its last. */
double
grid_points(const struct sum *t)
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

double
grid_answer(struct sum *t, const struct query *q)
{
	size_t n = 4, want = (size_t)grid_points(t);
	double *p, value;

	while (n < want)
		n *= 2;
	p = sum_compose(t, n);
	value = answer(t, q, p, n);
	free(p);
	return !q->of_delta && value > EPSILON_MAX ? INFINITY : value;
}

double
grid_still(const struct query *q, double value)
{
	double part = STILL_PART * value;

	return q->of_delta ? part : fmin(part, STILL_EPSILON);
}

bool
grid_stands_still(const struct query *q, double value, double before)
{
	if (value == before)
		return isfinite(value);
	return before - value <= grid_still(q, value);
}
