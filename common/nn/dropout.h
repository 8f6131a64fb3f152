/*
 * dropout.h: dropout behind a ReLU.  Source: Srivastava et al., "Dropout: a simple way
 * to prevent neural networks from overfitting", JMLR 15, 2014; inverted, as PyTorch has
 * it: what stays is scaled up, so that nothing changes when sampling.
 */
#ifndef NN_DROPOUT_H
#define NN_DROPOUT_H

#include "base/rng.h"
#include "nn/real.h"

struct dropout {
	struct rng rng;
	uint32_t below; /* a byte of the stream below this drops; of 256 */
	real scale;     /* of what stays */
};

/* dropout_init: rate in [0, 1), rounded to 1/256; 0: nothing drops. */
void dropout_init(struct dropout *d, double rate, uint64_t seed, uint64_t stream);

/*
 * dropout_forward: y (n) in place.  What drops is 0, as what the ReLU before it cut
 * off, so relu_backward finds both; dropout_backward scales the gradient, in place.
 * Both do nothing where d is NULL.
 */
void dropout_forward(struct dropout *d, real *y, long n);
void dropout_backward(const struct dropout *d, real *dy, long n);

#endif
