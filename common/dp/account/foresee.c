/* Which side of a limit epsilon lies, from grids that are rougher than those that tell
 * how much it is. */
#include "dp/account/foresee.h"

#include <math.h>
#include <string.h>

#define POINTS_ROUGH 16
/* Of fewer points the ends and single losses still decide. */
#define POINTS_SMOOTH 4096

/* Whether the first of the grids of a close bound fits; its window is no wider than
 * that of a rougher one. */
static bool
first_fits(const struct sum *t)
{
	return (t->high - t->low) / t->span * POINTS_FIRST + 4 <= (double)POINTS_MAX;
}

/* What the last grid of a close bound adds to value, where the present one adds error.
 */
static double
last_error(const struct sum *t, const struct query *q, double value, double error)
{
	double width = t->high - t->low, h = t->h, by;

	if (!first_fits(t)) {
		by = width / (double)(POINTS_MAX / 4) / h;
		return error * by * by;
	}
	while (
	    (h > 0.75 * t->span / POINTS_FIRST || 3 * error > grid_still(q, value)) &&
	    2 * width / h <= (double)POINTS_MAX) {
		h /= 2;
		error /= 4;
	}
	return error;
}

/* What values on three grids, each half as wide as the one before, converge to. */
struct limit {
	double value, doubt;
	double ratio;  /* of their differences */
	double change; /* of value by the last of them */
};

/* As the square of the distance does, that is, or slower where few losses decide. */
static struct limit
limit_of(const double v[3])
{
	double last = v[1] - v[2];
	struct limit l = {.value = v[2] - last / 3, .ratio = (v[0] - v[1]) / last};

	l.change = (l.ratio - 4) * last / 3;
	l.doubt = l.ratio > 1.5 && isfinite(l.ratio)
	    ? fabs(l.change) * 2 / (fmin(l.ratio, 4) - 1) + last / 64
	    : INFINITY;
	return l;
}

/*
 * What a close bound will be, from four such values; returns what is doubtful of it.
 * Where the square governs twice, what it leaves goes with the fourth power (Romberg).
 */
static double
foresee(const struct sum *t, const struct query *q, const double v[4], double *value)
{
	struct limit before = limit_of(v), l = limit_of(v + 1);
	double doubt = fmax(before.doubt, l.doubt);

	if (fabs(before.ratio - 4) < 1 && fabs(l.ratio - 4) < 0.5 &&
	    grid_points(t) > POINTS_SMOOTH) {
		l.value += l.change / 15;
		doubt = fabs(l.change) / 15 + (v[2] - v[3]) / 4096;
	}
	*value = l.value + last_error(t, q, l.value, v[3] - l.value);
	return doubt;
}

/* Cheaper than at_widest, where that is the close bound; and there are to be some grids
 * that are even more so. */
static double
points_at_most(const struct sum *t, bool finer)
{
	if (first_fits(t))
		return (double)POINTS_MAX;
	return (double)(finer ? POINTS_MAX / 8 : POINTS_MAX / 32);
}

/* From grids that are too wide for a close bound on; false where these do not tell. */
bool
foresee_bound(struct sum *t, const struct query *q, double enough, double *value)
{
	double v[4] = {INFINITY, INFINITY, INFINITY, INFINITY}, h, doubt;
	bool finer = false;

	for (h = t->span / POINTS_ROUGH;; h /= 2, finer = true) {
		if (!grid_open(t, q, h, finer) ||
		    grid_points(t) > points_at_most(t, finer))
			return false;
		memmove(v, v + 1, 3 * sizeof *v);
		v[3] = fmin(v[2], grid_answer(t, q));
		if (v[3] <= enough) {
			*value = v[3];
			return true;
		}
		doubt = foresee(t, q, v, value);
		if (doubt < fabs(*value - q->limit)) {
			*q->close = false;
			return true;
		}
		if (h < 0.75 * t->span / POINTS_FIRST &&
		    grid_stands_still(q, v[3], v[2]))
			return false;
		if (isinf(v[3]) && t->low > EPSILON_MAX)
			return false;
	}
}
