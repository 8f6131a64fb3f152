/*
 * forest.h: a random forest: trees on bootstrap draws of the rows, each split from the
 * best of sqrt(d) random columns; the votes are the shares in the leaves.
 * Source: Breiman, "Random forests", Machine Learning 45 (2001); details as
 * scikit-learn's RandomForestClassifier.
 */
#ifndef EVAL_FOREST_H
#define EVAL_FOREST_H

#include "base/pool.h"
#include "ranked.h"
#include "samples.h"

struct forest {
	int trees;
	size_t min_leaf;       /* different rows in a leaf */
	uint64_t seed, stream; /* of tree 0; the others follow */
};

/*
 * forest_vote: train on rows of s, ask about others.
 *
 *   proba (m, classes) written   t   the ranks of s->x
 *   row   (n)  rows of s to learn from, n >= 1     x (m, d)
 *
 * Equal for any number of threads.
 */
void forest_vote(double *proba, const struct forest *f, const struct samples *s,
    const struct ranked *t, const uint32_t *row, size_t n, const float *x, size_t m,
    struct pool *pool);

#endif
