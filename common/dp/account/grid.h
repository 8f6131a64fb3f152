/*
 * grid.h: what is asked of a sum of losses, and one grid's answer, for the accountant's
 * own files.  Each answer is a bound that holds; that of a finer grid is only closer,
 * by the square of the distance.
 */
#ifndef DP_GRID_H
#define DP_GRID_H

#include "dp/account/sum.h"

/* No greater epsilon is told. */
#define EPSILON_MAX 1000.0
/* Points of one step on the first grid of a close bound, of the sum on the last. */
#define POINTS_FIRST 4096
#define POINTS_MAX ((size_t)1 << 21)

struct query {
	bool add;
	bool of_delta; /* what delta has epsilon; else which epsilon has delta */
	double epsilon, delta, tail;
	double h;     /* the distance of the one grid to use; 0: what it takes */
	double limit; /* which side of it epsilon lies is enough; 0: there is none */
	bool *close; /* the answer may be foreseen, and false says that it is; NULL: not
		      */
};

/* grid_ranges: of the losses of t's steps, on which all grids stand. */
void grid_ranges(struct sum *t, const struct query *q);
/* grid_open: steps and window at distance h, from the ranges, or finer: h is half of
 * that of the grid before.  False where a step would have more than POINTS_MAX points.
 * grid_free: the steps. */
bool grid_open(struct sum *t, const struct query *q, double h, bool finer);
void grid_free(struct sum *t);
/* grid_points: of the window.  grid_answer: what the grid makes of the query; infinite
 * where that is above EPSILON_MAX. */
double grid_points(const struct sum *t);
double grid_answer(struct sum *t, const struct query *q);

/* grid_still: by how much an answer near value may differ from that of half the
 * distance and still be close.  grid_stands_still: whether value does not from the one
 * before. */
double grid_still(const struct query *q, double value);
bool grid_stands_still(const struct query *q, double value, double before);

#endif
