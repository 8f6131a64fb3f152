#include "model/ar/ar.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/huge.h"
#include "base/mem.h"
#include "nn/init.h"

/* ---- The block ---- */

/* Parameters are listed, or views of a block are made of the same calls. */
struct layout {
	struct params *list; /* or NULL */
	real *block;
	size_t off;
};

static real *
lay(struct layout *l, int rows, int cols, const char *what, int i, const char *part)
{
	real *at = l->block != NULL ? l->block + l->off : NULL;
	char name[PARAM_NAME];

	if (l->list != NULL) {
		if (i >= 0)
			snprintf(name, sizeof name, "%s.%d.%s", what, i, part);
		else
			snprintf(name, sizeof name, "%s.%s", what, part);
		params_add(l->list, name, rows, cols);
	}
	l->off += size_mul((size_t)rows, cols > 0 ? (size_t)cols : 1);
	return at;
}

static void
lay_linear(struct layout *l, struct linear *a, int out, int in, const char *what, int i,
    const char *weight, const char *bias)
{
	a->out = out;
	a->in = in;
	a->w = lay(l, out, in, what, i, weight);
	a->b = lay(l, out, 0, what, i, bias);
}

/* Embeddings of chunk, length and the first n attributes. */
static void
lay_reads(struct layout *l, const struct ar *m, struct ar_reads *t, int n,
    const char *what, int i)
{
	const struct symbol *s = m->sym.sym;
	char part[24];
	int j;

	t->n = n;
	t->width = CHUNK_E + LENGTH_E;
	t->chunk = lay(l, m->chunks, CHUNK_E, what, i, "chunk");
	t->length = lay(l, LENGTH_CODES, LENGTH_E, what, i, "length");
	for (j = 0; j < n; j++) {
		snprintf(part, sizeof part, "embed.%d", j);
		t->attr[j] = lay(l, s[j].k, s[j].e, what, i, part);
		t->width += s[j].e;
	}
}

static void
lay_pick(struct layout *l, const struct ar *m, struct ar_pick *p, int i)
{
	lay_reads(l, m, &p->reads, i, "attr", i);
	lay_linear(l, &p->l1, m->V, p->reads.width, "attr", i, "0.weight", "0.bias");
	lay_linear(l, &p->l2, m->V, m->V, "attr", i, "1.weight", "1.bias");
	lay_linear(l, &p->out, m->sym.sym[i].k, m->V, "attr", i, "2.weight", "2.bias");
}

static void
lay_steps(struct layout *l, const struct ar *m, struct ar_nets *net)
{
	int j, k;

	lay_reads(l, m, &net->reads, m->P, "context", -1);
	lay_linear(l, &net->context, m->C, m->A, "context", -1, "weight", "bias");
	if (m->M == 0)
		return;
	net->left = lay(l, PLACE_CODES, PLACE_E, "embed", -1, "left");
	net->done = lay(l, PLACE_CODES, PLACE_E, "embed", -1, "done");
	for (j = 0; j < m->M; j++)
		net->embed[j] = lay(l, m->sym.sym[m->P + j].k, m->sym.sym[m->P + j].e,
		    "embed", j, "weight");
	net->w_x = lay(l, 4 * m->H, m->X, "lstm", -1, "weight_ih");
	net->w_c = lay(l, 4 * m->H, m->C, "lstm", -1, "weight_context");
	net->w_h = lay(l, 4 * m->H, m->H, "lstm", -1, "weight_hh");
	net->b = lay(l, 4 * m->H, 0, "lstm", -1, "bias");
	net->head_h = lay(l, m->M * m->U, m->H, "heads", -1, "weight_lstm");
	net->head_c = lay(l, m->M * m->U, m->C, "heads", -1, "weight_context");
	net->head_b = lay(l, m->M * m->U, 0, "heads", -1, "bias");
	for (j = 0; j < m->M; j++) {
		k = m->sym.sym[m->P + j].x;
		net->head_e[j] =
		    k > 0 ? lay(l, m->U, k, "head", j, "weight_step") : NULL;
		lay_linear(l, &net->head[j], m->sym.sym[m->P + j].k, m->U, "head", j,
		    "weight", "bias");
	}
}

/* The net of each attribute in turn, then that of the steps. */
static void
lay_nets(struct layout *l, const struct ar *m, struct ar_nets *net)
{
	int i;

	for (i = 0; i < m->P; i++) {
		if (l->list != NULL)
			m->net_at[i] = l->off;
		lay_pick(l, m, &net->pick[i], i);
	}
	if (l->list != NULL)
		m->net_at[m->P] = l->off;
	lay_steps(l, m, net);
	if (l->list != NULL)
		m->net_at[m->P + 1] = l->off;
}

