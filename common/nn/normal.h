/*
 * normal.h: many numbers of N(0, 1), or exponential ones of mean 1, at once, from 32
 * bits each.
 * Source of the former: Box and Muller, "A note on the generation of random normal
 * deviates", 1958. In float |x| stays below 6.7; logarithm, sine and cosine are
 * polynomials of our own (2e-7 off), free of libm, whose last bit differs from version
 * to version.
 */
#ifndef NN_NORMAL_H
#define NN_NORMAL_H

#include <stddef.h>

#include "base/rng.h"
#include "nn/real.h"

void normal_fill(real *x, size_t n, struct rng *r);
/* exponential_fill: each above 0. */
void exponential_fill(real *x, size_t n, struct rng *r);

#endif
