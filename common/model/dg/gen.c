/* The generator's buffers and its attribute net. */
#include "model/dg/gen.h"

#include <stdlib.h>
#include <string.h>

#include "nn/gemm.h"
#include "nn/layers.h"
#include "nn/split.h"

enum {
	TAPE_ROWS = 50, /* at least so many rows a range: products keep their speed */
	ATTR_COLUMNS = 256 /* columns of a hidden layer that one job makes */
};

static real *
reals(size_t n, size_t m)
{
	size_t k = size_mul(n, m);

	return xcalloc(k > 0 ? k : 1, sizeof(real));
}

/* ---- Buffers ---- */

static void
tape_init(struct dg_tape *t, const struct dg *m, int first, int n, bool keep)
{
	size_t H = (size_t)m->H, rows = size_mul(keep ? (size_t)m->R : 1, (size_t)n);

	t->first = first;
	t->n = n;
	t->at = xcalloc((size_t)m->R + 1, sizeof *t->at);
	t->row = xcalloc(rows, sizeof *t->row);
	t->noise = reals(rows, (size_t)m->cfg.feat_noise);
	t->h_in = reals(rows, H);
	t->c_in = reals(rows, H);
	t->h = reals(rows, H);
	t->c = reals(rows, H);
	t->gates = reals(rows, 4 * H);
	t->logit = reals((size_t)n, (size_t)m->net.out.out);
	t->random = xcalloc((size_t)n, sizeof *t->random);
}

static void
tape_free(struct dg_tape *t)
{
	free(t->at);
	free(t->row);
	free(t->noise);
	free(t->h_in);
	free(t->c_in);
	free(t->h);
	free(t->c);
	free(t->gates);
	free(t->logit);
	free(t->random);
}

struct dg_gen *
dg_gen_new(const struct dg *m, struct pool *pool, int B, bool keep)
{
	struct dg_gen *g = xcalloc(1, sizeof *g);
	size_t b = (size_t)B, H = (size_t)m->H, U = (size_t)m->cfg.attr_units;
	int i, rows;

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
	g->proj = reals(b, 4 * H);
	g->noise_w = reals((size_t)m->cfg.feat_noise, 4 * H);
	g->live = xcalloc(b, sizeof *g->live);
	rows = split_step(B, split_pieces(B, TAPE_ROWS, 64), 1);
	g->n_tapes = (B + rows - 1) / rows;
	g->tape = xcalloc((size_t)g->n_tapes, sizeof *g->tape);
	for (i = 0; i < g->n_tapes; i++)
		tape_init(&g->tape[i], m, i * rows, split_len(B, rows, i * rows), keep);
	return g;
}

void
dg_gen_free(struct dg_gen *g)
{
	int i;

	if (g == NULL)
		return;
	for (i = 0; i < MLP_LAYERS_MAX; i++) {
		free(g->relu[i]);
		free(g->xhat[i]);
		free(g->bn[i]);
		free(g->inv_std[i]);
	}
	for (i = 0; i < g->n_tapes; i++)
		tape_free(&g->tape[i]);
	free(g->tape);
	free(g->z);
	free(g->hard);
	free(g->proj);
	free(g->noise_w);
	free(g->live);
	free(g);
}

/* ---- Attributes ---- */

/* A layer of the attribute net is made in ranges of columns: batch norm works column by
 * column, and a range stays in the cache from the product to the last step. */
struct layer_job {
	struct dg_gen *g;
	struct dg *train;
	const real *x; /* (B, in) */
	int i;
};

static void
hidden_columns(void *arg, int job)
{
	const struct layer_job *k = arg;
	struct dg_gen *g = k->g;
	const struct dg *m = g->m;
	const struct linear *l = &m->net.attr.l[k->i];
	const struct dg_norm *n = &m->net.norm[k->i];
	int c = job * ATTR_COLUMNS, w = split_len(l->out, ATTR_COLUMNS, c);
	real *relu = g->relu[k->i] + c, *bn = g->bn[k->i] + c;

	gemm_nt(NULL, g->B, w, l->in, k->x, l->in, l->w + (size_t)c * (size_t)l->in,
	    l->in, 0, relu, l->out);
	bias_relu_forward(relu, l->out, l->b + c, g->B, w);
	if (k->train != NULL)
		batchnorm_train(bn, g->xhat[k->i] + c, g->inv_std[k->i] + c,
		    k->train->run_mean[k->i] + c, k->train->run_var[k->i] + c, relu,
		    n->gamma + c, n->beta + c, g->B, l->out, w, (real)m->cfg.bn_decay);
	else
		batchnorm_eval(relu, relu, n->gamma + c, n->beta + c,
		    m->run_mean[k->i] + c, m->run_var[k->i] + c, g->B, l->out, w);
}

void
dg_gen_attr(struct dg_gen *g, struct dg *train)
{
	const struct dg *m = g->m;
	const struct mlp *p = &m->net.attr;
	struct layer_job k = {g, train, g->z, 0};
	const struct linear *l;

	if (p->n == 0)
		return;
	for (k.i = 0; k.i < p->n - 1; k.i++) {
		pool_run(g->pool, hidden_columns, &k,
		    (p->l[k.i].out + ATTR_COLUMNS - 1) / ATTR_COLUMNS);
		k.x = train != NULL ? g->bn[k.i] : g->relu[k.i];
	}
	l = &p->l[p->n - 1];
	gemm_nt(g->pool, g->B, m->A, l->in, k.x, l->in, l->w, l->in, 0, g->out, g->ld);
	bias_forward(g->out, g->ld, l->b, g->B, m->A);
	dg_act_forward(&m->attr_acts, g->out, g->ld, g->B);
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
	dg_gen_condition(g);
}
