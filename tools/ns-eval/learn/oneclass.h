/*
 * oneclass.h: how many rows are not like those of another table, by a one-class support
 * vector machine.
 */
#ifndef EVAL_ONECLASS_H
#define EVAL_ONECLASS_H

#include <stddef.h>

#include "base/err.h"

/* oneclass_missing: the library that this build lacks ("libsvm"), or NULL. */
const char *oneclass_missing(void);

/*
 * oneclass_share: learn what train (n, d) is like, n >= 1; *share of the rows of
 * x (m, d), m >= 1, is found to be unlike it (an anomaly).  All numbers are finite.
 *
 * Kernel rbf, nu .5, gamma 1 / (d * variance of all numbers of train), 1 if that is 0;
 * tolerance 1e-3.  Takes up to 200 MB for kernel rows and time that grows as n^2.
 * Equals scikit-learn's OneClassSVM with its defaults.  NS_EUSAGE: the library is
 * missing.  NS_EINTERNAL: it failed.
 * Source: Schoelkopf et al., "Estimating the support of a high-dimensional
 * distribution", Neural Computation 13 (2001).
 */
int oneclass_share(const float *train, size_t n, const float *x, size_t m, int d,
    double *share, struct ns_err *e);

#endif
