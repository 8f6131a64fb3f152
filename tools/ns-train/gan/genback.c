#include "genback.h"

#include <stdlib.h>
#include <string.h>

#include "nn/gemm.h"
#include "nn/layers.h"

static real *
reals(size_t n, size_t m)
{
	size_t k = size_mul(n, m);

	return xcalloc(k > 0 ? k : 1, sizeof(real));
}

void
genback_init(struct genback *w, const struct dg_gen *g)
{
	const struct dg *m = g->m;
	size_t b = (size_t)g->B, H = (size_t)m->H, U = (size_t)m->cfg.attr_units, n,
	       rows;
	int i;

	w->n_tapes = g->n_tapes;
	w->tape = xcalloc((size_t)g->n_tapes, sizeof *w->tape);
	for (i = 0; i < g->n_tapes; i++) {
		n = (size_t)g->tape[i].n;
		rows = size_mul((size_t)m->R, n);
		w->tape[i].dlogit = reals(rows, (size_t)m->net.out.out);
		w->tape[i].dgates = reals(rows, 4 * H);
		w->tape[i].dh = reals(n, H);
		w->tape[i].dh_in = reals(n, H);
		w->tape[i].dc = reals(n, H);
	}
	w->dh_next = reals(b, H);
	w->dc_next = reals(b, H);
	w->dproj = reals(b, 4 * H);
	for (i = 0; i + 1 < m->net.attr.n; i++) {
		w->d[i] = reals(b, U);
		w->gamma[i] = reals(1, U);
		w->beta[i] = reals(1, U);
	}
	w->dbn = reals(b, U);
	w->term = xcalloc((size_t)g->n_tapes, sizeof *w->term);
}

void
genback_free(struct genback *w)
{
	int i;

	for (i = 0; i < w->n_tapes; i++) {
		free(w->tape[i].dlogit);
		free(w->tape[i].dgates);
		free(w->tape[i].dh);
		free(w->tape[i].dh_in);
		free(w->tape[i].dc);
	}
	for (i = 0; i < MLP_LAYERS_MAX; i++) {
		free(w->d[i]);
		free(w->gamma[i]);
		free(w->beta[i]);
	}
	free(w->tape);
	free(w->dh_next);
	free(w->dc_next);
	free(w->dproj);
	free(w->dbn);
	free(w->term);
	memset(w, 0, sizeof *w);
}

/* ---- The feature net ---- */

struct passes {
	struct genback *w;
	const struct dg_gen *g;
	real *dx;
	int ldd;
};

/* Outputs of one step: dx there becomes the gradient of the logits, dh set. */
static void
rows_backward(const struct passes *k, int job, int step, int at, int n)
{
	const struct dg_gen *g = k->g;
	const struct dg *m = g->m;
	const struct linear *o = &m->net.out;
	struct genback_tape *b = &k->w->tape[job];
	size_t width = (size_t)o->out, col = (size_t)m->A + (size_t)step * width, row;
	real *d = b->dlogit + (size_t)at * width;
	int i;

	for (i = 0; i < n; i++) {
		row = (size_t)g->tape[job].row[at + i];
		memcpy(d + (size_t)i * width, k->dx + row * (size_t)k->ldd + col,
		    width * sizeof *d);
		dg_act_backward(&m->block_acts, d + (size_t)i * width, 0,
		    g->out + row * (size_t)g->ld + col, 0, 1);
	}
	gemm_nn(NULL, n, m->H, o->out, d, o->out, o->w, m->H, 0, b->dh, m->H);
}

/* Rows by rows of the batch: what the step behind left is fetched, or is put back. */
static void
add_row(real *to, const real *x, size_t n)
{
	size_t j;

	for (j = 0; j < n; j++)
		to[j] += x[j];
}

static void
step_backward(const struct passes *k, int job, int step)
{
	const struct dg_gen *g = k->g;
	const struct dg_tape *t = &g->tape[job];
	struct genback_tape *b = &k->w->tape[job];
	size_t H = (size_t)g->m->H, i, row, at = (size_t)t->at[step];
	int n = t->at[step + 1] - t->at[step];
	real *dgates = b->dgates + 4 * at * H;

	rows_backward(k, job, step, (int)at, n);
	for (i = 0; i < (size_t)n; i++) {
		row = (size_t)t->row[at + i];
		add_row(b->dh + i * H, k->w->dh_next + row * H, H);
		memcpy(b->dc + i * H, k->w->dc_next + row * H, H * sizeof(real));
	}
	lstm_step_backward(dgates, b->dh_in, b->dc, b->dh, t->gates + 4 * at * H,
	    t->c + at * H, t->c_in + at * H, g->m->net.lstm.w_hh, n, g->m->H);
	for (i = 0; i < (size_t)n; i++) {
		row = (size_t)t->row[at + i];
		memcpy(k->w->dh_next + row * H, b->dh_in + i * H, H * sizeof(real));
		memcpy(k->w->dc_next + row * H, b->dc + i * H, H * sizeof(real));
		add_row(k->w->dproj + 4 * row * H, dgates + 4 * i * H, 4 * H);
	}
}

static void
tape_backward(const struct passes *k, int job)
{
	const struct dg_tape *t = &k->g->tape[job];
	size_t H = (size_t)k->g->m->H, at = (size_t)t->first * H, n = (size_t)t->n * H;
	int step;

	memset(k->w->dh_next + at, 0, n * sizeof(real));
	memset(k->w->dc_next + at, 0, n * sizeof(real));
	memset(k->w->dproj + 4 * at, 0, 4 * n * sizeof(real));
	for (step = t->steps - 1; step >= 0; step--)
		step_backward(k, job, step);
}

