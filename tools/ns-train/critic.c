#include "critic.h"

#include <stdlib.h>
#include <string.h>

#include "nn/gemm.h"
#include "nn/layers.h"

static real *
reals(int n, int m)
{
	return xcalloc(size_mul((size_t)n, (size_t)m), sizeof(real));
}

void
critic_init(struct critic *c, const struct dg_mlp *net, const struct dg_mlp *grad,
    struct pool *pool, int B)
{
	int i, wide = net->n > 0 ? net->l[0].in : 0;

	memset(c, 0, sizeof *c);
	c->net = net;
	c->grad = *grad;
	c->pool = pool;
	c->B = B;
	for (i = 0; i < net->n; i++) {
		c->a[i] = reals(3 * B, net->l[i].out);
		c->d[i] = reals(3 * B, net->l[i].out);
		wide = net->l[i].out > wide ? net->l[i].out : wide;
	}
	if (net->n > 0)
		c->u = reals(B, wide);
}

void
critic_free(struct critic *c)
{
	int i;

	for (i = 0; i < DG_LAYERS_MAX; i++) {
		free(c->a[i]);
		free(c->d[i]);
	}
	free(c->u);
	memset(c, 0, sizeof *c);
}

static void
add_bias(real *y, const real *b, int rows, int n)
{
	int i, j;

	for (i = 0; i < rows; i++, y += n)
		for (j = 0; j < n; j++)
			y[j] += b[j];
}

/* Outputs of all layers for rows rows of x, of which the first k columns count. */
static void
forward(struct critic *c, const real *x, int ld, int k, int rows)
{
	const struct dg_linear *l;
	int i;

	for (i = 0; i < c->net->n; i++) {
		l = &c->net->l[i];
		gemm_nt(c->pool, rows, l->out, i == 0 ? k : l->in,
		    i == 0 ? x : c->a[i - 1], i == 0 ? ld : l->in, l->w, l->in, 0,
		    c->a[i], l->out);
		add_bias(c->a[i], l->b, rows, l->out);
		if (i < c->net->n - 1)
			relu_forward(c->a[i], c->a[i], (long)rows * l->out);
	}
}

/* Gradients at the outputs of all layers, from those of the last. */
static void
backward(struct critic *c, int rows)
{
	const struct dg_linear *l;
	int i;

	for (i = c->net->n - 1; i > 0; i--) {
		l = &c->net->l[i];
		gemm_nn(c->pool, rows, l->in, l->out, c->d[i], l->out, l->w, l->in, 0,
		    c->d[i - 1], l->in);
		relu_backward(c->d[i - 1], c->d[i - 1], c->a[i - 1],
		    (long)rows * l->in);
	}
}

/* The penalty and, in place of the rows between, its tangent at the input. */
static double
penalty(struct critic *c, real *between, int ld, int k, double coe)
{
	const struct dg_linear *l = &c->net->l[0];
	size_t half = 2 * (size_t)c->B * (size_t)l->out;
	double sum = 0, s, f;
	const real *u;
	real *t;
	int b, j;

	gemm_nn(c->pool, c->B, k, l->out, c->d[0] + half, l->out, l->w, l->in, 0, c->u,
	    k);
	for (b = 0; b < c->B; b++) {
		u = c->u + (size_t)b * (size_t)k;
		t = between + (size_t)b * (size_t)ld;
		s = 1e-8;
		for (j = 0; j < k; j++)
			s += (double)u[j] * (double)u[j];
		s = sqrt(s);
		sum += (s - 1) * (s - 1);
		f = coe * 2 / c->B * (s - 1) / s;
		for (j = 0; j < k; j++)
			t[j] = (real)f * u[j];
	}
	return sum / c->B;
}

/* t_l into the rows between of a_l; masks are read from what stands there. */
static void
tangent(struct critic *c, const real *t0, int ld, int k)
{
	const struct dg_linear *l;
	const real *t = t0;
	real *a;
	size_t n, j;
	int i;

	for (i = 0; i < c->net->n - 1; i++) {
		l = &c->net->l[i];
		n = (size_t)c->B * (size_t)l->out;
		a = c->a[i] + 2 * n;
		gemm_nt(c->pool, c->B, l->out, i == 0 ? k : l->in, t,
		    i == 0 ? ld : l->in, l->w, l->in, 0, c->u, l->out);
		for (j = 0; j < n; j++)
			a[j] = a[j] > 0 ? c->u[j] : 0;
		t = a;
	}
}

static void
weight_gradients(struct critic *c, const real *x, int ld, int k)
{
	const struct dg_linear *g;
	const real *d;
	int i, j, b, in;

	for (i = 0; i < c->net->n; i++) {
		g = &c->grad.l[i];
		in = i == 0 ? k : g->in;
		if (in < g->in)
			memset(g->w, 0, (size_t)g->out * (size_t)g->in * sizeof *g->w);
		gemm_tn(c->pool, g->out, in, 3 * c->B, c->d[i], g->out,
		    i == 0 ? x : c->a[i - 1], i == 0 ? ld : g->in, 0, g->w, g->in);
		memset(g->b, 0, (size_t)g->out * sizeof *g->b);
		d = c->d[i];
		for (b = 0; b < 2 * c->B; b++, d += g->out)
			for (j = 0; j < g->out; j++)
				g->b[j] += d[j];
	}
}

struct critic_loss
critic_step(struct critic *c, real *x, int ld, int k, double coe)
{
	struct critic_loss r;
	int b, B = c->B, top = c->net->n - 1;
	const real *y = c->a[top];
	real *between = x + 2 * (size_t)B * (size_t)ld;
	double real_sum = 0, fake_sum = 0;

	forward(c, x, ld, k, 3 * B);
	for (b = 0; b < B; b++) {
		real_sum += (double)y[b];
		fake_sum += (double)y[B + b];
		c->d[top][b] = (real)-1 / (real)B;
		c->d[top][B + b] = (real)1 / (real)B;
		c->d[top][2 * B + b] = 1;
	}
	backward(c, 3 * B);
	r.wasserstein = (real_sum - fake_sum) / B;
	r.penalty = penalty(c, between, ld, k, coe);
	r.total = coe * r.penalty - r.wasserstein;
	tangent(c, between, ld, k);
	weight_gradients(c, x, ld, k);
	return r;
}

double
critic_judge(struct critic *c, real *dx, int ldd, const real *x, int ld, int k,
    double scale, real beta)
{
	const struct dg_linear *l = &c->net->l[0];
	int b, top = c->net->n - 1;
	double sum = 0;

	forward(c, x, ld, k, c->B);
	for (b = 0; b < c->B; b++) {
		sum += (double)c->a[top][b];
		c->d[top][b] = (real)(scale / c->B);
	}
	backward(c, c->B);
	gemm_nn(c->pool, c->B, k, l->out, c->d[0], l->out, l->w, l->in, beta, dx, ldd);
	return sum / c->B;
}
