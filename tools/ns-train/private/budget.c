#include "private/budget.h"

#include <math.h>

/* Of the budget, for how many series and records there are. */
#define SERIES_SHARE 0.01
#define OTHERS_MAX 2

/*
 * Shares are of the square of 1 / sigma, in which Gaussian releases add up: one that
 * gets all of the budget has a sigma of whole, one that gets a share of it has
 * whole / sqrt(share).
 */
static double
shared(double whole, double share, int nets)
{
	return whole / sqrt(share / nets);
}

/* Each net counts by itself; what a unit can be in of them adds up as steps do. */
static size_t
list_counts(const struct budget *b, int nets, struct dp_mechanism *m)
{
	size_t n = 0;

	m[n++] = (struct dp_mechanism){1, b->series, (uint64_t)nets};
	if (b->counts > 0)
		m[n++] = (struct dp_mechanism){1, b->counts, (uint64_t)nets};
	return n;
}

/* The one Gaussian release that costs as much as the gradients do. */
static int
whole_of(double *whole, const struct privacy_options *o, const struct budget_plan *p,
    struct ns_err *e)
{
	const struct dp_mechanism sgd = {p->rate, o->sigma, p->sums};
	double epsilon = o->epsilon;

	if (o->has_sigma)
		epsilon = dp_pld_epsilon(&sgd, 1, o->delta);
	if (!isfinite(epsilon)) { /* there is no guarantee to keep */
		*whole = 1;
		return NS_OK;
	}
	return dp_solve_sigma(1, 1, NULL, 0, epsilon, o->delta, whole, e);
}

int
budget_make(struct budget *b, const struct privacy_options *o,
    const struct budget_plan *p, struct ns_err *e)
{
	struct dp_mechanism others[OTHERS_MAX];
	double whole;
	int rc = whole_of(&whole, o, p, e);

	if (rc < 0)
		return rc;
	b->series = shared(whole, SERIES_SHARE, p->nets);
	b->counts = p->count_share > 0 ? shared(whole, p->count_share, p->nets) : 0;
	b->sigma = o->sigma;
	if (o->has_sigma)
		return NS_OK;
	return dp_solve_sigma(p->rate, p->sums, others, list_counts(b, p->nets, others),
	    o->epsilon, o->delta, &b->sigma, e);
}
