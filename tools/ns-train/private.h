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

#include "dp/noise/noise.h"
#include "nn/real.h"

/* Float arithmetic sums what is clipped to this part of the length, so that rounding
 * cannot make a unit's share longer than it. */
#define PRIVATE_CLIPPED (1 - 1e-4)

struct private
{
	double rate;    /* probability of each unit in each round */
	double nominal; /* units of a batch, public */
	double clip, sigma;
	int max_series;     /* of a unit at most */
	double count_sigma; /* noise multiplier of what the learner counts */
	struct dp_key key;
};

/* Which series of a lesson belong to which unit; series are numbered through its chunks
 * in their order.  Those of unit u are series[first[u]] to series[first[u + 1] - 1]. */
struct units {
	uint32_t n;
	uint32_t *first;  /* (n + 1) */
	uint32_t *series; /* (first[n]), ascending within a unit */
};

/* private_noise: that of elements at .. at + n - 1 of the sum of a round, added. */
void private_noise(const struct private *p, uint64_t round, uint64_t at, real *sum,
    size_t n);

/*
 * private_count: sums of numbers over all series, with noise: the way to know anything
 * of the data beside gradients.  add: what a series adds to v (n), a vector of at most
 * the given length; a unit's is clipped to what max_series of them may have.  Returns
 * the deviation of the noise in sum (n).  number: of the count, none twice by one key.
 */
typedef void private_add(void *arg, uint32_t series, double *v);
double private_count(const struct private *p, const struct units *u, uint64_t number,
    double sigma, double length, private_add *add, void *arg, double *sum, size_t n);

#endif
