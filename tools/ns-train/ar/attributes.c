/* Attributes and context: each attribute by its own net, forward and backward. */
#include <string.h>

#include "ar/tapeparts.h"
#include "nn/embed.h"
#include "nn/gemm.h"
#include "nn/layers.h"
#include "nn/sums.h"

void
linear_backward(const struct ar_linear *l, const struct ar_linear *grad, const real *dy,
    const real *x, int ldx, real *dx, int lddx, int n)
{
	gemm_tn(NULL, l->out, l->in, n, dy, l->out, x, ldx, 1, grad->w, l->in);
	columns_add(grad->b, dy, l->out, n, l->out);
	if (dx != NULL)
		gemm_nn(NULL, n, l->in, l->out, dy, l->out, l->w, l->in, 0, dx, lddx);
}

/* The lanes whose series begins here and whose attribute i has a choice; x gathered. */
static int
open_lanes(struct tape *t, int i)
{
	const struct ar *m = t->m;
	int width = m->net.pick[i].l1.in, n = 0, p;
	const uint16_t *attr;
	uint16_t only;

	for (p = 0; p < t->n; p++) {
		if (t->lane[p]->first > 0)
			continue;
		attr = t->attr + (long)p * m->P;
		if (symbols_allow(&m->sym, i, attr, NULL, false, t->allow[n], &only) ==
		    1)
			continue;
		memcpy(t->pick_x + (long)n * width, t->x + (long)p * m->A,
		    (size_t)width * sizeof *t->x);
		t->target[n] = attr[i];
		t->open[n++] = p;
	}
	return n;
}

static void
pick_backward(struct tape *t, int i, int n, real scale, const struct dropout *d)
{
	const struct ar *m = t->m;
	const struct ar_pick *p = &m->net.pick[i], *g = &t->grad.pick[i];
	int width = p->l1.in, j, r;
	long hidden = (long)n * m->V;
	real *to;

	choice_block_backward(t->y, m->sym.sym[i].k, t->target, n, m->sym.sym[i].k,
	    ar_block(m, i), scale);
	linear_backward(&p->out, &g->out, t->y, t->h2, m->V, t->dh2, m->V, n);
	relu_backward(t->dh2, t->dh2, t->h2, hidden);
	dropout_backward(d, t->dh2, hidden);
	linear_backward(&p->l2, &g->l2, t->dh2, t->h1, m->V, t->dh1, m->V, n);
	relu_backward(t->dh1, t->dh1, t->h1, hidden);
	dropout_backward(d, t->dh1, hidden);
	linear_backward(&p->l1, &g->l1, t->dh1, t->pick_x, width, t->pick_dx, width, n);
	for (r = 0; r < n; r++) {
		to = t->dx + (long)t->open[r] * m->A;
		for (j = 0; j < width; j++)
			to[j] += t->pick_dx[(long)r * width + j];
	}
}

void
tape_attributes(struct tape *t, bool backward, real scale, struct dropout *d,
    struct tape_loss *loss)
{
	const struct ar *m = t->m;
	int i, n, k;

	for (i = 0; i < m->P && t->fresh > 0; i++) {
		if ((n = open_lanes(t, i)) == 0)
			continue;
		k = m->sym.sym[i].k;
		ar_pick(m, i, t->pick_x, m->net.pick[i].l1.in, n, t->h1, t->h2, t->y,
		    d);
		ar_choose(m, i, t->y, t->allow, n);
		loss->attr += take_loss(t, i, n, k);
		if (backward && weight_of(t, i) > 0)
			pick_backward(t, i, n, scale * weight_of(t, i), d);
	}
}

void
tape_embeddings(struct tape *t)
{
	const struct ar *m = t->m;
	const struct symbol *s = m->sym.sym;
	int i;

	embed_backward(t->grad.chunk, t->dx, m->A, CHUNK_E, t->chunk, 1, t->n);
	embed_backward(t->grad.length, t->dx + CHUNK_E, m->A, LENGTH_E, t->length, 1,
	    t->n);
	for (i = 0; i < m->P; i++)
		embed_backward(t->grad.embed[i], t->dx + CHUNK_E + LENGTH_E + s[i].x,
		    m->A, s[i].e, t->attr + i, m->P, t->n);
}
