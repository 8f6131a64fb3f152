/*
 * curve.h: what a Count-Min sketch makes of a stream's most frequent keys as its width
 * grows with the number of keys K: depth 5, width = scale x K (whole part, at least 1),
 * scale .1, .2 ... .9.  A is the set of the ceil(K / 10) keys with the greatest counts,
 * B that of as many with the greatest estimates; of equal ones the lower key number
 * comes first.  The error is 100 (1 - |A and B| / |A or B|), 0 to 100.
 * Source: the telemetry task of a published reproduction of NetShare (Purdue
 * University, CS 536, fall 2022).
 */
#ifndef EVAL_CURVE_H
#define EVAL_CURVE_H

#include "heavy.h"

#define CURVE_POINTS 9
#define CURVE_DEPTH 5

/* curve_errors: error[i] at scale (i + 1) / 10, the mean over the sketch's seeds
 * seed .. seed + n - 1, n >= 1; K is the number of keys that occur.  NAN without. */
void curve_errors(double error[CURVE_POINTS], const struct tally *t, uint64_t seed,
    int n);

#endif
