/*
 * learner.h: the classifiers of the downstream tasks behind one function.  Settings are
 * the defaults of scikit-learn 1.2, XGBoost and LightGBM, as the papers that compare
 * traces by them use them.
 */
#ifndef EVAL_LEARNER_H
#define EVAL_LEARNER_H

#include "base/err.h"
#include "base/pool.h"
#include "samples.h"

enum learner {
	LEARN_TREE,
	LEARN_LOGISTIC, /* L2, C = 1, one against the rest, standardised columns */
	LEARN_FOREST,   /* 100 trees */
	LEARN_BOOSTING, /* XGBoost: 100 rounds, depth 6, eta .3 */
	LEARN_LEAVES,   /* LightGBM's way of growing: 31 leaves, the best leaf first */
	LEARN_BAYES,    /* Gaussian */
	LEARN_ADABOOST, /* SAMME.R, 50 trees of one split */
	LEARN_MLP,      /* one hidden layer of 100, standardised columns */
	LEARNERS
};

/* learner_name: for tables ("tree"); learner_title: for people ("decision tree"). */
const char *learner_name(enum learner w);
const char *learner_title(enum learner w);

/* learner_missing: the library that this build lacks for it ("libxgboost"), or NULL. */
const char *learner_missing(enum learner w);

/*
 * learner_run: learn from train (n >= 1), judge test (n >= 0, same columns and
 * classes).
 *
 *   label (test->n)          written: the likeliest class, the first of equals
 *   proba (test->n, classes) written, or NULL: each row adds up to 1
 *
 * A class that does not occur in train has probability 0 and is never the label.
 * Equal seeds give equal results for any number of threads; pool may be NULL.
 * NS_EUSAGE: the library is missing.  NS_EINTERNAL: it failed.  NS_ENUMERIC: training
 * diverged.
 */
int learner_run(enum learner w, const struct samples *train, const struct samples *test,
    uint64_t seed, struct pool *pool, uint32_t *label, double *proba, struct ns_err *e);

#endif
