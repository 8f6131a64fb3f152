/*
 * layers.h: the layers, each forward and backward.  Weight layouts are PyTorch's, so
 * its tensors load unchanged.  Buffers must not overlap unless said; nothing can fail.
 */
#ifndef NN_LAYERS_H
#define NN_LAYERS_H

#include "base/pool.h"
#include "nn/real.h"

/*
 * affine_forward: y = x W^T + b.        Source: PyTorch nn.Linear
 *   y (B, out) written   x (B, in) with row stride ldx   w (out, in)   b (out)
 * affine_backward: dw += dy^T x, db += sum dy; dx (B, in, stride ldx) = dy W.
 *   dx may be NULL; dw may be NULL: then neither dw nor db is touched.
 */
void affine_forward(struct pool *p, real *y, const real *x, int ldx, const real *w,
    const real *b, int B, int in, int out);
void affine_backward(struct pool *p, real *dx, real *dw, real *db, const real *dy,
    const real *x, int ldx, const real *w, int B, int in, int out);

/* relu_forward: y = max(0, x), in place allowed.  relu_backward: dx = dy where y > 0,
 * in place allowed. */
void relu_forward(real *y, const real *x, long n);
void relu_backward(real *dx, const real *dy, const real *y, long n);

/* bias_forward: y += b, rows of n, ld apart; bias_relu_forward: y = max(0, y + b). */
void bias_forward(real *y, int ld, const real *b, int rows, int n);
void bias_relu_forward(real *y, int ld, const real *b, int rows, int n);
/* relu_tangent: y = t where y > 0, else 0: the tangent t behind a ReLU of output y. */
void relu_tangent(real *y, const real *t, long n);

/* sigmoid, tanh: y from x, in place allowed; backward from the output y. */
void sigmoid_forward(real *y, const real *x, long n);
void sigmoid_backward(real *dx, const real *dy, const real *y, long n);
void tanh_forward(real *y, const real *x, long n);
void tanh_backward(real *dx, const real *dy, const real *y, long n);

/* softmax over k neighbours, rows of stride ld; in place allowed.  Backward from y. */
void softmax_forward(real *y, const real *x, int B, int k, int ld);
void softmax_backward(real *dx, const real *dy, const real *y, int B, int k, int ld);
/* softmax_groups: n softmaxes in place, group i over k[i] neighbours from x[off[i]]. */
void softmax_groups(real *x, const int *off, const int *k, int n);

/*
 * Batch normalisation over the rows of a batch, n columns of matrices whose rows are ld
 * apart; columns do not depend on each other.  Source: Ioffe and Szegedy 2015,
 * algorithm 1; eps 1e-5; running = decay * running + (1 - decay) * batch, decay .9,
 * with the unbiased variance in the running one, as PyTorch has it.
 * A batch of one row has variance 0.
 *   train: y, xhat (B, n) and inv_std (n) written, run_mean, run_var (n) updated
 *          (run_mean NULL: not updated)
 *   eval:  uses run_mean, run_var
 */
void batchnorm_train(real *y, real *xhat, real *inv_std, real *run_mean, real *run_var,
    const real *x, const real *gamma, const real *beta, int B, int ld, int n,
    real decay);
void batchnorm_eval(real *y, const real *x, const real *gamma, const real *beta,
    const real *run_mean, const real *run_var, int B, int ld, int n);
void batchnorm_backward(real *dx, real *dgamma, real *dbeta, const real *dy,
    const real *xhat, const real *inv_std, const real *gamma, int B, int ld, int n);

#endif
