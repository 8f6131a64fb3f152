/* The weights a model begins with. */
#include <stdlib.h>

#include "base/mem.h"
#include "model/dg/dg.h"
#include "nn/init.h"

static void
init_critic(struct mlp *p, struct rng *r)
{
	int i;

	for (i = 0; i < p->n; i++) {
		init_xavier_uniform(p->l[i].w, p->l[i].out, p->l[i].in, r);
		init_constant(p->l[i].b, p->l[i].out, 0);
	}
}

void
dg_init(struct dg *m, struct rng *r)
{
	struct dg_nets *n = &m->net;
	int i, H = m->H;

	for (i = 0; i < n->attr.n; i++) {
		init_linear_default(n->attr.l[i].w, n->attr.l[i].b, n->attr.l[i].out,
		    n->attr.l[i].in, r);
		if (i == n->attr.n - 1)
			break;
		init_constant(n->norm[i].gamma, n->norm[i].n, 1);
		init_constant(n->norm[i].beta, n->norm[i].n, 0);
		init_constant(m->run_mean[i], n->norm[i].n, 0);
		init_constant(m->run_var[i], n->norm[i].n, 1);
	}
	init_xavier_uniform(n->lstm.w_ih, 4 * H, m->in, r);
	init_orthogonal(n->lstm.w_hh, 4 * H, H, r);
	init_constant(n->lstm.b_ih, 4 * H, 0);
	init_constant(n->lstm.b_ih + H, H, 1);
	init_constant(n->lstm.b_hh, 4 * H, 0);
	init_linear_default(n->out.w, n->out.b, n->out.out, n->out.in, r);
	init_critic(&n->critic, r);
	init_critic(&n->aux, r);
}

/* What a bias must be for the activation alone to give v, kept off the flat ends. */
static double
bias_for(enum dg_act act, double v)
{
	if (act == DG_TANH)
		return atanh(v > .98 ? .98 : v < -.98 ? -.98 : v);
	v = v > .99 ? .99 : v < .01 ? .01 : v;
	return act == DG_SOFTMAX ? log(v) : log(v / (1 - v));
}

static void
set_biases(const struct dg_group *g, int n, real *b, const double *want,
    const double *have)
{
	int i, j;

	for (i = 0; i < n; i++)
		for (j = g[i].off; j < g[i].off + g[i].k; j++) {
			if (have == NULL)
				b[j] = (real)bias_for(g[i].act, want[j]);
			else
				b[j] += (real)(bias_for(g[i].act, want[j]) -
				    bias_for(g[i].act, have[j]));
		}
}

void
dg_set_marginals(struct dg *m, const struct dg_means *want, const struct dg_means *have)
{
	int s, at;

	if (m->A > 0)
		set_biases(m->attr_groups, m->n_attr_groups,
		    m->net.attr.l[m->net.attr.n - 1].b, want->attr,
		    have != NULL ? have->attr : NULL);
	for (s = 0; s < m->S; s++) {
		at = s * m->F1;
		set_biases(m->row_groups, m->n_row_groups, m->net.out.b + at,
		    want->row + at, have != NULL ? have->row + at : NULL);
	}
}

void
dg_means_add(const struct dg *m, struct dg_means *t, const real *row, int blocks)
{
	int width = m->S * m->F1, i, j;

	for (j = 0; j < m->A; j++)
		t->attr[j] += (double)row[j];
	row += m->A;
	for (i = 0; i < blocks; i++, row += width)
		for (j = 0; j < width; j++)
			t->row[j] += (double)row[j];
	t->n += 1;
	t->blocks += blocks;
}

void
dg_means_init(const struct dg *m, struct dg_means *t)
{
	t->attr = xcalloc((size_t)m->A + 1, sizeof *t->attr);
	t->row = xcalloc(size_mul((size_t)m->S, (size_t)m->F1), sizeof *t->row);
	t->n = t->blocks = 0;
}

void
dg_means_end(const struct dg *m, struct dg_means *t)
{
	int j;

	for (j = 0; j < m->A; j++)
		t->attr[j] /= t->n;
	for (j = 0; j < m->S * m->F1; j++)
		t->row[j] /= t->blocks;
}

void
dg_means_free(struct dg_means *t)
{
	free(t->attr);
	free(t->row);
}
