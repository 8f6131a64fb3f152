/* One step of the sampled Gaussian as a privacy loss distribution. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dp/account/pld.h"
#include "dp/account/tail.h"

/* Above this loss Q's mass cannot be told from 0: P's goes to the upper point whole. */
#define LOSS_ONE_SIDED 600

/* ln((1-q) + q e^u), u = (2x - 1) / (2 sigma^2): the log ratio of mixture and normal at
 * x. */
static double
ratio_at(double q, double sigma, double x)
{
	double u = (2 * x - 1) / (2 * sigma * sigma);

	if (q >= 1)
		return u;
	return u > 600 ? u + log(q) : log1p(q * expm1(u)); /* e^-600 is nothing to q */
}

/* Its inverse; -infinity where no x has a ratio so small. */
static double
place_of(double q, double sigma, double ratio)
{
	double u;

	if (q >= 1)
		u = ratio;
	else if (ratio <= log1p(-q))
		return -INFINITY;
	else if (ratio > 1)
		u = ratio + log1p(-(1 - q) * exp(-ratio)) - log(q);
	else
		u = log1p(expm1(ratio) / q);
	return sigma * sigma * u + 0.5;
}

/* A place and the lesser tails of both normals there. */
struct edge {
	double x, at0, at1;
};

static struct edge
edge_at(double q, double sigma, double ratio)
{
	struct edge e;

	e.x = place_of(q, sigma, ratio);
	e.at0 = dp_tail(fabs(e.x) / sigma);
	e.at1 = dp_tail(fabs(e.x - 1) / sigma);
	return e;
}

/* Mass of a normal with this mean between two places, from tails that are small. */
static double
between(double x, double tail_x, double y, double tail_y, double mean)
{
	double mass;

	if (x >= mean)
		mass = tail_x - tail_y;
	else if (y < mean)
		mass = tail_y - tail_x;
	else
		mass = 1 - tail_x - tail_y;
	return mass > 0 ? mass : 0;
}

/* Masses of the normal and of the mixture between a and b, a.x <= b.x. */
struct masses {
	double normal, mixture;
};

static struct masses
masses_of(double q, const struct edge *a, const struct edge *b)
{
	struct masses m;
	double shifted;

	m.normal = between(a->x, a->at0, b->x, b->at0, 0);
	shifted = between(a->x, a->at1, b->x, b->at1, 1);
	m.mixture = (1 - q) * m.normal + q * shifted;
	return m;
}

void
pld_range(double q, double sigma, bool add, double tail, double *low, double *high)
{
	double z = sqrt(-2 * log(tail)) * sigma; /* more than z: less than tail */

	*low = add ? -ratio_at(q, sigma, z) : ratio_at(q, sigma, -z);
	*high = add ? -ratio_at(q, sigma, -z) : ratio_at(q, sigma, 1 + z);
	*low = fmax(*low, -PLD_LOSS_MAX);
	*high = fmax(fmin(*high, PLD_LOSS_MAX), *low);
}

/* What of P's mass between losses e and e + h goes to the upper one, so that Q's mass,
 * which is P's by e^-loss, is kept as well. */
static double
upper_share(double p, double q, double e, double h)
{
	if (e > LOSS_ONE_SIDED)
		return p;
	return fmin(fmax((p - q * exp(e)) / -expm1(-h), 0), p);
}

/* Removing, losses ascend with the place, adding they descend. */
void
pld_step(struct pld *s, double q, double sigma, bool add, double h, int64_t first,
    int64_t last)
{
	const struct edge lowest = {-INFINITY, 0, 0}, highest = {INFINITY, 0, 0};
	struct edge a, b;
	struct masses m;
	double sign = add ? -1 : 1, p, up;
	size_t i;

	assert(last > first && q > 0 && sigma > 0);
	s->first = first;
	s->n = (size_t)(last - first) + 1;
	s->p = xcalloc(s->n, sizeof *s->p);
	a = edge_at(q, sigma, sign * (double)first * h);
	m = add ? masses_of(q, &a, &highest) : masses_of(q, &lowest, &a);
	s->p[0] = add ? m.normal : m.mixture;
	for (i = 0; i + 1 < s->n; i++) {
		b = edge_at(q, sigma, sign * (double)(first + (int64_t)i + 1) * h);
		m = add ? masses_of(q, &b, &a) : masses_of(q, &a, &b);
		p = add ? m.normal : m.mixture;
		up = upper_share(p, add ? m.mixture : m.normal,
		    (double)(first + (int64_t)i) * h, h);
		s->p[i] += p - up;
		s->p[i + 1] += up;
		a = b;
	}
	m = add ? masses_of(q, &lowest, &a) : masses_of(q, &a, &highest);
	s->beyond = add ? m.normal : m.mixture;
}

void
pld_free(struct pld *s)
{
	free(s->p);
	s->p = NULL;
}

/* Begun at the end whose terms are the smaller, so that nothing overflows. */
double
pld_log_moment(const struct pld *s, double h, double lambda)
{
	double r = exp(-fabs(lambda) * h), sum = 0, end;
	size_t i;

	if (lambda > 0)
		for (i = 0; i < s->n; i++)
			sum = sum * r + s->p[i];
	else
		for (i = s->n; i-- > 0;)
			sum = sum * r + s->p[i];
	end = (double)(s->first + (lambda > 0 ? (int64_t)s->n - 1 : 0)) * h;
	/* where nothing is left of the sum, the bound that mass 1 at the end gives */
	return lambda * end + (sum > 0 ? log(sum) : 0);
}
