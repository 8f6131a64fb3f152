#include <stdlib.h>
#include <string.h>

#include "model/dg.h"
#include "nn/gemm.h"
#include "nn/layers.h"

static real *
reals(size_t n, size_t m)
{
	size_t k = size_mul(n, m);

	return xcalloc(k > 0 ? k : 1, sizeof(real));
}

struct dg_gen *
dg_gen_new(const struct dg *m, struct pool *pool, int B, bool keep)
{
	struct dg_gen *g = xcalloc(1, sizeof *g);
	size_t b = (size_t)B, H = (size_t)m->H, U = (size_t)m->cfg.attr_units;
	size_t steps = keep ? (size_t)m->R : 1, slots = keep ? (size_t)m->R : 2;
	int i;

	g->m = m;
	g->pool = pool;
	g->B = B;
	g->keep = keep;
	g->z = reals(b, (size_t)m->cfg.attr_noise);
	for (i = 0; i + 1 < m->net.attr.n; i++) {
		g->relu[i] = reals(b, U);
		g->xhat[i] = reals(b, U);
		g->bn[i] = reals(b, U);
		g->inv_std[i] = reals(1, U);
	}
	g->hard = reals(b, (size_t)m->A);
	g->h0 = reals(b, H);
	g->c0 = reals(b, H);
	g->x = reals(steps, size_mul(b, (size_t)m->in));
	g->h = reals(slots, size_mul(b, H));
	g->c = reals(slots, size_mul(b, H));
	g->gates = reals(slots, size_mul(b, 4 * H));
	g->live = xcalloc(b, sizeof *g->live);
	g->on = xcalloc(b, sizeof *g->on);
	return g;
}

void
dg_gen_free(struct dg_gen *g)
{
	int i;

	if (g == NULL)
		return;
	for (i = 0; i < DG_LAYERS_MAX; i++) {
		free(g->relu[i]);
		free(g->xhat[i]);
		free(g->bn[i]);
		free(g->inv_std[i]);
	}
	free(g->z);
	free(g->hard);
	free(g->h0);
	free(g->c0);
	free(g->x);
	free(g->h);
	free(g->c);
	free(g->gates);
	free(g->live);
	free(g->on);
	free(g);
}

void
dg_gen_noise(real *x, size_t n, struct rng *r)
{
	size_t i;

	for (i = 0; i < n; i++)
		x[i] = (real)rng_normal(r);
}

void
dg_gen_attr(struct dg_gen *g, struct dg *train)
{
	const struct dg *m = g->m;
	const struct dg_mlp *p = &m->net.attr;
	const struct dg_norm *n;
	const real *x = g->z;
	int i, B = g->B;

	if (p->n == 0)
		return;
	for (i = 0; i < p->n - 1; i++) {
		n = &m->net.norm[i];
		affine_forward(g->pool, g->relu[i], x, p->l[i].in, p->l[i].w, p->l[i].b,
		    B, p->l[i].in, p->l[i].out);
		relu_forward(g->relu[i], g->relu[i], (long)B * n->n);
		if (train != NULL)
			batchnorm_train(g->bn[i], g->xhat[i], g->inv_std[i],
			    train->run_mean[i], train->run_var[i], g->relu[i], n->gamma,
			    n->beta, B, n->n, (real)m->cfg.bn_decay);
		else
			batchnorm_eval(g->bn[i], g->relu[i], n->gamma, n->beta,
			    m->run_mean[i], m->run_var[i], B, n->n);
		x = g->bn[i];
	}
	gemm_nt(g->pool, B, m->A, p->l[i].in, x, p->l[i].in, p->l[i].w, p->l[i].in, 0,
	    g->out, g->ld);
	for (i = 0; i < B; i++) {
		real *y = g->out + (size_t)i * (size_t)g->ld;
		const real *b = p->l[p->n - 1].b;
		int j;

		for (j = 0; j < m->A; j++)
			y[j] += b[j];
	}
	dg_act_forward(m->attr_groups, m->n_attr_groups, g->out, g->ld, B);
}

static void
harden_group(const struct dg_group *g, real *hard, const real *soft)
{
	int j, best = 0;

	if (g->act != DG_SOFTMAX) {
		memcpy(hard, soft, (size_t)g->k * sizeof *hard);
		return;
	}
	for (j = 0; j < g->k; j++) {
		hard[j] = 0;
		if (soft[j] > soft[best])
			best = j;
	}
	hard[best] = 1;
}

