#include "nn/lstm.h"

#include "nn/gemm.h"
#include "nn/vexp.h"

/* Gates (sums in, activated out), c and h. */
VECTOR_CLONES static void
cells(real *h, real *c, real *gates, const real *c_prev, int n, int H)
{
	real *i = gates, *f = i + H, *g = f + H, *o = g + H;
	long r;
	int j;

	for (r = 0; r < n; r++) {
		VECTOR_LOOP
		for (j = 0; j < H; j++) {
			i[j] = vsigmoid(i[j]);
			f[j] = vsigmoid(f[j]);
			g[j] = vtanh(g[j]);
			o[j] = vsigmoid(o[j]);
			c[j] = f[j] * c_prev[j] + i[j] * g[j];
			h[j] = o[j] * vtanh(c[j]);
		}
		i += 4 * H;
		f += 4 * H;
		g += 4 * H;
		o += 4 * H;
		c += H;
		h += H;
		c_prev += H;
	}
}

void
lstm_step(real *h, real *c, real *gates, const real *h_prev, const real *c_prev,
    const real *w_hh, int n, int H)
{
	gemm_nt(NULL, n, 4 * H, H, h_prev, H, w_hh, H, 1, gates, 4 * H);
	cells(h, c, gates, c_prev, n, H);
}

/* One row: dgates from dh and dc, which moves on. */
static inline void
cell_backward(real *d, real *dc, const real *dh, const real *gates, const real *c,
    const real *c_prev, int H)
{
	const real *i = gates, *f = i + H, *g = f + H, *o = g + H;
	real *di = d, *df = di + H, *dg = df + H, *dou = dg + H, t, v;
	int j;

	VECTOR_LOOP
	for (j = 0; j < H; j++) {
		t = vtanh(c[j]);
		v = dc[j] + dh[j] * o[j] * (1 - t * t);
		di[j] = v * g[j] * i[j] * (1 - i[j]);
		df[j] = v * c_prev[j] * f[j] * (1 - f[j]);
		dg[j] = v * i[j] * (1 - g[j] * g[j]);
		dou[j] = dh[j] * t * o[j] * (1 - o[j]);
		dc[j] = v * f[j];
	}
}

VECTOR_CLONES static void
cells_backward(real *dgates, real *dc, const real *dh, const real *gates, const real *c,
    const real *c_prev, int n, int H)
{
	long r, at;

	for (r = 0; r < n; r++) {
		at = r * H;
		cell_backward(dgates + 4 * at, dc + at, dh + at, gates + 4 * at, c + at,
		    c_prev + at, H);
	}
}

void
lstm_step_backward(real *dgates, real *dh_prev, real *dc, const real *dh,
    const real *gates, const real *c, const real *c_prev, const real *w_hh, int n,
    int H)
{
	cells_backward(dgates, dc, dh, gates, c, c_prev, n, H);
	gemm_nn(NULL, n, H, 4 * H, dgates, 4 * H, w_hh, H, 0, dh_prev, H);
}
