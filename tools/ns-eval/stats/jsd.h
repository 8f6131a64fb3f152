/*
 * jsd.h: the squared Jensen-Shannon distance, natural logarithm: 0 for equal
 * distributions, ln 2 = 0.693 for two with nothing in common.
 *
 *   JSD(P, Q) = (KL(P | M) + KL(Q | M)) / 2,  M = (P + Q) / 2
 *
 * Source: Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Inf.
 * Theory 37 (1991), eq. 4.1 with equal weights; equals the square of SciPy's
 * scipy.spatial.distance.jensenshannon.
 */
#ifndef EVAL_JSD_H
#define EVAL_JSD_H

#include <stddef.h>
#include <stdint.h>

/* jsd_counts: of two histograms with n cells each, not all 0. */
double jsd_counts(const uint64_t *a, const uint64_t *b, size_t n);

/* jsd_keys: of the values in a (na >= 1) and b (nb >= 1); sorts both in place. */
double jsd_keys(uint64_t *a, size_t na, uint64_t *b, size_t nb);

/* jsd_ranks: of the two vectors of frequencies sorted falling, the shorter padded with
 * zeros: which value it is that occurs so often does not count.  Destroys both. */
double jsd_ranks(uint64_t *a, size_t na, uint64_t *b, size_t nb);

#endif
