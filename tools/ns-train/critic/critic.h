/*
 * critic.h: WGAN-GP's critic step without a general double backward pass.
 *
 *   loss = mean D(fake) - mean D(real) + coe * mean (s - center)^2,
 *   s = sqrt(|dD/dx|^2 + 1e-8) at x between real and fake
 *
 * Source: Gulrajani et al., "Improved training of Wasserstein GANs", NIPS 2017,
 * equation 3, with center 1; the root's 1e-8 as in NetShare.  With center 0 and all
 * alpha 0 it is R1 of Mescheder, Geiger and Nowozin, ICML 2018, equation 9.  A net of
 * linear layers and ReLU is linear but for its masks, which are constant almost
 * everywhere, so every weight gradient is a sum of three products of one vector with
 * another, one of real, fake and between each:
 *
 *   dW_l = sum_real d_l a_(l-1)^T + sum_fake d_l a_(l-1)^T + sum_between d_l t_(l-1)^T
 *
 * d_l is the gradient at the outputs of layer l, a_l are the activations, and t_l the
 * tangent: t_0 = coe 2/B (s - center)/s dD/dx, t_l = mask_l * (W_l t_(l-1)).  The
 * penalty has no gradient at the biases.
 *
 * What the first layer makes of a row between is the mean of what it makes of the two:
 * x between is never there.
 *
 * A series has attributes and some blocks of columns.  What is behind its last block is
 * no input of the critic: it is taken as zero and never multiplied, and dD/dx of a
 * series between two others is taken in the blocks of the longer one.  Rows are sorted
 * by length.
 *
 * For private training gradients are sums over the series, not means, so that clip.h
 * can take each unit's share apart, and dense: see sums.
 *
 * Legend: B series of one kind; 3B rows: 2B of data (real and fake), B between.
 */
#ifndef NS_TRAIN_CRITIC_CRITIC_H
#define NS_TRAIN_CRITIC_CRITIC_H

#include "critic/ragged.h"
#include "critic/update.h"
#include "nn/mlp.h"

/* Series as they come: rows ld apart, row b with blocks[b] blocks. */
struct critic_rows {
	const real *x;
	int ld;
	const int *blocks;
};

struct critic {
	const struct mlp *net; /* weights, lent */
	struct pool *pool;     /* lent, may be NULL */
	int B, attr, block;    /* columns of attributes, of a block (0: none) */
	int room;              /* series that buffers hold, at least B */
	bool sums; /* losses are sums over series, not means; all columns have gradients
		    */
	struct ragged shape; /* how rows are cut; its rows are filled in for use */
	struct lazy lazy;    /* of the first layer's weights */
	real *x;             /* (3B, in) rows sorted by strips; between: t_0 */
	int *at;     /* (3B) where real, fake and between series stand among them */
	int *blocks; /* (3B) of each row before it is sorted */
	int *strips, *order;  /* (3B) behind: strips of each, which row it was */
	int n_strips, *count; /* (n_strips + 1) scratch of the sorts */
	real *layers;         /* (layer_reals) what a and d are views of */
	size_t layer_reals, x_reals, u_reals; /* how many numbers */
	real *a[MLP_LAYERS_MAX]; /* (3B, out) outputs of each layer, behind ReLU; t_l */
	real *d[MLP_LAYERS_MAX]; /* (3B, out) gradients there */
	real *u;                 /* (B, widest layer) dD/dx between, then scratch */
	double center; /* the length that the penalty wants gradients to have: 1 */
	double real_sum, fake_sum, penalty;
};

/* critic_init: net is a view that lives as long as c. */
void critic_init(struct critic *c, const struct mlp *net, struct pool *pool, int B,
    int attr, int block);
void critic_free(struct critic *c);
/* critic_resize: B series from now on, 0 as well; room: how many there should be room
 * for.  What the last step left is gone. */
void critic_resize(struct critic *c, int B, int room);

/* critic_step: the passes of real and fake rows (B each) and of those between them, at
 * alpha (B) of the way, with the penalty; the losses are in c then. */
void critic_step(struct critic *c, const struct critic_rows *real_rows,
    const struct critic_rows *fake, const real *alpha, double coe);
/*
 * critic_inputs: the gradient of the loss at the real and the fake rows, for what is
 * before the first layer, by the weights that critic_step has used: row at[b] of dx
 * (2B, in) is that of real row b, at[B + b] that of fake row b, in the columns that
 * they have.  The penalty adds nothing to it: dD/dx is constant almost everywhere.
 */
void critic_inputs(struct critic *c, real *dx);
/* critic_tiles: the gradients of both; the weights are views into u's block.  Of no
 * series: none, or zeros where they are sums. */
void critic_tiles(const struct critic *c, struct update *u);

/*
 * critic_judge: the generator's side: returns mean D(x) over B rows; the gradient of
 * scale * mean D at row b goes to row b of dx (B, ldd), in the columns that row b has.
 */
double critic_judge(struct critic *c, real *dx, int ldd, const struct critic_rows *x,
    double scale);

#endif
