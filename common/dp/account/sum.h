/*
 * sum.h: the losses of many steps together, for the accountant's own files.
 */
#ifndef DP_SUM_H
#define DP_SUM_H

#include "dp/account/pld.h"

/* Equal steps. */
struct part {
	double q, sigma;
	uint64_t steps;
	double low, high; /* losses of one step */
	int64_t first, last;
	struct pld step;
	double log_moment; /* ln E[e^(lambda loss)] */
};

struct sum {
	struct part *v;
	size_t n;
	double span;      /* of one step and 0, the widest */
	double low, high; /* the window of the sum */
	double h, lambda;
	double log_moment; /* of the sum, at lambda */
};

/* Beyond this e^x is computed another way. */
#define EXP_MAX 700

/* Where loss k h stands in a circle of n. */
static inline size_t
sum_place(int64_t k, size_t n)
{
	return (size_t)k & (n - 1);
}

/* sum_compose: the distribution of the sum from its steps, tilted by e^(lambda loss),
 * loss k h at sum_place(k, n) of n, a power of two; for free().  Writes the moments. */
double *sum_compose(struct sum *t, size_t n);

#endif
