/*
 * foresee.h: on which side of a limit a close bound will be, for the accountant's own
 * files.
 */
#ifndef DP_FORESEE_H
#define DP_FORESEE_H

#include "dp/account/grid.h"

/*
 * foresee_bound: about the close bound of t at q, as closely as it takes to see on
 * which side of q->limit that is, and *q->close is false then; or a bound that is no
 * more than enough.  False where grids that are cheaper than the last one of a close
 * bound do not tell.  Needs the ranges; moves t's grid.
 */
bool foresee_bound(struct sum *t, const struct query *q, double enough, double *value);

#endif
