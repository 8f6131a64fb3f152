#include "nn/lstm.h"

#include <assert.h>
#include <string.h>

#include "nn/columns.h"
#include "nn/gemm.h"
#include "nn/split.h"
#include "nn/vexp.h"

/*
 * Rows do not depend on each other, so one job takes a range of rows through all steps,
 * and threads meet once, not at every step.  Ranges of 50 rows keep the product of one
 * step within a sixth of its full speed.
 */
enum { MIN_ROWS = 50 };

struct lstm_pass {
	const struct lstm_params *w;
	int T, B, H, rows;
	real *h, *c, *gates; /* forward: written */
	const real *h0, *c0;
	const real *dh; /* backward */
	const real *c_in, *gates_in;
	real *dgates, *dh_next, *dc_next;
};

static int
row_step(int B)
{
	return split_step(B, split_pieces(B, MIN_ROWS, 64), 1);
}

static void
run_rows(struct pool *p, pool_fn *fn, struct lstm_pass *s)
{
	pool_run(p, fn, s, (s->B + s->rows - 1) / s->rows);
}

/* One row, one block of units: gates (sums in, activated out), c and h. */
static void
cell_block(real *gates, real *c, real *h, const real *c_prev, const real *b_ih,
    const real *b_hh, int H, int n)
{
	real g[4][BLOCK], b[BLOCK], b2[BLOCK], cell[BLOCK];
	int q, j;

	for (q = 0; q < 4; q++) {
		block_load(g[q], gates + q * H, n);
		block_load(b, b_ih + q * H, n);
		block_load(b2, b_hh + q * H, n);
		for (j = 0; j < BLOCK; j++)
			g[q][j] += b[j] + b2[j];
	}
	block_load(cell, c_prev, n);
	for (j = 0; j < BLOCK; j++)
		g[0][j] = vsigmoid(g[0][j]);
	for (j = 0; j < BLOCK; j++)
		g[1][j] = vsigmoid(g[1][j]);
	for (j = 0; j < BLOCK; j++)
		g[2][j] = vtanh(g[2][j]);
	for (j = 0; j < BLOCK; j++)
		g[3][j] = vsigmoid(g[3][j]);
	for (q = 0; q < 4; q++)
		block_store(gates + q * H, g[q], n);
	for (j = 0; j < BLOCK; j++)
		cell[j] = g[1][j] * cell[j] + g[0][j] * g[2][j];
	block_store(c, cell, n);
	for (j = 0; j < BLOCK; j++)
		cell[j] = g[3][j] * vtanh(cell[j]);
	block_store(h, cell, n);
}

static void
forward_rows(void *arg, int job)
{
	const struct lstm_pass *s = arg;
	int H = s->H, first = job * s->rows, n = split_len(s->B, s->rows, first), t, i,
	    j;
	const real *h_prev = s->h0 + (long)first * H, *c_prev = s->c0 + (long)first * H;
	real *gates, *c, *h;
	long row;

	for (t = 0; t < s->T; t++) {
		row = (long)t * s->B + first;
		gates = s->gates + row * 4 * H;
		c = s->c + row * H;
		h = s->h + row * H;
		gemm_nt(NULL, n, 4 * H, H, h_prev, H, s->w->w_hh, H, 1, gates, 4 * H);
		for (i = 0; i < n; i++)
			for (j = 0; j < H; j += BLOCK)
				cell_block(gates + (long)i * 4 * H + j,
				    c + (long)i * H + j, h + (long)i * H + j,
				    c_prev + (long)i * H + j, s->w->b_ih + j,
				    s->w->b_hh + j, H, H - j);
		h_prev = h;
		c_prev = c;
	}
}

void
lstm_forward(struct pool *p, real *h, real *c, real *gates, const real *x,
    const real *h0, const real *c0, const struct lstm_params *w, int T, int B, int in,
    int H)
{
	struct lstm_pass s = {.w = w, .T = T, .B = B, .H = H, .rows = row_step(B)};

	s.h = h;
	s.c = c;
	s.gates = gates;
	s.h0 = h0;
	s.c0 = c0;
	gemm_nt(p, T * B, 4 * H, in, x, in, w->w_ih, in, 0, gates, 4 * H);
	run_rows(p, forward_rows, &s);
}

