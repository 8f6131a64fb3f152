#include "model/dg.h"

/* Two-way softmax, by far the most frequent: one exponential instead of two. */
static void
softmax2(real *x)
{
	real p = 1 / (1 + r_exp(x[1] - x[0]));

	x[0] = p;
	x[1] = 1 - p;
}

static void
softmax(real *x, int k)
{
	real top = x[0], sum = 0;
	int i;

	for (i = 1; i < k; i++)
		top = x[i] > top ? x[i] : top;
	for (i = 0; i < k; i++) {
		x[i] = r_exp(x[i] - top);
		sum += x[i];
	}
	for (i = 0; i < k; i++)
		x[i] /= sum;
}

static void
act_forward(const struct dg_group *g, real *x)
{
	int i;

	switch (g->act) {
	case DG_SOFTMAX:
		if (g->k == 2)
			softmax2(x);
		else
			softmax(x, g->k);
		return;
	case DG_SIGMOID:
		for (i = 0; i < g->k; i++)
			x[i] = 1 / (1 + r_exp(-x[i]));
		return;
	case DG_TANH:
		for (i = 0; i < g->k; i++)
			x[i] = r_tanh(x[i]);
		return;
	}
}

static void
act_backward(const struct dg_group *g, real *dx, const real *y)
{
	real dot = 0;
	int i;

	switch (g->act) {
	case DG_SOFTMAX:
		for (i = 0; i < g->k; i++)
			dot += dx[i] * y[i];
		for (i = 0; i < g->k; i++)
			dx[i] = y[i] * (dx[i] - dot);
		return;
	case DG_SIGMOID:
		for (i = 0; i < g->k; i++)
			dx[i] *= y[i] * (1 - y[i]);
		return;
	case DG_TANH:
		for (i = 0; i < g->k; i++)
			dx[i] *= 1 - y[i] * y[i];
		return;
	}
}

void
dg_act_forward(const struct dg_group *g, int n, real *x, int ld, int B)
{
	int b, i;

	for (b = 0; b < B; b++)
		for (i = 0; i < n; i++)
			act_forward(&g[i], x + (size_t)b * (size_t)ld + g[i].off);
}

void
dg_act_backward(const struct dg_group *g, int n, real *dx, int ldd, const real *y,
    int ldy, int B)
{
	int b, i;

	for (b = 0; b < B; b++)
		for (i = 0; i < n; i++)
			act_backward(&g[i], dx + (size_t)b * (size_t)ldd + g[i].off,
			    y + (size_t)b * (size_t)ldy + g[i].off);
}
