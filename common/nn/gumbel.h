/*
 * gumbel.h: draws that gradients go through: forward one code of k, backward as if it
 * had been the softmax of the noisy logarithms ("straight-through").
 *
 * Source: Jang, Gu and Poole, "Categorical reparameterization with Gumbel-softmax",
 * ICLR 2017, equations 1 and 2 at temperature 1, section 2.2 for the hard forward pass.
 * Gumbel noise is -log E, E exponential, so exp(log q + noise) is q / E.
 *
 * Legend: n rows; k codes; p probabilities as choice_forward makes them of logits; q
 * those that are drawn by: p, evened in blocks as choice_even does, with a floor.
 */
#ifndef NN_GUMBEL_H
#define NN_GUMBEL_H

#include <stdint.h>

#include "base/rng.h"
#include "nn/real.h"

/* gumbel_floor: q = (1 - part) q + part of marginal (k), as far as a code can be drawn
 * (q > 0), scaled to sum to 1; even where marginal has nothing of what can be drawn. */
void gumbel_floor(real *q, const real *marginal, int n, int k, real part);
/* gumbel_forward: code[i * step] of each row of q, and soft (n, k), which may be q. */
void gumbel_forward(real *soft, const real *q, uint16_t *code, int step, int n, int k,
    struct rng *r);
/*
 * gumbel_backward: d (n, k), the gradient at the codes as vectors of one 1, becomes
 * that at the logits.  part is gumbel_floor's, or 0; q is then read.
 */
void gumbel_backward(real *d, const real *soft, const real *p, const real *q, int n,
    int k, int block, real part);

#endif
