/* draw.h: codes from probabilities. */
#ifndef NS_SAMPLE_AR_DRAW_H
#define NS_SAMPLE_AR_DRAW_H

#include <stdint.h>

#include "base/rng.h"
#include "nn/real.h"

/* draw_one: a code by its probability among the k of p, which need not sum to 1; -1
 * when all are 0. */
int draw_one(const real *p, int k, struct rng *r);
/*
 * draw_even: n codes, ascending, by systematic sampling: each as often as n times its
 * probability, to the nearest whole number below or above.  Rows that nothing tells
 * apart yet get theirs so.
 */
void draw_even(const real *p, int k, uint16_t *code, int step, int n, struct rng *r);
/* draw_temper: probabilities (n, k) to the power of 1 / temperature, unscaled. */
void draw_temper(real *p, long n, double temperature);

#endif
