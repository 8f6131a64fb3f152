/*
 * bounds.h: how far values go by chance: at or below the bound unless something rarer
 * than 3 standard errors of a normal distribution happens (.00135, one-sided).
 */
#ifndef EVAL_LEAK_BOUNDS_H
#define EVAL_LEAK_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

#define BOUND_SIGMAS 3

/*
 * sign_bound: of the sum of n weights w >= 0 with signs thrown by a fair coin.  Sorts w
 * in place.  For any k the k heaviest add at most their sum, and the others 3 times the
 * root of their squares; the least of these bounds is taken.  Where one weight is more
 * than all others the plain standard error would let nothing pass as an alarm.
 */
double sign_bound(int64_t *w, size_t n);

/*
 * auc_bound: of the area under the ROC curve for m positives and n negatives drawn from
 * one distribution: .5 + 3 sqrt((m + n + 1) / (12 m n)).
 * Source: Mann and Whitney, "On a test of whether one of two random variables is
 * stochastically larger than the other", Ann. Math. Stat. 18 (1947), variance of U.
 */
double auc_bound(size_t m, size_t n);

/*
 * tpr_bound: of the share of m positives that score above all but a share fpr of n
 * negatives.  The number above is c or more if of the c + k highest at most k are
 * negatives, k the most that fpr allows: a binomial sum, exact for any m and n as far
 * as the draws are independent.
 */
double tpr_bound(size_t m, size_t n, double fpr);

#endif
