/* Attributes: drawn, and back. */
#include "adv/play.h"

#include <stdlib.h>
#include <string.h>

#include "ar/tapeparts.h"
#include "base/mem.h"
#include "nn/embed.h"
#include "nn/gemm.h"
#include "nn/gumbel.h"

/* ---- Buffers ---- */

static real *
matrix(size_t rows, int cols)
{
	return xcalloc(size_mul(rows, (size_t)cols) + 1, sizeof(real));
}

void
carried_on_init(struct carried_on *on, const struct ar *m, int lanes)
{
	size_t n = (size_t)lanes;

	on->attr = xcalloc(n * ((size_t)m->P + 1), sizeof *on->attr);
	on->last = xcalloc(n * ((size_t)m->M + 1), sizeof *on->last);
	on->h = matrix(n, m->H);
	on->c = matrix(n, m->H);
}

void
carried_on_free(struct carried_on *on)
{
	free(on->attr);
	free(on->last);
	free(on->h);
	free(on->c);
	memset(on, 0, sizeof *on);
}

static void
drawn_init(struct drawn *d, size_t rows, int k)
{
	d->row = xcalloc(rows + 1, sizeof *d->row);
	d->p = matrix(rows, k);
	d->q = matrix(rows, k);
	d->soft = matrix(rows, k);
	d->d = matrix(rows, k);
}

static void
drawn_free(struct drawn *d)
{
	void *const all[] = {d->row, d->at, d->p, d->q, d->soft, d->d, d->x, d->h1,
	    d->h2, d->dx, d->begin};
	size_t i;

	for (i = 0; i < LEN(all); i++)
		free(all[i]);
}

struct play *
play_new(const struct ar *m, struct tape *t, const real *marginal)
{
	struct play *y = xcalloc(1, sizeof *y);
	size_t lanes = (size_t)t->cap, rows = size_mul(lanes, (size_t)t->window);
	const struct symbol *s = m->sym.sym;
	struct drawn *d;
	int i, wide = 1;

	y->t = t;
	y->marginal = marginal;
	y->of = xcalloc((size_t)(m->P + m->M) + 1, sizeof *y->of);
	for (i = 0; i < m->P + m->M; i++) {
		d = &y->of[i];
		wide = s[i].e > wide ? s[i].e : wide;
		drawn_init(d, i < m->P ? lanes : rows, s[i].k);
		if (i >= m->P) {
			d->begin = xcalloc((size_t)t->window + 1, sizeof *d->begin);
			continue;
		}
		d->at = xcalloc(lanes + 1, sizeof *d->at);
		d->x = matrix(lanes, m->net.pick[i].reads.width);
		d->dx = matrix(lanes, m->net.pick[i].reads.width);
		d->h1 = matrix(lanes, m->V);
		d->h2 = matrix(lanes, m->V);
	}
	y->code = xcalloc(rows + 1, sizeof *y->code);
	y->at = xcalloc(rows + 1, sizeof *y->at);
	y->scratch = matrix(rows, wide);
	y->through = matrix(rows, wide);
	return y;
}

void
play_free(struct play *y)
{
	int i;

	if (y == NULL)
		return;
	for (i = 0; i < y->t->m->P + y->t->m->M; i++)
		drawn_free(&y->of[i]);
	free(y->of);
	free(y->code);
	free(y->at);
	free(y->scratch);
	free(y->through);
	free(y);
}

/* ---- Draws of any symbol ---- */

void
play_draw_codes(struct play *y, int i, int from, int n, struct rng *r)
{
	const struct ar *m = y->t->m;
	struct drawn *d = &y->of[i];
	int k = m->sym.sym[i].k;
	size_t at = (size_t)from * (size_t)k, all = (size_t)n * (size_t)k;
	real *q = d->p + at;

	ar_choose(m, i, d->p + at, y->t->allow, n);
	if (ar_block(m, i) > 1 || y->floor > 0) {
		q = d->q + at;
		memcpy(q, d->p + at, all * sizeof *q);
		ar_smooth(m, i, q, y->t->allow, n);
		if (y->floor > 0)
			gumbel_floor(q, y->marginal + m->sym.sym[i].first, n, k,
			    y->floor);
	}
	gumbel_forward(d->soft + at, q, y->code, 1, n, k, r);
}

void
play_judge(struct play *y, int i, int at, int from, int n, const int *lanes,
    const struct verdict *v, int n_verdicts)
{
	const struct symbol *s = &y->t->m->sym.sym[i];
	real *d = y->of[i].d + (size_t)from * (size_t)s->k;
	int r, w, first = 0, end;

	/* stretches of draws whose lanes have been seen */
	for (w = 0; w < n_verdicts; w++) {
		if (i >= y->t->m->P && !v[w].sight->steps)
			continue;
		for (first = 0; first < n; first = end + 1) {
			for (end = first; end < n; end++) {
				y->at[end] =
				    v[w].row[v[w].first + y->t->slot[lanes[end]]];
				if (y->at[end] == NULL)
					break;
			}
			r = end - first;
			if (r > 0)
				sight_codes(v[w].sight, i, at, y->at + first, r,
				    d + (long)first * s->k, y->scratch);
		}
	}
}

/* ---- Attributes, drawn ---- */

