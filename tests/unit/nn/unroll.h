/*
 * unroll.h: T steps of an LSTM with all rows in all of them, from lstm_step and plain
 * products, so that whole series can be compared with references.
 *
 * x (T, B, in); h, c, dh (T, B, H); gates, dgates (T, B, 4H); h0, c0 (B, H).
 */
#ifndef TEST_UNROLL_H
#define TEST_UNROLL_H

#include <string.h>

#include "nn/gemm.h"
#include "nn/layers.h"
#include "nn/lstm.h"
#include "nn/sums.h"

static inline void
unroll_forward(real *h, real *c, real *gates, const real *x, const real *h0,
    const real *c0, const struct lstm_params *w, int T, int B, int in, int H)
{
	long n = (long)B * H;
	int t;

	gemm_nt(NULL, T * B, 4 * H, in, x, in, w->w_ih, in, 0, gates, 4 * H);
	bias_forward(gates, 4 * H, w->b_ih, T * B, 4 * H);
	bias_forward(gates, 4 * H, w->b_hh, T * B, 4 * H);
	for (t = 0; t < T; t++)
		lstm_step(h + t * n, c + t * n, gates + 4 * t * n,
		    t > 0 ? h + (t - 1) * n : h0, t > 0 ? c + (t - 1) * n : c0, w->w_hh,
		    B, H);
}

/* Gradients of the weights are added to g; dh0, dc0 (B, H) and dx are written; sum (B,
 * H) is scratch. */
static inline void
unroll_backward(real *dx, const struct lstm_params *g, real *dgates, real *dh0,
    real *dc0, real *sum, const real *dh, const real *x, const real *h, const real *c,
    const real *gates, const real *h0, const real *c0, const struct lstm_params *w,
    int T, int B, int in, int H)
{
	long n = (long)B * H, i;
	int t, G = 4 * H;

	memset(dh0, 0, (size_t)n * sizeof *dh0);
	memset(dc0, 0, (size_t)n * sizeof *dc0);
	for (t = T - 1; t >= 0; t--) {
		for (i = 0; i < n; i++)
			sum[i] = dh[t * n + i] + dh0[i];
		lstm_step_backward(dgates + 4 * t * n, dh0, dc0, sum, gates + 4 * t * n,
		    c + t * n, t > 0 ? c + (t - 1) * n : c0, w->w_hh, B, H);
		gemm_tn(NULL, G, H, B, dgates + 4 * t * n, G,
		    t > 0 ? h + (t - 1) * n : h0, H, 1, g->w_hh, H);
	}
	gemm_tn(NULL, G, in, T * B, dgates, G, x, in, 1, g->w_ih, in);
	columns_add(g->b_ih, dgates, G, (long)T * B, G);
	columns_add(g->b_hh, dgates, G, (long)T * B, G);
	gemm_nn(NULL, T * B, in, G, dgates, G, w->w_ih, in, 0, dx, in);
}

#endif
