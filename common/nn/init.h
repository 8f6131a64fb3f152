/*
 * init.h: initial values, with their sources.  All draw from r in a fixed order.
 */
#ifndef NN_INIT_H
#define NN_INIT_H

#include "base/rng.h"
#include "nn/real.h"

void init_constant(real *w, long n, real v);
/* Glorot and Bengio 2010: uniform +-sqrt(6 / (in + out)). */
void init_xavier_uniform(real *w, int out, int in, struct rng *r);
/* PyTorch nn.Linear's own: weights and bias uniform +-1/sqrt(in). */
void init_linear_default(real *w, real *b, int out, int in, struct rng *r);
/* Saxe et al. 2014: orthonormal columns (or rows), by Gram-Schmidt on normals. */
void init_orthogonal(real *w, int rows, int cols, struct rng *r);

#endif
