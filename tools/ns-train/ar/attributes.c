/* Attributes: each by its own net, forward and backward. */
#include <string.h>

#include "ar/tapeparts.h"
#include "nn/gemm.h"
#include "nn/layers.h"

void
linear_backward(struct tape *t, const struct linear *l, const struct linear *grad,
    struct rows dy, const real *x, real *dx)
{
	struct rows d = sink_keep(t->sink, dy, l->out);

	sink_matrix(t->sink, grad->w, l->out, l->in, d, x, l->in);
	sink_vector(t->sink, grad->b, l->out, d);
	gemm_nn(NULL, dy.n, l->in, l->out, dy.v, dy.ld, l->w, l->in, 0, dx, l->in);
}

static struct rows
columns_from(struct rows r, int col)
{
	r.v += col;
	return r;
}

void
reads_backward(struct tape *t, const struct ar_reads *grad, struct rows dx,
    const uint16_t *chunk, const uint16_t *length, const uint16_t *attr)
{
	const struct symbol *s = t->m->sym.sym;
	struct rows d;
	int j;

	if (t->frozen)
		return;
	d = sink_keep(t->sink, dx, grad->width);
	sink_table(t->sink, grad->chunk, CHUNK_E, d, chunk, 1);
	sink_table(t->sink, grad->length, LENGTH_E, columns_from(d, CHUNK_E), length,
	    1);
	for (j = 0; j < grad->n; j++)
		sink_table(t->sink, grad->attr[j], s[j].e,
		    columns_from(d, CHUNK_E + LENGTH_E + s[j].x), attr + j, t->m->P);
}

void
tape_pick_codes(struct tape *t, int n, int p)
{
	size_t P = (size_t)t->m->P;

	t->pick_chunk[n] = t->chunk[p];
	t->pick_length[n] = t->length[p];
	memcpy(t->pick_attr + (size_t)n * P, t->attr + (size_t)p * P,
	    P * sizeof *t->attr);
}

/* The lanes whose series begins here and whose attribute i has a choice; what its net
 * reads of them gathered. */
static int
open_lanes(struct tape *t, int i)
{
	const struct ar *m = t->m;
	const uint16_t *attr;
	int n = 0, p;
	uint16_t only;

	for (p = 0; p < t->n; p++) {
		if (t->lane[p]->first > 0)
			continue;
		attr = t->attr + (long)p * m->P;
		if (symbols_allow(&m->sym, i, attr, NULL, false, t->allow[n], &only) ==
		    1)
			continue;
		tape_pick_codes(t, n, p);
		t->open[n] = p;
		t->open_unit[n] = t->unit[p];
		t->target[n++] = attr[i];
	}
	return n;
}

/* A series counts by its length, which is given: so many records have its attributes.
 */
static void
weigh_lengths(struct tape *t, int n, int k)
{
	real weight;
	int i, j;

	for (i = 0; i < n; i++) {
		weight = (real)t->lane[t->open[i]]->series->length;
		for (j = 0; j < k; j++)
			t->y[(long)i * k + j] *= weight;
	}
}

void
tape_pick_backward(struct tape *t, int i, const struct pick_pass *q, int n,
    const struct dropout *d)
{
	const struct ar *m = t->m;
	const struct ar_pick *p = &m->net.pick[i], *g = &t->grad.pick[i];
	long hidden = (long)n * m->V;

	linear_backward(t, &p->out, &g->out,
	    (struct rows){q->dy, p->out.out, n, q->unit}, q->h2, t->dh2);
	relu_backward(t->dh2, t->dh2, q->h2, hidden);
	dropout_backward(d, t->dh2, hidden);
	linear_backward(t, &p->l2, &g->l2, (struct rows){t->dh2, m->V, n, q->unit},
	    q->h1, t->dh1);
	relu_backward(t->dh1, t->dh1, q->h1, hidden);
	dropout_backward(d, t->dh1, hidden);
	linear_backward(t, &p->l1, &g->l1, (struct rows){t->dh1, m->V, n, q->unit},
	    q->x, q->dx);
	reads_backward(t, &g->reads, (struct rows){q->dx, g->reads.width, n, q->unit},
	    t->pick_chunk, t->pick_length, t->pick_attr);
}

static void
pick_backward(struct tape *t, int i, int n, real scale, const struct dropout *d)
{
	const struct pick_pass q = {t->pick_x, t->h1, t->h2, t->y, t->pick_dx,
	    t->open_unit};
	int k = t->m->sym.sym[i].k;

	choice_block_backward(t->y, k, t->target, n, k, ar_block(t->m, i), scale);
	if (t->by_length)
		weigh_lengths(t, n, k);
	tape_pick_backward(t, i, &q, n, d);
}

void
tape_attributes(struct tape *t, bool backward, real scale, struct dropout *d,
    struct tape_loss *loss)
{
	const struct ar *m = t->m;
	int i, n, k;

	for (i = 0; i < m->P && t->fresh > 0; i++) {
		if (weight_of(t, i) == 0 && t->each == NULL)
			continue; /* nobody asks */
		if ((n = open_lanes(t, i)) == 0)
			continue;
		k = m->sym.sym[i].k;
		ar_embed(m, &m->net.pick[i].reads, t->pick_x, t->pick_chunk,
		    t->pick_length, t->pick_attr, n);
		ar_pick(m, i, t->pick_x, n, t->h1, t->h2, t->y, d);
		ar_choose(m, i, t->y, t->allow, n);
		loss->attr += take_loss(t, i, n, k);
		if (backward)
			pick_backward(t, i, n, scale * weight_of(t, i), d);
	}
}
