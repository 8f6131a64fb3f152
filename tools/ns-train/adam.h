/*
 * adam.h: the optimizer.  Source: Kingma and Ba, "Adam", ICLR 2015, algorithm 1, in the
 * form and the order of operations of PyTorch's torch.optim.Adam (no AMSGrad).
 */
#ifndef NS_TRAIN_ADAM_H
#define NS_TRAIN_ADAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "nn/real.h"

struct adam {
	double lr, beta1, beta2, eps;
};

/*
 * adam_step: update number t (1, 2, ...) of n weights w by their gradients g; m and v
 * are the moments.  Returns the squared length of g, not finite if any of g is not:
 * then the weights are spoilt and must not be used.
 */
double adam_step(const struct adam *a, struct pool *p, real *w, const real *g, real *m,
    real *v, size_t n, uint64_t t);

#endif