void
dg_gen_harden(struct dg_gen *g)
{
	const struct dg *m = g->m;
	int b, i;

	for (b = 0; b < g->B; b++)
		for (i = 0; i < m->n_attr_groups; i++)
			harden_group(&m->attr_groups[i],
			    g->hard + (size_t)b * (size_t)m->A + m->attr_groups[i].off,
			    g->out + (size_t)b * (size_t)g->ld + m->attr_groups[i].off);
	dg_gen_fresh(g);
}

void
dg_gen_fresh(struct dg_gen *g)
{
	g->filled = 0;
}

/* The input of step t: attributes and noise of every series. */
static void
fill_input(struct dg_gen *g, real *x, int t, struct rng *r)
{
	const struct dg *m = g->m;
	size_t A = (size_t)m->A;
	int b;

	if (g->keep && t < g->filled)
		return;
	for (b = 0; b < g->B; b++, x += m->in) {
		if (g->keep || g->filled == 0)
			memcpy(x, g->hard + (size_t)b * A, A * sizeof *x);
		dg_gen_noise(x + A, (size_t)m->cfg.feat_noise, r);
	}
	g->filled = t + 1;
}

/* The S rows of step t from h; zero for the series that ended before. */
static void
emit_rows(struct dg_gen *g, const real *h, int t)
{
	const struct dg *m = g->m;
	const struct dg_linear *o = &m->net.out;
	real *y, *to = g->out + m->A + (size_t)t * (size_t)o->out;
	int b, j, s;

	gemm_nt(g->pool, g->B, o->out, m->H, h, m->H, o->w, m->H, 0, to, g->ld);
	for (b = 0; b < g->B; b++) {
		y = to + (size_t)b * (size_t)g->ld;
		if (!g->on[b]) {
			memset(y, 0, (size_t)o->out * sizeof *y);
			continue;
		}
		for (j = 0; j < o->out; j++)
			y[j] += o->b[j];
		for (s = 0; s < m->S; s++)
			dg_act_forward(m->row_groups, m->n_row_groups, y + s * m->F1, 0,
			    1);
		g->live[b] = t + 1;
	}
}

/* Who goes on behind step t: those whose S rows all say continue. */
static bool
any_goes_on(struct dg_gen *g, int t)
{
	const struct dg *m = g->m;
	const real *flag;
	bool any = false;
	int b, s;

	for (b = 0; b < g->B; b++) {
		flag = g->out + (size_t)b * (size_t)g->ld + m->A +
		    (size_t)t * (size_t)(m->S * m->F1) + m->F1 - 2;
		for (s = 0; s < m->S && g->on[b]; s++, flag += m->F1)
			g->on[b] = *flag > (real).5;
		any |= g->on[b];
	}
	return any;
}

void
dg_gen_series(struct dg_gen *g, struct rng *r)
{
	const struct dg *m = g->m;
	size_t BH = (size_t)g->B * (size_t)m->H, at;
	const real *h = g->h0, *c = g->c0;
	real *x;
	int b, t;

	for (b = 0; b < g->B; b++)
		g->on[b] = true;
	for (t = 0; t < m->R; t++) {
		at = g->keep ? (size_t)t : (size_t)(t % 2);
		x = g->x + (g->keep ? (size_t)t * (size_t)g->B * (size_t)m->in : 0);
		fill_input(g, x, t, r);
		lstm_forward(g->pool, g->h + at * BH, g->c + at * BH,
		    g->gates + 4 * at * BH, x, h, c, &m->net.lstm, 1, g->B, m->in,
		    m->H);
		h = g->h + at * BH;
		c = g->c + at * BH;
		emit_rows(g, h, t);
		if (!any_goes_on(g, t)) {
			t++;
			break;
		}
	}
	g->steps = t;
}

int
dg_gen_length(const struct dg_gen *g, int b)
{
	const struct dg *m = g->m;
	const real *flag = g->out + (size_t)b * (size_t)g->ld + m->A + m->F1 - 2;
	int n = 1;

	while (n < m->max_steps && n<g->live[b] * m->S && * flag>(real) .5) {
		flag += m->F1;
		n++;
	}
	return n;
}
