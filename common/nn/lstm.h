/*
 * lstm.h: one LSTM layer, one step at a time, so that rows may leave between steps.
 * Source: Hochreiter and Schmidhuber 1997 with forget gate; gate order i, f, g, o and
 * two biases as PyTorch nn.LSTM, whose weights load unchanged.
 *
 * Legend: n rows, H hidden width.
 */
#ifndef NN_LSTM_H
#define NN_LSTM_H

#include "nn/real.h"

struct lstm_params { /* views into the parameter block */
	real *w_ih;  /* (4H, in) */
	real *w_hh;  /* (4H, H) */
	real *b_ih;  /* (4H) */
	real *b_hh;  /* (4H) */
};

/*
 * lstm_step: h, c (n, H) written, from h_prev, c_prev (n, H).
 *   gates (n, 4H): in: x W_ih^T + b_ih + b_hh;  out: the gates, activated
 */
void lstm_step(real *h, real *c, real *gates, const real *h_prev, const real *c_prev,
    const real *w_hh, int n, int H);

/*
 * lstm_step_backward: from dh (n, H), the gradient at h, and dc (n, H), that at c from
 * the step behind.
 *   dgates (n, 4H) written: the gradient at the gates' sums;
 *   dh_prev (n, H) written;  dc becomes the gradient at c_prev
 */
void lstm_step_backward(real *dgates, real *dh_prev, real *dc, const real *dh,
    const real *gates, const real *c, const real *c_prev, const real *w_hh, int n,
    int H);

#endif
