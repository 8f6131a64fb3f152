/* Activations group by group: which of common/nn's each group of outputs takes. */
#include "model/dg.h"
#include "nn/layers.h"

static void
rows_forward(const struct dg_group *g, real *x, int ld, int B)
{
	int b;

	for (b = 0; b < B; b++, x += ld) {
		if (g->act == DG_SIGMOID)
			sigmoid_forward(x, x, g->k);
		else
			tanh_forward(x, x, g->k);
	}
}

static void
row_backward(const struct dg_group *g, real *dx, const real *y)
{
	switch (g->act) {
	case DG_SOFTMAX:
		softmax_backward(dx, dx, y, 1, g->k, g->k);
		return;
	case DG_SIGMOID:
		sigmoid_backward(dx, dx, y, g->k);
		return;
	case DG_TANH:
		tanh_backward(dx, dx, y, g->k);
		return;
	}
}

void
dg_act_forward(const struct dg_group *g, int n, real *x, int ld, int B)
{
	int i;

	for (i = 0; i < n; i++) {
		if (g[i].act == DG_SOFTMAX)
			softmax_forward(x + g[i].off, x + g[i].off, B, g[i].k, ld);
		else
			rows_forward(&g[i], x + g[i].off, ld, B);
	}
}

void
dg_act_backward(const struct dg_group *g, int n, real *dx, int ldd, const real *y,
    int ldy, int B)
{
	int b, i;

	for (b = 0; b < B; b++)
		for (i = 0; i < n; i++)
			row_backward(&g[i], dx + (size_t)b * (size_t)ldd + g[i].off,
			    y + (size_t)b * (size_t)ldy + g[i].off);
}
