/*
 * method.h: what learner.c knows of the learners: one function each, and the streams of
 * the seed that they draw from.
 */
#ifndef EVAL_METHOD_H
#define EVAL_METHOD_H

#include "base/err.h"
#include "base/pool.h"
#include "samples.h"

/* Streams of the random numbers, far from those of data/baseline.h. */
#define STREAM_OF_LEARN(k) (UINT64_C(1) << 40 | (uint64_t)(k) << 32)
#define STREAM_FOREST STREAM_OF_LEARN(0) /* + tree */
#define STREAM_TREE STREAM_OF_LEARN(1)
#define STREAM_ADABOOST STREAM_OF_LEARN(2) /* + round */
#define STREAM_MLP STREAM_OF_LEARN(3)
#define STREAM_FOLDS STREAM_OF_LEARN(4)
#define STREAM_TWO_SAMPLE_TREES STREAM_OF_LEARN(5) /* + tree, over all folds */

/* A table to learn from, in which at least two classes occur and all classes do, and
 * one to judge (test->n >= 1; its y is not looked at). */
struct lesson {
	const struct samples *train, *test;
	uint64_t seed;
	struct pool *pool;
};

/* method_fn: proba (test->n, classes) written: each row adds up to 1. */
typedef int method_fn(double *proba, const struct lesson *l, struct ns_err *e);
method_fn method_tree, method_logistic, method_forest, method_boosting, method_leaves,
    method_bayes, method_adaboost, method_mlp;

/* The library that is lacking in this build, or NULL. */
const char *logistic_missing(void);
const char *boosting_missing(void);

/* softmax_rows: v (n, k) of logarithms into shares that add up to 1, in place. */
void softmax_rows(double *v, size_t n, int k);

#endif
