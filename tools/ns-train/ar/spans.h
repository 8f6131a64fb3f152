/*
 * spans.h: histograms of counts with noise.  Codes too rare to tell from noise one by
 * one may be told together with their neighbours.  All of it sees noisy counts only, so
 * it costs no privacy (the post-processing of Dwork and Roth, The Algorithmic
 * Foundations of Differential Privacy, proposition 2.1).
 */
#ifndef NS_TRAIN_AR_SPANS_H
#define NS_TRAIN_AR_SPANS_H

#include <stdbool.h>
#include <stddef.h>

/* When a span tells something: a sum of so many deviations of its noise, over so many
 * codes at most.  Wide ones see what is spread, and spread it further. */
struct spans_rule {
	double deviations;
	size_t widest;
};

/*
 * spans_told: noisy (n) counts codes in an order in which neighbours are alike, each
 * with normal noise of that deviation.  First single codes are told, then of those that
 * are left spans of two, of four and so on: where a sum is at least `telling`
 * deviations of its noise.  To told (n): the count, in a span an equal part of it; 0
 * where nothing is told.  Where nothing is at all it returns false, and told has the
 * span that stands out most, if any sum is positive.
 */
bool spans_told(const double *noisy, size_t n, double deviation, struct spans_rule rule,
    double *told);

#endif