/* Attribute i reads the i before it, the steps all P. */
static void
view_alloc(const struct ar *m, struct ar_nets *net)
{
	size_t P = (size_t)m->P, i;

	memset(net, 0, sizeof *net);
	net->pick = xcalloc(P + 1, sizeof *net->pick);
	net->tables = xcalloc(P * (P + 1) / 2 + 1, sizeof *net->tables);
	for (i = 0; i < P; i++)
		net->pick[i].reads.attr = net->tables + i * (i - (i > 0)) / 2;
	net->reads.attr = net->tables + P * (P - (P > 0)) / 2;
	net->embed = xcalloc((size_t)m->M + 1, sizeof *net->embed);
	net->head_e = xcalloc((size_t)m->M + 1, sizeof *net->head_e);
	net->head = xcalloc((size_t)m->M + 1, sizeof *net->head);
}

void
ar_view_free(struct ar_nets *net)
{
	free(net->tables);
	free(net->embed);
	free(net->pick);
	free(net->head_e);
	free(net->head);
	memset(net, 0, sizeof *net);
}

void
ar_view(const struct ar *m, real *block, struct ar_nets *net)
{
	struct layout l = {NULL, block, 0};

	view_alloc(m, net);
	lay_nets(&l, m, net);
}

static void
set_shape(struct ar *m)
{
	m->P = m->sym.n_attr;
	m->M = m->sym.n_step;
	m->A = CHUNK_E + LENGTH_E + m->sym.attr_width;
	m->R = m->sym.step_width;
	m->X = m->R + 2 * PLACE_E;
	m->C = m->cfg.ctx_units;
	m->H = m->cfg.lstm_units;
	m->V = m->cfg.attr_units;
	m->U = m->cfg.head_units;
}

static void
list_params(struct ar *m)
{
	struct layout l = {&m->params, NULL, 0};
	struct ar_nets none;

	m->net_at = xcalloc((size_t)m->P + 2, sizeof *m->net_at);
	view_alloc(m, &none);
	lay_nets(&l, m, &none);
	m->n_train = l.off;
	lay(&l, m->chunks, LENGTH_CODES, "count", -1, "length");
	m->n_all = l.off;
	ar_view_free(&none);
}

/* Fewer than there will be: the layers that read attributes before, and the hidden
 * units of a step.  Known before any list, which of a stream's many bits could be as
 * long. */
static size_t
least_weights(const struct ar *m)
{
	size_t P = (size_t)m->P;

	return (size_t)m->V * P * (P - (P > 0)) + (size_t)m->M * (size_t)m->U;
}

struct ar *
ar_new(const struct tensor_schema *s, const struct ar_config *cfg, int chunks,
    struct ns_err *e)
{
	struct ar *m = xcalloc(1, sizeof *m);

	m->cfg = *cfg;
	m->schema = s;
	m->chunks = chunks;
	if (symbols_new(&m->sym, s, e) < 0) {
		ar_free(m);
		return NULL;
	}
	set_shape(m);
	m->n_all = least_weights(m);
	if (m->n_all <= AR_WEIGHTS_MAX)
		list_params(m);
	if (m->n_all > AR_WEIGHTS_MAX) {
		ns_fail(e, NS_EUSAGE, "the model would have %zu million weights",
		    m->n_all / 1000000);
		ar_free(m);
		return NULL;
	}
	m->block = huge_calloc(m->n_all, sizeof *m->block);
	ar_view(m, m->block, &m->net);
	m->lengths = m->block + m->n_train;
	return m;
}

void
ar_free(struct ar *m)
{
	if (m == NULL)
		return;
	symbols_free(&m->sym);
	ar_view_free(&m->net);
	huge_free(m->block, m->n_all, sizeof *m->block);
	params_free(&m->params);
	free(m->net_at);
	free(m);
}

/* ---- As a kind ---- */

static void *
net_new(const struct tensor_schema *s, const void *cfg, const struct carry *c,
    struct ns_err *e)
{
	return ar_new(s, cfg, c->count, e);
}

static void
net_free(void *net)
{
	ar_free(net);
}

static void
net_view(void *net, struct model_view *v)
{
	struct ar *m = net;

	*v = (struct model_view){.config = &m->cfg,
	    .params = &m->params,
	    .block = m->block,
	    .head = m->n_all,
	    .tail = m->n_all};
}

const struct model_kind adversarial_kind = {
    .name = "adversarial",
    .hypers = &adversarial_hypers,
    .shares = true,
    .net_new = net_new,
    .net_free = net_free,
    .net_view = net_view,
};

const struct model_kind ar_kind = {
    .name = "autoregressive",
    .hypers = &ar_hypers,
    .shares = true,
    .net_new = net_new,
    .net_free = net_free,
    .net_view = net_view,
};

/* ---- Weights at their start ---- */

static void
init_embedding(real *w, int k, int e, struct rng *r)
{
	long i;

	for (i = 0; i < (long)k * e; i++)
		w[i] = (real)(0.5 * rng_normal(r));
}

/* Codes of a number that has bins are in order: codes that are near are alike at first,
 * in the first width columns, which are waves over the codes.  Source: the places of
 * Vaswani et al., NeurIPS 2017, section 3.5, with longer waves. */
static void
init_waves(real *w, int k, int e, int width)
{
	double phase;
	int i, j;

	for (i = 0; i < k; i++)
		for (j = 0; j < width; j++) {
			phase = 3.14159265358979323846 * ((1 + j / 2) * (double)i / k);
			w[(long)i * e + j] =
			    (real)(0.7 * (j % 2 == 0 ? cos(phase) : sin(phase)));
		}
}

