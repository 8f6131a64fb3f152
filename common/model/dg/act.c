/* Activations of rows of outputs: columns of one kind are gathered, so that the loops
 * of common/nn run over full blocks however short the groups are. */
#include <stdlib.h>

#include "base/mem.h"
#include "model/dg/dg.h"
#include "nn/layers.h"

enum { GATHER = 256 };

void
dg_acts_init(struct dg_acts *a, const struct dg_group *g, int n, int width, int repeat)
{
	size_t cols = size_mul((size_t)width, (size_t)repeat) + 1;
	int i, j, r;

	a->sigmoid = xcalloc(cols, sizeof *a->sigmoid);
	a->tanh = xcalloc(cols, sizeof *a->tanh);
	a->soft = xcalloc(cols, sizeof *a->soft);
	a->soft_k = xcalloc(cols, sizeof *a->soft_k);
	a->n_sigmoid = a->n_tanh = a->n_soft = 0;
	for (r = 0; r < repeat; r++)
		for (i = 0; i < n; i++) {
			if (g[i].act == DG_SOFTMAX) {
				a->soft[a->n_soft] = r * width + g[i].off;
				a->soft_k[a->n_soft++] = g[i].k;
				continue;
			}
			for (j = r * width + g[i].off;
			     j < r * width + g[i].off + g[i].k; j++)
				if (g[i].act == DG_SIGMOID)
					a->sigmoid[a->n_sigmoid++] = j;
				else
					a->tanh[a->n_tanh++] = j;
		}
}

void
dg_acts_free(struct dg_acts *a)
{
	free(a->sigmoid);
	free(a->tanh);
	free(a->soft);
	free(a->soft_k);
}

static void
gathered(void (*f)(real *, const real *, long), real *x, const int *col, int n)
{
	real v[GATHER];
	int i, j, m;

	for (i = 0; i < n; i += m) {
		m = n - i < GATHER ? n - i : GATHER;
		for (j = 0; j < m; j++)
			v[j] = x[col[i + j]];
		f(v, v, m);
		for (j = 0; j < m; j++)
			x[col[i + j]] = v[j];
	}
}

void
dg_act_forward(const struct dg_acts *a, real *x, int ld, int rows)
{
	int b;

	for (b = 0; b < rows; b++, x += ld) {
		softmax_groups(x, a->soft, a->soft_k, a->n_soft);
		gathered(sigmoid_forward, x, a->sigmoid, a->n_sigmoid);
		gathered(tanh_forward, x, a->tanh, a->n_tanh);
	}
}

static void
gathered_backward(void (*f)(real *, const real *, const real *, long), real *dx,
    const real *y, const int *col, int n)
{
	real d[GATHER], v[GATHER];
	int i, j, m;

	for (i = 0; i < n; i += m) {
		m = n - i < GATHER ? n - i : GATHER;
		for (j = 0; j < m; j++) {
			d[j] = dx[col[i + j]];
			v[j] = y[col[i + j]];
		}
		f(d, d, v, m);
		for (j = 0; j < m; j++)
			dx[col[i + j]] = d[j];
	}
}

static void
row_backward(const struct dg_acts *a, real *dx, const real *y)
{
	int i, j;

	gathered_backward(sigmoid_backward, dx, y, a->sigmoid, a->n_sigmoid);
	gathered_backward(tanh_backward, dx, y, a->tanh, a->n_tanh);
	for (i = 0; i < a->n_soft; i++) {
		j = a->soft[i];
		softmax_backward(dx + j, dx + j, y + j, 1, a->soft_k[i], a->soft_k[i]);
	}
}

void
dg_act_backward(const struct dg_acts *a, real *dx, int ldd, const real *y, int ldy,
    int rows)
{
	int b;

	for (b = 0; b < rows; b++)
		row_backward(a, dx + (long)b * ldd, y + (long)b * ldy);
}