/* ---- The attribute net ---- */

static void
attr_backward(const struct passes *k)
{
	struct genback *w = k->w;
	const struct dg_gen *g = k->g;
	const struct dg *m = g->m;
	const struct mlp *p = &m->net.attr;
	const struct linear *l;
	const real *dy = k->dx;
	int i, ldy = k->ldd;

	if (p->n == 0)
		return;
	dg_act_backward(&m->attr_acts, k->dx, k->ldd, g->out, g->ld, g->B);
	for (i = p->n - 1; i > 0; i--) {
		l = &p->l[i];
		gemm_nn(NULL, g->B, l->in, l->out, dy, ldy, l->w, l->in, 0, w->dbn,
		    l->in);
		memset(w->gamma[i - 1], 0, (size_t)l->in * sizeof(real));
		memset(w->beta[i - 1], 0, (size_t)l->in * sizeof(real));
		batchnorm_backward(w->d[i - 1], w->gamma[i - 1], w->beta[i - 1], w->dbn,
		    g->xhat[i - 1], g->inv_std[i - 1], m->net.norm[i - 1].gamma, g->B,
		    l->in, l->in);
		relu_backward(w->d[i - 1], w->d[i - 1], g->relu[i - 1],
		    (long)g->B * l->in);
		dy = w->d[i - 1];
		ldy = l->in;
	}
}

static void
pass(void *arg, int job)
{
	const struct passes *k = arg;

	if (job == 0)
		attr_backward(k);
	else
		tape_backward(k, job - 1);
}

void
genback_run(struct genback *w, const struct dg_gen *g, real *dx, int ldd)
{
	struct passes k = {w, g, dx, ldd};

	pool_run(g->pool, pass, &k, 1 + w->n_tapes);
}

/* ---- Weights ---- */

static void
norm_tiles(const struct genback *w, const struct dg_norm *n, int i, struct update *u)
{
	struct grad_term gamma = {w->gamma[i], NULL, n->n, 0, 1};
	struct grad_term beta = {w->beta[i], NULL, n->n, 0, 1};

	update_vector(u, update_place(u, n->gamma), n->n, &gamma, 1);
	update_vector(u, update_place(u, n->beta), n->n, &beta, 1);
}

static void
attr_tiles(const struct genback *w, const struct dg_gen *g, struct update *u,
    const real *dx, int ldd)
{
	const struct dg_nets *net = &g->m->net;
	const struct linear *l;
	struct grad_term t;
	int i;

	for (i = 0; i < net->attr.n; i++) {
		l = &net->attr.l[i];
		t = (struct grad_term){dx, i == 0 ? g->z : g->bn[i - 1], ldd, l->in,
		    g->B};
		if (i + 1 < net->attr.n) {
			t.d = w->d[i];
			t.ldd = l->out;
			norm_tiles(w, &net->norm[i], i, u);
		}
		update_matrix(u, update_place(u, l->w), l->out, l->in, l->in, 0, &t, 1,
		    NULL);
		t.x = NULL;
		update_vector(u, update_place(u, l->b), l->out, &t, 1);
	}
}

/* Products over all rows of all tapes: of the logits' gradient or of the gates'. */
enum product { LOGIT_ONE, LOGIT_H, GATES_H, GATES_NOISE };

static const struct grad_term *
tape_terms(struct genback *w, const struct dg_gen *g, enum product p)
{
	const struct dg_tape *t;
	struct grad_term *q;
	bool logit = p == LOGIT_ONE || p == LOGIT_H;
	int i, H = g->m->H;

	for (i = 0; i < w->n_tapes; i++) {
		t = &g->tape[i];
		q = &w->term[i];
		q->k = t->at[t->steps];
		q->d = logit ? w->tape[i].dlogit : w->tape[i].dgates;
		q->ldd = logit ? g->m->net.out.out : 4 * H;
		q->x = p == LOGIT_ONE ? NULL
		    : p == LOGIT_H    ? t->h
		    : p == GATES_H    ? t->h_in
				      : t->noise;
		q->ldx = p == GATES_NOISE ? g->m->cfg.feat_noise : H;
	}
	return w->term;
}

static void
series_tiles(struct genback *w, const struct dg_gen *g, struct update *u)
{
	const struct dg *m = g->m;
	const struct lstm_params *l = &m->net.lstm;
	const struct linear *o = &m->net.out;
	struct grad_term hard = {w->dproj, g->hard, 4 * m->H, m->A, g->B}, one = hard;
	int G = 4 * m->H, n = w->n_tapes;

	one.x = NULL;
	update_matrix(u, update_place(u, o->w), o->out, m->H, m->H, 0,
	    tape_terms(w, g, LOGIT_H), n, NULL);
	update_vector(u, update_place(u, o->b), o->out, tape_terms(w, g, LOGIT_ONE), n);
	update_matrix(u, update_place(u, l->w_hh), G, m->H, m->H, 0,
	    tape_terms(w, g, GATES_H), n, NULL);
	if (m->A > 0)
		update_matrix(u, update_place(u, l->w_ih), G, m->A, m->in, 0, &hard, 1,
		    NULL);
	update_matrix(u, update_place(u, l->w_ih) + (size_t)m->A, G, m->cfg.feat_noise,
	    m->in, 0, tape_terms(w, g, GATES_NOISE), n, NULL);
	update_vector(u, update_place(u, l->b_ih), G, &one, 1);
	update_vector(u, update_place(u, l->b_hh), G, &one, 1);
}

void
genback_tiles(struct genback *w, const struct dg_gen *g, struct update *u,
    const real *dx, int ldd)
{
	attr_tiles(w, g, u, dx, ldd);
	series_tiles(w, g, u);
}
