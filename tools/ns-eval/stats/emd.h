/*
 * emd.h: the earth mover's distance in one dimension, exactly: the area between the two
 * cumulative distributions (first Wasserstein distance; equals SciPy's
 * scipy.stats.wasserstein_distance).
 */
#ifndef EVAL_EMD_H
#define EVAL_EMD_H

#include <stddef.h>
#include <stdint.h>

/* emd_sorted: a (na >= 1) and b (nb >= 1) sorted rising; in their own unit. */
double emd_sorted(const int64_t *a, size_t na, const int64_t *b, size_t nb);

/* emd_log: the distance of log(1 + unit x); values below 0 count as 0. */
double emd_log(const int64_t *a, size_t na, const int64_t *b, size_t nb, double unit);

/* log_deviation: standard deviation (of the whole, not of a sample) of log(1 + unit x)
 * over n >= 1 sorted values. */
double log_deviation(const int64_t *v, size_t n, double unit);

#endif
