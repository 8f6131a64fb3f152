/*
 * adam.h: Adam.  Source: Kingma and Ba, "Adam: a method for stochastic optimization",
 * ICLR 2015, algorithm 1.
 */
#ifndef NS_TRAIN_ADAM_H
#define NS_TRAIN_ADAM_H

#include <stddef.h>
#include <stdint.h>

#include "nn/real.h"

struct adam {
	double lr, beta1, beta2, eps;
};

/* What the weights of one update share. */
struct adam_step {
	struct adam a;
	uint64_t t;                           /* number of the update, from 1 */
	real b1, c1, b2, c2, eps, step, root; /* c = 1 - b */
};
void adam_begin(struct adam_step *s, const struct adam *a, uint64_t t);

/* adam_move: weights w, moments m and v (n) by gradients g.  adam_update: the same,
 * returns the sum of the gradients' squares. */
void adam_move(const struct adam_step *s, real *w, real *m, real *v, const real *g,
    size_t n);
double adam_update(const struct adam_step *s, real *w, real *m, real *v, const real *g,
    size_t n);

/*
 * Weights whose gradient is zero for many updates may wait: adam_catch_up does, to
 * rounding, what updates last + 1 .. now would have done with gradients of zero: the
 * moments decay, and the weights glide on while the first moment lasts.
 */
struct adam_gap {
	int n; /* updates in which the weights still move */
	real glide[256], root[256], m, v;
};
/* adam_gap_init: a gap from last towards now; returns where it ends, now but for beta1
 * near 1, when it takes several. */
uint64_t adam_gap_init(struct adam_gap *gap, const struct adam *a, uint64_t last,
    uint64_t now);
void adam_catch_up(const struct adam_gap *gap, real eps, real *w, real *m, real *v,
    size_t n);

#endif
