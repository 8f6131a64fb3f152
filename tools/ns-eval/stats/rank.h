/*
 * rank.h: ranks with ties, and the correlations of two lists of numbers.
 */
#ifndef EVAL_RANK_H
#define EVAL_RANK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* average_ranks: rank[i] of x[i] among n numbers, 1 the smallest; equal numbers share
 * the mean of their ranks.  Equals scipy.stats.rankdata. */
void average_ranks(double *rank, const double *x, size_t n);

/* pearson: correlation of two lists of n numbers; NAN where one of them is constant. */
double pearson(const double *x, const double *y, size_t n);

/* spearman: the correlation of the average ranks (Spearman, Am. J. Psychology 15
 * (1904)); NAN where one list is constant.  Equals scipy.stats.spearmanr. */
double spearman(const double *x, const double *y, size_t n);

/* key_f64: an unsigned key in the order of the numbers; 0 and -0 have one key.  x is
 * not a NaN. */
static inline uint64_t
key_f64(double x)
{
	uint64_t u;

	x += 0.0;
	memcpy(&u, &x, sizeof u);
	return u >> 63 ? ~u : u | UINT64_C(1) << 63;
}

#endif
