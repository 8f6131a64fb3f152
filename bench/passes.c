#include "passes.h"

#include <stdlib.h>

#include "base/mem.h"

static int
falling(const void *a, const void *b)
{
	return *(const int *)b - *(const int *)a;
}

void
lengths_add(struct lengths *l, const struct critic *c, int blocks)
{
	int columns = c->attr + blocks * c->block;

	xgrow(&l->strips, &l->cap, l->n + 1, sizeof *l->strips);
	l->strips[l->n++] = ragged_strips(&c->shape, columns);
	l->columns += columns;
}

void
lengths_free(struct lengths *l)
{
	free(l->strips);
	*l = (struct lengths){0};
}

void
products_first(struct products *q, const struct critic *c, struct lengths *l,
    enum turn turn, int times)
{
	struct ragged r = c->shape;
	struct ragged_run run = {0};
	int out = c->net->l[0].out;

	qsort(l->strips, l->n, sizeof *l->strips, falling);
	r.rows = (int)l->n;
	r.strips = l->strips;
	while (ragged_next(&r, &run)) {
		if (turn == NT)
			products_add(q, NT, run.rows, out, run.cols, times);
		else if (turn == NN)
			products_add(q, NN, run.rows, run.cols, out, times);
		else
			products_add(q, TN, out, run.cols, run.rows, times);
	}
	q->needed += 2.0 * l->columns * out * times;
}

void
products_above(struct products *q, const struct critic *c, int rounds)
{
	const struct linear *l;
	long B = c->B;
	int i;

	for (i = 1; i < c->net->n; i++) {
		l = &c->net->l[i];
		products_needed(q, NT, 3 * B, l->out, l->in, rounds);
		products_needed(q, NN, 3 * B, l->in, l->out, rounds);
		products_needed(q, TN, l->out, l->in, 3 * B, rounds);
		if (i + 1 < c->net->n)
			products_needed(q, NT, B, l->out, l->in, rounds);
		products_needed(q, NT, B, l->out, l->in, 1);
		products_needed(q, NN, B, l->in, l->out, 1);
	}
}
