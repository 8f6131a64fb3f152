/*
 * pace.h: how fast weights move, and the average of them that becomes the model.
 *
 * Sources: Loshchilov and Hutter, ICLR 2017 (cosine rate); Polyak and Juditsky 1992
 * (averaging).
 */
#ifndef NS_TRAIN_AR_PACE_H
#define NS_TRAIN_AR_PACE_H

#include "model/ar/config.h"
#include "nn/real.h"

/* pace_rate: of step number step, when a share of the budget is done. */
double pace_rate(const struct ar_config *c, uint64_t step, double done);
/* pace_keep: how much of the average stays in update number step, from 0: little at
 * first.  pace_average: mean (n) moves towards w by what does not stay. */
real pace_keep(const struct ar_config *c, uint64_t step);
void pace_average(real *mean, const real *w, real keep, size_t n);

#endif