static void
init_linear(const struct linear *l, struct rng *r)
{
	init_linear_default(l->w, l->b, l->out, l->in, r);
}

/* Output layers begin small, so that the biases speak. */
static void
init_output(const struct linear *l, struct rng *r)
{
	long i;

	init_linear(l, r);
	for (i = 0; i < (long)l->out * l->in; i++)
		l->w[i] *= (real)0.1;
	init_constant(l->b, l->out, 0);
}

/* An ordered symbol has so many columns of waves. */
static void
init_symbol(const struct symbol *s, real *w, int waves, struct rng *r)
{
	init_embedding(w, s->k, s->e, r);
	if (s->ordered)
		init_waves(w, s->k, s->e, waves);
}

static void
init_reads(const struct ar *m, const struct ar_reads *t, struct rng *r)
{
	int j;

	init_embedding(t->chunk, m->chunks, CHUNK_E, r);
	init_embedding(t->length, LENGTH_CODES, LENGTH_E, r);
	for (j = 0; j < t->n; j++)
		init_symbol(&m->sym.sym[j], t->attr[j], m->sym.sym[j].e, r);
}

static void
init_pick(const struct ar *m, const struct ar_pick *p, struct rng *r)
{
	init_reads(m, &p->reads, r);
	init_linear(&p->l1, r);
	init_linear(&p->l2, r);
	init_output(&p->out, r);
}

static void
init_steps(struct ar *m, struct rng *r)
{
	const struct symbol *s = m->sym.sym + m->P;
	const struct ar_nets *n = &m->net;
	int j;

	init_embedding(n->left, PLACE_CODES, PLACE_E, r);
	init_embedding(n->done, PLACE_CODES, PLACE_E, r);
	for (j = 0; j < m->M; j++)
		init_symbol(&s[j], n->embed[j], s[j].e / 2, r);
	init_xavier_uniform(n->w_x, 4 * m->H, m->X, r);
	init_xavier_uniform(n->w_c, 4 * m->H, m->C, r);
	init_orthogonal(n->w_h, 4 * m->H, m->H, r);
	init_constant(n->b, 4 * m->H, 0);
	init_constant(n->b + m->H, m->H, 1); /* the forget gate */
	init_linear_default(n->head_h, n->head_b, m->M * m->U, m->H, r);
	init_xavier_uniform(n->head_c, m->U, m->C, r);
	for (j = 1; j < m->M; j++)
		init_xavier_uniform(n->head_c + (long)j * m->U * m->C, m->U, m->C, r);
	for (j = 0; j < m->M; j++) {
		if (n->head_e[j] != NULL)
			init_xavier_uniform(n->head_e[j], m->U, s[j].x, r);
		init_output(&n->head[j], r);
	}
}

void
ar_init(struct ar *m, struct rng *r)
{
	const struct ar_nets *n = &m->net;
	int i;

	for (i = 0; i < m->P; i++)
		init_pick(m, &n->pick[i], r);
	init_reads(m, &n->reads, r);
	init_linear(&n->context, r);
	if (m->M > 0)
		init_steps(m, r);
}

void
ar_set_marginals(struct ar *m, const double *count)
{
	const struct linear *l;
	const double *seen;
	double total;
	int i, j;

	for (i = 0; i < m->P + m->M; i++) {
		l = i < m->P ? &m->net.pick[i].out : &m->net.head[i - m->P];
		seen = count + m->sym.sym[i].first;
		for (total = 0, j = 0; j < l->out; j++)
			total += seen[j] + 0.5;
		for (j = 0; j < l->out; j++)
			l->b[j] = (real)log((seen[j] + 0.5) / total);
	}
}

/* ---- Lengths that were not learnt ---- */

static bool
is_counted(const struct ar *m, int code)
{
	int c;

	for (c = 0; c < m->chunks; c++)
		if (m->lengths[(long)c * LENGTH_CODES + code] > 0)
			return true;
	return false;
}

/* The longer of two that are as near; none is counted: itself. */
static int
nearest_counted(const struct ar *m, int code)
{
	int d;

	for (d = 0; d < LENGTH_CODES; d++) {
		if (code + d < LENGTH_CODES && is_counted(m, code + d))
			return code + d;
		if (code - d >= 0 && is_counted(m, code - d))
			return code - d;
	}
	return code;
}

static void
copy_length(const struct ar_reads *t, int to, int from)
{
	memmove(t->length + (long)to * LENGTH_E, t->length + (long)from * LENGTH_E,
	    LENGTH_E * sizeof *t->length);
}

void
ar_fill_lengths(const struct ar *m)
{
	int code, from, i;

	for (code = 0; code < LENGTH_CODES; code++) {
		from = nearest_counted(m, code);
		for (i = 0; i < m->P; i++)
			copy_length(&m->net.pick[i].reads, code, from);
		copy_length(&m->net.reads, code, from);
	}
}
