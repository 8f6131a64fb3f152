#include "iteration.h"

#include "passes.h"

/* ---- The first layer of a critic ---- */

static int
longer(int a, int b)
{
	return a > b ? a : b;
}

/* Rows of data or between, or fakes alone. */
enum rows { DATA, BETWEEN, FAKE };

static void
take(struct lengths *l, const struct gan *g, const struct critic *c, enum rows rows)
{
	const int *real_blocks = g->real_blocks, *fake = g->gen->live;
	int b;

	for (b = 0; b < c->B; b++) {
		if (rows == DATA)
			lengths_add(l, c, real_blocks[b]);
		lengths_add(l, c,
		    rows == BETWEEN ? longer(real_blocks[b], fake[b]) : fake[b]);
	}
}

static void
add_first(struct products *q, const struct gan *g, const struct critic *c, int from,
    int to, enum turn turn, int times)
{
	struct lengths l = {0};

	for (; from <= to; from++)
		take(&l, g, c, (enum rows)from);
	products_first(q, c, &l, turn, times);
	lengths_free(&l);
}

/* ---- The nets ---- */

static void
add_critic(struct products *q, const struct gan *g, const struct critic *c, int rounds)
{
	if (c->net->n == 0)
		return;
	add_first(q, g, c, DATA, DATA, NT, rounds);
	add_first(q, g, c, BETWEEN, BETWEEN, NN, rounds);
	add_first(q, g, c, BETWEEN, BETWEEN, NT, rounds);
	add_first(q, g, c, DATA, BETWEEN, TN, rounds);
	add_first(q, g, c, FAKE, FAKE, NT, 1);
	add_first(q, g, c, FAKE, FAKE, NN, 1);
	products_above(q, c, rounds);
}

static void
add_attributes(struct products *q, const struct gan *g)
{
	const struct mlp *p = &g->m->net.attr;
	const struct linear *l;
	long B = g->gen->B;
	int i;

	for (i = 0; i < p->n; i++) {
		l = &p->l[i];
		products_needed(q, NT, B, l->out, l->in, 1);
		products_needed(q, TN, l->out, l->in, B, 1);
		if (i > 0)
			products_needed(q, NN, B, l->in, l->out, 1);
	}
}

static void
add_series(struct products *q, const struct gan *g)
{
	const struct dg *m = g->m;
	long H = m->H, out = m->net.out.out, z = m->cfg.feat_noise, n, all = 0,
	     B = g->gen->B;
	int step, b, rounds = m->cfg.d_rounds;

	products_needed(q, NT, B, 4 * H, m->A, 1);
	products_needed(q, TN, 4 * H, m->A, B, 1);
	for (step = 0; step < g->gen->steps; step++, all += n) {
		for (n = 0, b = 0; b < B; b++)
			n += g->gen->live[b] > step;
		products_needed(q, NT, n, 4 * H, z, rounds);
		products_needed(q, NT, n, 4 * H, H, rounds);
		products_needed(q, NT, n, out, H, rounds);
		products_needed(q, NN, n, H, out, 1);
		products_needed(q, NN, n, H, 4 * H, 1);
	}
	products_needed(q, TN, out, H, all, 1);
	products_needed(q, TN, 4 * H, H, all, 1);
	products_needed(q, TN, 4 * H, z, all, 1);
}

void
products_of(struct products *q, const struct gan *g)
{
	q->n = 0;
	q->needed = 0;
	add_critic(q, g, &g->critic, g->m->cfg.d_rounds);
	add_critic(q, g, &g->aux, g->m->cfg.d_rounds);
	add_attributes(q, g);
	add_series(q, g);
}
