/*
 * lstm.h: one LSTM layer.  Source: Hochreiter and Schmidhuber 1997 with forget gate;
 * gate order i, f, g, o and two biases as PyTorch nn.LSTM, whose weights load
 * unchanged.
 *
 * Legend: T steps, B rows, in input width, H hidden width.  Time-major: (T, B, .).
 */
#ifndef NN_LSTM_H
#define NN_LSTM_H

#include "base/pool.h"
#include "nn/real.h"

struct lstm_params { /* views into the parameter block */
	real *w_ih;  /* (4H, in) */
	real *w_hh;  /* (4H, H) */
	real *b_ih;  /* (4H) */
	real *b_hh;  /* (4H) */
};

/*
 * lstm_forward: T steps from h0, c0 (B, H).
 *   x (T, B, in) read;  h, c (T, B, H) written;  gates (T, B, 4H) written, activated
 */
void lstm_forward(struct pool *p, real *h, real *c, real *gates, const real *x,
    const real *h0, const real *c0, const struct lstm_params *w, int T, int B, int in,
    int H);

/*
 * lstm_backward: gradients g += from dh (T, B, H), the gradient at every h.
 *   dx (T, B, in) written unless NULL;  dgates (T, B, 4H) scratch, written
 *   dh_next, dc_next (B, H) scratch; hold the gradients at h0, c0 on return
 */
void lstm_backward(struct pool *p, real *dx, const struct lstm_params *g, real *dgates,
    real *dh_next, real *dc_next, const real *dh, const real *x, const real *h,
    const real *c, const real *gates, const real *h0, const real *c0,
    const struct lstm_params *w, int T, int B, int in, int H);

#endif
