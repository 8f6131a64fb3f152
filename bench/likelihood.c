/*
 * likelihood.c: the autoregressive kind as a subject of step.c.
 *
 * What a step needs.  A layer of out units on in inputs costs 2 out in operations a row
 * forward, as many for its weights' gradients, and as many for those of its inputs.
 * Rows are: lanes whose series begins here and has a choice, for the three layers of an
 * attribute; all lanes of the batch, for the context and what it adds to gates and
 * heads; their steps, for the LSTM and what it adds to the heads; and the steps that
 * have a choice, for a symbol's head.  The state's gradient ends at the begin of a
 * window: its product there is not needed, though it is made.
 */
#include <stdlib.h>

#include "ar/learn.h"
#include "base/le.h"
#include "base/mem.h"
#include "subject.h"

struct bench {
	struct ar *m;
	struct ar_learn *l;
	uint64_t step;
};

static void *
open_bench(const struct feed *f, struct pool *pool, int batch, struct ns_err *e)
{
	const struct feed_chunk *c = &f->chunk[0];
	struct bench *b = xcalloc(1, sizeof *b);
	struct ar_series *all;
	struct ar_config cfg;
	struct rng r;
	size_t i;

	hypers_default(&ar_hypers, &cfg);
	if (batch > 0)
		cfg.batch_size = batch;
	b->m = ar_new(&f->schema, &cfg, c->carry.count, e);
	if (b->m == NULL) {
		free(b);
		return NULL;
	}
	rng_init(&r, SEED, 0);
	ar_init(b->m, &r);
	all = xcalloc(c->n + 1, sizeof *all);
	for (i = 0; i < c->n; i++) {
		all[i].rec = feed_record(f, c, (uint32_t)i);
		all[i].length = get_le32(all[i].rec + f->schema.attr_bytes);
	}
	b->l = ar_learn_new(b->m, pool, all, c->n, SEED, NULL);
	free(all);
	return b;
}

static int
step(void *bench, struct ns_err *e)
{
	struct bench *b = bench;
	struct ar_health h = {0};

	return ar_learn_step(b->l, b->step++, 0, &h, e);
}

/* ---- Products ---- */

static int
has_choice(const struct tape *t, int i, int lane, int row)
{
	const struct ar *m = t->m;
	uint8_t allow[CHOICE_SET];
	uint16_t only;

	return symbols_allow(&m->sym, i, t->attr + (long)lane * m->P,
		   row < 0 ? NULL : t->code + (long)row * m->M,
		   row >= 0 && t->done[row] > 0, allow, &only) != 1;
}

static void
add_attributes(struct products *q, const struct tape *t)
{
	const struct ar_pick *p;
	int i, k, n;

	for (i = 0; i < t->m->P; i++) {
		for (n = 0, k = 0; k < t->n; k++)
			n += t->lane[k]->first == 0 && has_choice(t, i, k, -1);
		p = &t->m->net.pick[i];
		products_layer(q, n, p->l1.out, p->l1.in);
		products_layer(q, n, p->l2.out, p->l2.in);
		products_layer(q, n, p->out.out, p->out.in);
	}
}

static void
add_heads(struct products *q, const struct tape *t)
{
	const struct ar *m = t->m;
	int i, j, k, n;

	for (j = 0; j < m->M; j++) {
		for (n = 0, i = 0; i < t->window; i++)
			for (k = 0; k < t->live[i]; k++)
				n += has_choice(t, m->P + j, k, t->off[i] + k);
		products_layer(q, n, m->U, m->sym.sym[m->P + j].x);
		products_layer(q, n, m->net.head[j].out, m->U);
	}
}

static void
add_lstm(struct products *q, const struct tape *t)
{
	const struct ar *m = t->m;
	int i;

	products_layer(q, t->rows, 4 * m->H, m->X);
	for (i = 0; i < t->window; i++) {
		products_needed(q, NT, t->live[i], 4 * m->H, m->H, 1);
		if (i > 0)
			products_needed(q, NN, t->live[i], m->H, 4 * m->H, 1);
	}
	products_needed(q, TN, 4 * m->H, m->H, t->rows, 1);
	products_layer(q, t->rows, m->M * m->U, m->H);
}

static double
products(const void *bench, struct products *q)
{
	const struct ar_learn *l = ((const struct bench *)bench)->l;
	const struct ar *m = l->m;
	const struct tape *t;
	double rows = 0;
	int i;

	q->n = 0;
	q->needed = 0;
	for (i = 0; i < l->shards; i++) {
		t = l->tape[i];
		add_attributes(q, t);
		products_layer(q, t->n, m->C, m->A);
		products_layer(q, t->n, 4 * m->H, m->C);
		products_layer(q, t->n, m->M * m->U, m->C);
		add_lstm(q, t);
		add_heads(q, t);
		rows += t->rows;
	}
	return rows;
}

static void
close_bench(void *bench)
{
	struct bench *b = bench;

	ar_learn_free(b->l);
	ar_free(b->m);
	free(b);
}

const struct subject likelihood_subject = {
    .kind = "autoregressive",
    .open = open_bench,
    .step = step,
    .products = products,
    .close = close_bench,
};
