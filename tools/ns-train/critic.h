/*
 * critic.h: WGAN-GP's critic step without a general double backward pass.
 *
 *   loss = mean D(fake) - mean D(real) + coe * mean (s - 1)^2,
 *   s = sqrt(|dD/dx|^2 + 1e-8) at x between real and fake
 *
 * Source: Gulrajani et al., "Improved training of Wasserstein GANs", NIPS 2017,
 * equation 3; the root's 1e-8 as in NetShare.  A net of linear layers and ReLU is
 * linear but for its masks, which are constant almost everywhere, so every weight
 * gradient is a sum of three products of one vector with another, one of real, fake and
 * between each:
 *
 *   dW_l = sum_real d_l a_(l-1)^T + sum_fake d_l a_(l-1)^T + sum_between d_l t_(l-1)^T
 *
 * d_l is the gradient at the outputs of layer l, a_l are the activations, and t_l the
 * tangent: t_0 = coe 2/B (s-1)/s dD/dx, t_l = mask_l * (W_l t_(l-1)).  The penalty has
 * no gradient at the biases.
 *
 * Legend: B series of one kind, 3B rows real, fake, between; U units.
 */
#ifndef NS_TRAIN_CRITIC_H
#define NS_TRAIN_CRITIC_H

#include "model/dg.h"

struct critic {
	const struct dg_mlp *net; /* weights, lent */
	struct dg_mlp grad;       /* views of their gradients, lent */
	struct pool *pool;
	int B;
	real *a[DG_LAYERS_MAX]; /* (3B, out) outputs of each layer, behind ReLU */
	real *d[DG_LAYERS_MAX]; /* (3B, out) gradients there */
	real *u;                /* (B, widest layer) dD/dx between, then scratch */
};

struct critic_loss {
	double wasserstein; /* mean D(real) - mean D(fake) */
	double penalty;     /* mean (s - 1)^2 */
	double total;
};

/* critic_init: net and grad are views that live as long as c. */
void critic_init(struct critic *c, const struct dg_mlp *net, const struct dg_mlp *grad,
    struct pool *pool, int B);
void critic_free(struct critic *c);

/*
 * critic_step: the loss and its gradient, written (not added) to grad.
 *   x (3B, ld): real, fake, between; columns k .. in-1 must be taken as zero and are
 * not read.  The rows between are overwritten in columns 0 .. k-1.
 */
struct critic_loss critic_step(struct critic *c, real *x, int ld, int k, double coe);

/*
 * critic_judge: the generator's side: returns mean D(x) over B rows x (B, ld); the
 * gradient of scale * mean D goes to dx (B, ldd), columns 0 .. k-1, written if beta is
 * 0, added if 1.
 */
double critic_judge(struct critic *c, real *dx, int ldd, const real *x, int ld, int k,
    double scale, real beta);

#endif