/* The lanes whose series begin here and have a choice; the others get their code. */
static int
find_open(struct play *y, int i)
{
	struct tape *t = y->t;
	const struct ar *m = t->m;
	struct drawn *d = &y->of[i];
	uint16_t *attr, only;
	int p, n = 0;

	for (p = 0; p < t->n; p++) {
		d->at[p] = -1;
		if (t->lane[p]->first > 0)
			continue;
		attr = t->attr + (long)p * m->P;
		if (symbols_allow(&m->sym, i, attr, NULL, false, t->allow[n], &only) ==
		    1) {
			attr[i] = only;
			continue;
		}
		tape_pick_codes(t, n, p);
		d->at[p] = n;
		d->row[n++] = p;
	}
	return d->n = n;
}

static void
draw_attribute(struct play *y, int i, struct rng *r)
{
	struct tape *t = y->t;
	const struct ar *m = t->m;
	struct drawn *d = &y->of[i];
	int n = find_open(y, i), j;

	if (n == 0)
		return;
	ar_embed(m, &m->net.pick[i].reads, d->x, t->pick_chunk, t->pick_length,
	    t->pick_attr, n);
	ar_pick(m, i, d->x, n, d->h1, d->h2, d->p, NULL);
	play_draw_codes(y, i, 0, n, r);
	for (j = 0; j < n; j++)
		t->attr[(long)d->row[j] * m->P + i] = y->code[j];
}

/* Attributes of series that go on, to the tape; of those that begin, from it. */
static void
pass_attributes(const struct tape *t, struct carried_on *on, bool back)
{
	size_t P = (size_t)t->m->P, bytes = P * sizeof *on->attr;
	uint16_t *mine, *theirs;
	int p;

	for (p = 0; p < t->n; p++) {
		mine = t->attr + (size_t)p * P;
		theirs = on->attr + (size_t)t->slot[p] * P;
		if (back)
			memcpy(theirs, mine, bytes);
		else if (t->lane[p]->first > 0)
			memcpy(mine, theirs, bytes);
	}
}

static void
hand_out(const struct tape *t, struct codes *out, int first)
{
	size_t P = (size_t)t->m->P, M = (size_t)t->m->M;
	uint32_t step;
	int p, i;

	for (p = 0; p < t->n; p++) {
		i = first + t->slot[p];
		codes_place(out, i, t->lane[p]);
		memcpy(codes_attr(out, i), t->attr + (size_t)p * P,
		    P * sizeof *t->attr);
		for (step = 0; step < t->lane[p]->n && M > 0; step++)
			memcpy(codes_step(out, i, (int)step),
			    t->code + (size_t)(t->off[step] + p) * M,
			    M * sizeof *t->code);
	}
}

void
play_draw(struct play *y, struct carried_on *on, struct codes *out, int first,
    struct rng *r)
{
	int i;

	pass_attributes(y->t, on, false);
	for (i = 0; i < y->t->m->P; i++)
		draw_attribute(y, i, r);
	pass_attributes(y->t, on, true);
	if (y->t->m->M > 0)
		play_draw_steps(y, on, r);
	hand_out(y->t, out, first);
}

/* ---- Attributes, back ---- */

/* What one reader's gradients dx, rows ld apart, say to the draws of symbol i: row
 * at[p] is that of lane p, at NULL: row p. */
static void
from_reader(struct play *y, int i, const struct ar_reads *reads, const real *dx, int ld,
    const int *at)
{
	const struct symbol *s = &y->t->m->sym.sym[i];
	int col = CHUNK_E + LENGTH_E + s->x, r, from;
	struct drawn *d = &y->of[i];
	bool any = false;
	real *to;

	for (r = 0; r < d->n; r++) {
		to = y->through + (long)r * s->e;
		from = at != NULL ? at[d->row[r]] : d->row[r];
		if (from >= 0)
			memcpy(to, dx + (long)from * ld + col,
			    (size_t)s->e * sizeof *to);
		else
			memset(to, 0, (size_t)s->e * sizeof *to);
		any |= from >= 0;
	}
	if (any)
		gemm_nt(NULL, d->n, s->k, s->e, y->through, s->e, reads->attr[i], s->e,
		    1, d->d, s->k);
}

static void
back_attribute(struct play *y, int i, const struct verdict *v, int n)
{
	struct tape *t = y->t;
	const struct ar *m = t->m;
	struct drawn *d = &y->of[i], *later;
	int k = m->sym.sym[i].k, j;

	memset(d->d, 0, (size_t)d->n * (size_t)k * sizeof *d->d);
	if (m->M > 0)
		from_reader(y, i, &m->net.reads, t->dx, m->A, NULL);
	for (j = i + 1; j < m->P; j++) {
		later = &y->of[j];
		if (later->n > 0)
			from_reader(y, i, &m->net.pick[j].reads, later->dx,
			    m->net.pick[j].reads.width, later->at);
	}
	play_judge(y, i, 0, 0, d->n, d->row, v, n);
	gumbel_backward(d->d, d->soft, d->p, d->q, d->n, k, ar_block(m, i), y->floor);
	for (j = 0; j < d->n; j++)
		tape_pick_codes(t, j, d->row[j]);
	tape_pick_backward(t, i,
	    &(struct pick_pass){d->x, d->h1, d->h2, d->d, d->dx, NULL}, d->n, NULL);
}

void
play_back(struct play *y, const struct verdict *v, int n)
{
	int i;

	if (y->t->m->M > 0)
		play_back_steps(y, v, n);
	for (i = y->t->m->P - 1; i >= 0; i--)
		if (y->of[i].n > 0)
			back_attribute(y, i, v, n);
}
