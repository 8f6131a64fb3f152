/*
 * roc.h: how well scores and guesses tell classes apart.  Values equal those of
 * scikit-learn's roc_auc_score, roc_curve, accuracy_score and f1_score.
 *
 *   score (n)  greater means more like the positive class; no NaN
 *   truth (n)  of scores: 0 negative, any other number positive; of guesses: a class
 */
#ifndef EVAL_ROC_H
#define EVAL_ROC_H

#include <stddef.h>
#include <stdint.h>

/*
 * roc_auc: the share of pairs of a positive and a negative row in which the positive
 * one has the greater score, ties counted half.  NAN where one kind is missing.
 * Source: Mann and Whitney, Ann. Math. Stat. 18 (1947); Hanley and McNeil 1982.
 */
double roc_auc(const double *score, const uint32_t *truth, size_t n);

/* roc_tpr_at: the greatest share of positive rows found (score >= threshold) over all
 * thresholds that find at most the share fpr of the negative rows.  NAN where one kind
 * is missing. */
double roc_tpr_at(const double *score, const uint32_t *truth, size_t n, double fpr);

/* accuracy: share of n >= 1 guesses that are right. */
double accuracy(const uint32_t *guess, const uint32_t *truth, size_t n);

/*
 * macro_f1: the mean of F1 = 2 tp / (2 tp + fp + fn) over the classes that occur in
 * guess or truth; 0 for n = 0.  All entries are below classes.
 */
double macro_f1(const uint32_t *guess, const uint32_t *truth, size_t n, int classes);

#endif
