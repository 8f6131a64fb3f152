/*
 * adversarial.c: the adversarial kind as a subject of step.c: the duel, which has no
 * warm-up here, and in which the generator moves from the first step on.
 *
 * What a step needs.  A layer of out units on in inputs costs 2 out in operations a row
 * forward, as many for its weights' gradients, and as many for those of its inputs.
 *
 * The generator's rows are: draws that had a choice, for an attribute's net and for the
 * head of a symbol of a step; all lanes, for the context and what it adds; all steps
 * that are drawn, for the LSTM, which goes from step to step, since each reads the one
 * before.  A draw of k codes gets its gradient from each of its readers, which have an
 * embedding of it, e wide: 2 k e operations a row that the reader has.  Readers are the
 * nets of later attributes and the context, or the step's later heads and the next
 * step, which share one; and each critic that has seen the lane.  Without likelihood
 * nothing is multiplied for real windows before the critics.
 *
 * A critic's rows are as in iteration.h, but a row between has the blocks that both its
 * ends have, and there is one more product: the gradient at the input of real and drawn
 * rows, for the embeddings before it.  Embeddings themselves are looked up.
 *
 * With several rounds those before the last are taken to be as that one.
 */
#include <stdlib.h>

#include "adv/duel.h"
#include "ar/lesson.h"
#include "base/mem.h"
#include "passes.h"
#include "subject.h"

struct bench {
	struct ar_learn *l;
	struct duel *duel;
	uint64_t step;
};

static void *
open_bench(const struct feed *f, struct pool *pool, int batch, struct ns_err *e)
{
	struct bench *b;
	struct ar_config cfg;
	struct ar_learn *l;

	hypers_default(&adversarial_hypers, &cfg);
	cfg.d_alone = 0;
	if (batch > 0)
		cfg.batch_size = batch;
	l = lesson_begin(&(struct lesson){.feed = f,
			     .chunk = f->chunk,
			     .n = 1,
			     .config = &cfg,
			     .pool = pool,
			     .seed = SEED},
	    e);
	if (l == NULL)
		return NULL;
	b = xcalloc(1, sizeof *b);
	b->l = l;
	b->duel = duel_new(l, false);
	return b;
}

static int
step(void *bench, struct ns_err *e)
{
	struct bench *b = bench;
	struct duel_health h;

	return duel_step(b->duel, b->step++, 0, &h, e);
}

/* ---- Draws, and back through their readers ---- */

/* Forward as often as there are rounds, back once. */
static void
add_layer(struct products *q, const struct ar *m, long n, int out, int in)
{
	products_needed(q, NT, n, out, in, m->cfg.d_rounds - 1);
	products_layer(q, n, out, in);
}

/* Draws first .. end - 1 of symbol i (attributes first): their lanes are these or, of
 * rows of the tape, from row off on. */
static void
add_verdicts(struct products *q, const struct duel *d, const struct play *y, int shard,
    int i, int first, int end, int off)
{
	const struct symbol *s = &y->t->m->sym.sym[i];
	int slot = ar_learn_lane(d->l, shard), k, r, n;
	const struct one_critic *o;

	for (k = 0; k < CRITICS; k++) {
		o = &d->critics.of[k];
		if ((i >= y->t->m->P && !o->sight.steps) || o->sight.table[i] == NULL)
			continue;
		for (n = 0, r = first; r < end; r++)
			n += o->row[slot + y->t->slot[y->of[i].row[r] - off]] != NULL;
		products_needed(q, NT, n, s->k, s->e, 1);
	}
}

/* Draws of attribute i that attribute j was asked behind. */
static int
both(const struct play *y, int i, int j)
{
	int r, n = 0;

	for (r = 0; r < y->of[i].n && y->of[j].n > 0; r++)
		n += y->of[j].at[y->of[i].row[r]] >= 0;
	return n;
}

static void
add_attributes(struct products *q, const struct duel *d, const struct play *y,
    int shard)
{
	const struct ar *m = y->t->m;
	const struct symbol *s = m->sym.sym;
	const struct ar_pick *p;
	int i, j, n;

	for (i = 0; i < m->P; i++) {
		n = y->of[i].n;
		p = &m->net.pick[i];
		add_layer(q, m, n, p->l1.out, p->l1.in);
		add_layer(q, m, n, p->l2.out, p->l2.in);
		add_layer(q, m, n, p->out.out, p->out.in);
		if (m->M > 0)
			products_needed(q, NT, n, s[i].k, s[i].e, 1);
		for (j = i + 1; j < m->P; j++)
			products_needed(q, NT, both(y, i, j), s[i].k, s[i].e, 1);
		add_verdicts(q, d, y, shard, i, 0, n, 0);
	}
}

