/*
 * twosample.h: a classifier that tries to tell two sets of rows apart.
 */
#ifndef EVAL_TWOSAMPLE_H
#define EVAL_TWOSAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"

/*
 * two_sample_auc: ROC-AUC of a random forest (100 trees, at least 5 rows a leaf) that
 * tells the rows of a (na, d) from those of b (nb, d), each row judged by the forest
 * of the three folds of four that it is not in.  0.5: cannot be told apart; 1: always.
 * NAN where na or nb is below 8.  Time grows as n log n; thin large sets before.
 * Equal for any number of threads.
 * Source: Lopez-Paz and Oquab, "Revisiting classifier two-sample tests", ICLR 2017;
 * the forest, the folds and the AUC as scikit-learn's cross_val_predict has them.
 */
double two_sample_auc(const float *a, size_t na, const float *b, size_t nb, int d,
    uint64_t seed, struct pool *pool);

#endif