/* One row, one block of units: dgates from dh + dh_next and dc_next, which moves on. */
static void
cell_block_backward(real *dgates, real *dc_next, const real *dh, const real *dh_next,
    const real *gates, const real *c, const real *c_prev, int H, int n)
{
	real g[4][BLOCK], d[4][BLOCK], dhv[BLOCK], add[BLOCK], dc[BLOCK], tc[BLOCK];
	real prev[BLOCK];
	int q, j;

	for (q = 0; q < 4; q++)
		block_load(g[q], gates + q * H, n);
	block_load(dhv, dh, n);
	block_load(add, dh_next, n);
	block_load(dc, dc_next, n);
	block_load(tc, c, n);
	block_load(prev, c_prev, n);
	for (j = 0; j < BLOCK; j++)
		tc[j] = vtanh(tc[j]);
	for (j = 0; j < BLOCK; j++) {
		dhv[j] += add[j];
		dc[j] += dhv[j] * g[3][j] * (1 - tc[j] * tc[j]);
		d[0][j] = dc[j] * g[2][j] * g[0][j] * (1 - g[0][j]);
		d[1][j] = dc[j] * prev[j] * g[1][j] * (1 - g[1][j]);
		d[2][j] = dc[j] * g[0][j] * (1 - g[2][j] * g[2][j]);
		d[3][j] = dhv[j] * tc[j] * g[3][j] * (1 - g[3][j]);
		dc[j] *= g[1][j];
	}
	for (q = 0; q < 4; q++)
		block_store(dgates + q * H, d[q], n);
	block_store(dc_next, dc, n);
}

static void
backward_rows(void *arg, int job)
{
	const struct lstm_pass *s = arg;
	int H = s->H, first = job * s->rows, n = split_len(s->B, s->rows, first), t, i,
	    j;
	real *dh_next = s->dh_next + (long)first * H;
	real *dc_next = s->dc_next + (long)first * H, *dgates;
	const real *c_prev;
	long row, at;

	memset(dh_next, 0, (size_t)n * (size_t)H * sizeof *dh_next);
	memset(dc_next, 0, (size_t)n * (size_t)H * sizeof *dc_next);
	for (t = s->T - 1; t >= 0; t--) {
		row = (long)t * s->B + first;
		dgates = s->dgates + row * 4 * H;
		c_prev = t > 0 ? s->c_in + (row - s->B) * H : s->c0 + (long)first * H;
		for (i = 0; i < n; i++)
			for (j = 0; j < H; j += BLOCK) {
				at = (long)i * H + j;
				cell_block_backward(dgates + (long)i * 4 * H + j,
				    dc_next + at, s->dh + row * H + at, dh_next + at,
				    s->gates_in + (row + i) * 4 * H + j,
				    s->c_in + row * H + at, c_prev + at, H, H - j);
			}
		gemm_nn(NULL, n, H, 4 * H, dgates, 4 * H, s->w->w_hh, H, 0, dh_next, H);
	}
}

/* Every weight takes part at every step: one product over all steps and rows. */
static void
weight_gradients(struct pool *p, const struct lstm_params *g, const real *dgates,
    const real *x, const real *h, const real *h0, int T, int B, int in, int H)
{
	int rows = T * B, G = 4 * H;

	gemm_tn(p, G, in, rows, dgates, G, x, in, 1, g->w_ih, in);
	gemm_tn(p, G, H, B, dgates, G, h0, H, 1, g->w_hh, H);
	gemm_tn(p, G, H, rows - B, dgates + (long)B * G, G, h, H, 1, g->w_hh, H);
	columns_add(g->b_ih, g->b_hh, dgates, rows, G);
}

void
lstm_backward(struct pool *p, real *dx, const struct lstm_params *g, real *dgates,
    real *dh_next, real *dc_next, const real *dh, const real *x, const real *h,
    const real *c, const real *gates, const real *h0, const real *c0,
    const struct lstm_params *w, int T, int B, int in, int H)
{
	struct lstm_pass s = {.w = w, .T = T, .B = B, .H = H, .rows = row_step(B)};

	assert(T > 0 && B > 0);
	s.dh = dh;
	s.c_in = c;
	s.gates_in = gates;
	s.c0 = c0;
	s.dgates = dgates;
	s.dh_next = dh_next;
	s.dc_next = dc_next;
	run_rows(p, backward_rows, &s);
	weight_gradients(p, g, dgates, x, h, h0, T, B, in, H);
	if (dx != NULL)
		gemm_nn(p, T * B, in, 4 * H, dgates, 4 * H, w->w_ih, in, 0, dx, in);
}