static void
add_lstm(struct products *q, const struct tape *t)
{
	const struct ar *m = t->m;
	long H = m->H, MU = (long)m->M * m->U, n;
	int i, rounds = m->cfg.d_rounds;

	for (i = 0; i < t->window; i++) {
		n = t->live[i];
		products_needed(q, NT, n, 4 * H, m->X, rounds);
		products_needed(q, NT, n, 4 * H, H, rounds);
		products_needed(q, NT, n, MU, H, rounds);
		products_needed(q, NN, n, H, MU, 1);
		if (i > 0)
			products_needed(q, NN, n, H, 4 * H, 1);
		products_needed(q, NN, n, m->X, 4 * H, 1);
	}
	products_needed(q, TN, 4 * H, m->X, t->rows, 1);
	products_needed(q, TN, 4 * H, H, t->rows, 1);
	products_needed(q, TN, MU, H, t->rows, 1);
}

static void
add_head(struct products *q, const struct duel *d, const struct play *y, int shard,
    int j)
{
	const struct tape *t = y->t;
	const struct ar *m = t->m;
	const struct symbol *s = &m->sym.sym[m->P + j];
	const struct drawn *w = &y->of[m->P + j];
	int i, n, rounds = m->cfg.d_rounds;

	for (i = 0; i < t->window; i++) {
		n = w->begin[i + 1] - w->begin[i];
		products_needed(q, NT, n, m->U, s->x, rounds);
		products_needed(q, NT, n, s->k, m->U, rounds);
		products_needed(q, NN, n, m->U, s->k, 1);
		products_needed(q, NN, n, s->x, m->U, 1);
		products_needed(q, NT, n, s->k, s->e, 1);
		add_verdicts(q, d, y, shard, m->P + j, w->begin[i], w->begin[i + 1],
		    t->off[i]);
	}
	products_needed(q, TN, s->k, m->U, w->n, 1);
	products_needed(q, TN, m->U, s->x, w->n, 1);
}

static void
add_play(struct products *q, const struct duel *d, int shard)
{
	const struct play *y = d->play[shard];
	const struct tape *t = y->t;
	const struct ar *m = t->m;
	int j;

	add_attributes(q, d, y, shard);
	if (m->M == 0)
		return;
	add_layer(q, m, t->n, m->C, m->A);
	add_layer(q, m, t->n, 4 * m->H, m->C);
	add_layer(q, m, t->n, m->M * m->U, m->C);
	add_lstm(q, t);
	for (j = 0; j < m->M; j++)
		add_head(q, d, y, shard, j);
}

/* ---- Critics ---- */

/* Rows of so many kinds of windows: real, drawn, between. */
static void
add_first(struct products *q, const struct one_critic *o, int kinds, enum turn turn,
    int times)
{
	struct lengths l = {0};
	int r;

	for (; kinds > 0; kinds--)
		for (r = 0; r < o->rows; r++)
			lengths_add(&l, &o->critic, o->blocks[r]);
	products_first(q, &o->critic, &l, turn, times);
	lengths_free(&l);
}

static void
add_critic(struct products *q, const struct one_critic *o, int rounds)
{
	if (o->rows == 0)
		return;
	add_first(q, o, 2, NT, rounds);
	add_first(q, o, 1, NN, rounds); /* what the penalty is of */
	add_first(q, o, 1, NT, rounds); /* its tangent */
	add_first(q, o, 2, NN, rounds); /* to the embeddings */
	add_first(q, o, 3, TN, rounds);
	add_first(q, o, 1, NT, 1); /* judging */
	add_first(q, o, 1, NN, 1);
	products_above(q, &o->critic, rounds);
}

static double
products(const void *bench, struct products *q)
{
	const struct duel *d = ((const struct bench *)bench)->duel;
	double rows = 0;
	int i;

	q->n = 0;
	q->needed = 0;
	for (i = 0; i < d->l->shards; i++) {
		add_play(q, d, i);
		rows += d->l->tape[i]->rows;
	}
	for (i = 0; i < CRITICS; i++)
		add_critic(q, &d->critics.of[i], d->l->m->cfg.d_rounds);
	return rows;
}

static void
close_bench(void *bench)
{
	struct bench *b = bench;
	struct ar *m = b->l->m;

	duel_free(b->duel);
	ar_learn_free(b->l);
	ar_free(m);
	free(b);
}

const struct subject adversarial_subject = {
    .kind = "adversarial",
    .open = open_bench,
    .step = step,
    .products = products,
    .close = close_bench,
};
