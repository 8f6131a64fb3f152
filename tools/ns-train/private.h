/*
 * private.h: what a learner learns by privately: DP-SGD.  In each round every unit of
 * the trace is sampled with probability rate, each unit's gradient - of all its series,
 * and of all weights that data reaches - is clipped to length clip, noise of deviation
 * sigma clip is added to the sum, and the sum is divided by nominal, which like rate is
 * public: how many units were sampled, and how many there are, is not.
 *
 * Source: Abadi et al., "Deep learning with differential privacy", CCS 2016, algorithm
 * 1, with Poisson sampling as its analysis assumes.
 */
#ifndef NS_TRAIN_PRIVATE_H
#define NS_TRAIN_PRIVATE_H

#include "dp/noise.h"

/* Float arithmetic sums what is clipped to this part of the length, so that rounding
 * cannot make a unit's share longer than it. */
#define PRIVATE_CLIPPED (1 - 1e-4)

struct private
{
	double rate;    /* probability of each unit in each round */
	double nominal; /* units of a batch, public */
	double clip, sigma;
	struct dp_key key;
};

/* Which series of a lesson belong to which unit; series are numbered through its chunks
 * in their order.  Those of unit u are series[first[u]] to series[first[u + 1] - 1]. */
struct units {
	uint32_t n;
	uint32_t *first;  /* (n + 1) */
	uint32_t *series; /* (first[n]), ascending within a unit */
};

#endif
