#include "ar/sink.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ar/sinkparts.h"
#include "base/mem.h"
#include "nn/embed.h"
#include "nn/gemm.h"
#include "nn/sums.h"

enum { ARENA = 1 << 20 };

/* ---- Memory: pieces that are all given back at once ---- */

static void *
arena(struct sink *s, size_t bytes)
{
	struct sink_piece *p = s->pieces;
	void *at;

	bytes = (bytes + sizeof(max_align_t) - 1) / sizeof(max_align_t) *
	    sizeof(max_align_t);
	if (p == NULL || p->size - p->used < bytes) {
		size_t size = bytes > ARENA ? bytes : ARENA;

		p = xmalloc(sizeof *p + size);
		p->size = size;
		p->used = 0;
		p->next = s->pieces;
		s->pieces = p;
	}
	at = (char *)p->room + p->used;
	p->used += bytes;
	return at;
}

static void *
arena_of(struct sink *s, size_t n, size_t size)
{
	return arena(s, size_mul(n, size) + 1);
}

/* One piece that holds as much as all of them did. */
static void
arena_reset(struct sink *s)
{
	struct sink_piece *p;
	size_t size = 0, n = 0;

	for (p = s->pieces; p != NULL; p = p->next) {
		size += p->size;
		n++;
	}
	if (n == 1) {
		s->pieces->used = 0;
		return;
	}
	while ((p = s->pieces) != NULL) {
		s->pieces = p->next;
		free(p);
	}
	if (n > 0) {
		arena(s, size);
		s->pieces->used = 0;
	}
}

struct sink *
sink_new(void)
{
	return xcalloc(1, sizeof(struct sink));
}

void
sink_free(struct sink *s)
{
	struct sink_piece *p;

	if (s == NULL)
		return;
	while ((p = s->pieces) != NULL) {
		s->pieces = p->next;
		free(p);
	}
	free(s->kept);
	free(s->item);
	free(s->square);
	free(s->terms);
	free(s->place);
	free(s->scratch);
	free(s->rows);
	free(s->touched);
	free(s->mates);
	free(s);
}

void
sink_begin(struct sink *s, int units)
{
	arena_reset(s);
	s->n_kept = s->n_items = 0;
	s->units = units;
	xgrow(&s->square, &s->cap_square, (size_t)units + 1, sizeof *s->square);
	xgrow(&s->terms, &s->cap_terms, (size_t)units + 1, sizeof *s->terms);
	xgrow(&s->place, &s->cap_place, (size_t)units + 1, sizeof *s->place);
	memset(s->square, 0, (size_t)units * sizeof *s->square);
	memset(s->terms, 0, (size_t)units * sizeof *s->terms);
}

/* ---- Rows ---- */

/* A counting sort by unit. */
static void
group(struct sink *s, struct sink_kept *k)
{
	int *count = s->place, i, u, at = 0, n;

	memset(count, 0, ((size_t)s->units + 1) * sizeof *count);
	for (i = 0; i < k->n; i++)
		count[k->unit[i]]++;
	k->groups = 0;
	for (u = 0; u < s->units; u++) {
		n = count[u];
		count[u] = at;
		if (n > 0)
			k->first[k->groups++] = at;
		at += n;
	}
	k->first[k->groups] = at;
	for (i = 0; i < k->n; i++)
		k->order[count[k->unit[i]]++] = i;
}

static void
copy_rows(real *to, const real *v, int ld, int n, int cols)
{
	int i;

	for (i = 0; i < n; i++)
		memcpy(to + (size_t)i * (size_t)cols, v + (size_t)i * (size_t)ld,
		    (size_t)cols * sizeof *to);
}

struct rows
sink_stack(struct sink *s, struct rows a, struct rows b, int cols)
{
	struct sink_kept *k = arena(s, sizeof *k);
	size_t na = (size_t)a.n, n = na + (size_t)b.n;

	k->n = (int)n;
	k->cols = cols;
	k->v = arena_of(s, size_mul(n, (size_t)cols), sizeof *k->v);
	copy_rows(k->v, a.v, a.ld, a.n, cols);
	copy_rows(k->v + na * (size_t)cols, b.v, b.ld, b.n, cols);
	k->unit = arena_of(s, n, sizeof *k->unit);
	k->order = arena_of(s, n, sizeof *k->order);
	k->first = arena_of(s, n + 1, sizeof *k->first);
	memcpy(k->unit, a.unit, na * sizeof *k->unit);
	if (b.n > 0)
		memcpy(k->unit + na, b.unit, (size_t)b.n * sizeof *k->unit);
	group(s, k);
	xgrow(&s->kept, &s->cap_kept, s->n_kept + 1, sizeof *s->kept);
	s->kept[s->n_kept++] = k;
	return (struct rows){k->v, cols, k->n, k->unit};
}

struct rows
sink_keep(struct sink *s, struct rows r, int cols)
{
	return s == NULL ? r : sink_stack(s, r, (struct rows){NULL, 0, 0, NULL}, cols);
}

const uint16_t *
sink_codes(struct sink *s, const uint16_t *a, int na, const uint16_t *b, int nb,
    int width)
{
	size_t of_a = (size_t)na * (size_t)width, of_b = (size_t)nb * (size_t)width;
	uint16_t *both = arena_of(s, of_a + of_b, sizeof *both);

	memcpy(both, a, of_a * sizeof *both);
	memcpy(both + of_a, b, of_b * sizeof *both);
	return both;
}

/* What d was kept as; it may begin at a later column. */
static struct sink_item *
new_item(struct sink *s, enum sink_kind kind, real *grad, int out, int in,
    struct rows d)
{
	const struct sink_kept *k = NULL;
	struct sink_item *x;
	size_t i;

	for (i = s->n_kept; i-- > 0 && k == NULL;)
		if (s->kept[i]->unit == d.unit)
			k = s->kept[i];
	xgrow(&s->item, &s->cap_items, s->n_items + 1, sizeof *s->item);
	x = &s->item[s->n_items++];
	*x = (struct sink_item){.kind = kind,
	    .grad = grad,
	    .out = out,
	    .in = in,
	    .d = k,
	    .col = (size_t)(d.v - k->v)};
	return x;
}

/* ---- What is kept ---- */

void
sink_matrix(struct sink *s, real *grad, int out, int in, struct rows d, const real *x,
    int ldx)
{
	struct sink_item *t;

	if (s == NULL) {
		gemm_tn(NULL, out, in, d.n, d.v, d.ld, x, ldx, 1, grad, in);
		return;
	}
	t = new_item(s, SINK_MATRIX, grad, out, in, d);
	t->x = arena_of(s, size_mul((size_t)d.n, (size_t)in), sizeof *t->x);
	copy_rows(t->x, x, ldx, d.n, in);
	sink_measure(s, t);
}

void
sink_vector(struct sink *s, real *grad, int out, struct rows d)
{
	if (s == NULL)
		columns_add(grad, d.v, d.ld, d.n, out);
	else
		sink_measure(s, new_item(s, SINK_VECTOR, grad, out, 1, d));
}

void
sink_table(struct sink *s, real *grad, int e, struct rows d, const uint16_t *code,
    int step)
{
	struct sink_item *t;
	int i;

	if (s == NULL) {
		embed_backward(grad, d.v, d.ld, e, code, step, d.n);
		return;
	}
	t = new_item(s, SINK_TABLE, grad, e, 1, d);
	t->code = arena_of(s, (size_t)d.n, sizeof *t->code);
	for (i = 0; i < d.n; i++)
		t->code[i] = code[(size_t)i * (size_t)step];
	sink_measure(s, t);
}

const double *
sink_squares(const struct sink *s)
{
	return s->square;
}

double
sink_length(const struct sink *s, int unit)
{
	double square = s->square[unit];
	double least = SINK_CANCELLED * SINK_CANCELLED * s->terms[unit];

	/* fmax passes over a NaN */
	return isfinite(square) && isfinite(least) ? sqrt(fmax(square, least)) : NAN;
}

/* ---- Pouring ---- */

static void
scale_rows(real *v, int cols, int n, const int *unit, const real *part)
{
	real *row, by;
	int i, j;

	for (i = 0; i < n; i++) {
		row = v + (size_t)i * (size_t)cols;
		by = part[unit[i]];
		if (by == 0)
			memset(row, 0, (size_t)cols * sizeof *row);
		else if (by != 1)
			for (j = 0; j < cols; j++)
				row[j] *= by;
	}
}

/* Zero times what is not finite would not be zero. */
static void
clear_rows(real *x, int cols, int n, const int *unit, const real *part)
{
	int i;

	for (i = 0; i < n; i++)
		if (part[unit[i]] == 0)
			memset(x + (size_t)i * (size_t)cols, 0,
			    (size_t)cols * sizeof *x);
}

void
sink_pour(struct sink *s, const real *part)
{
	const struct sink_item *x;
	const struct sink_kept *k;
	const real *d;
	size_t i;

	for (i = 0; i < s->n_kept; i++)
		scale_rows(s->kept[i]->v, s->kept[i]->cols, s->kept[i]->n,
		    s->kept[i]->unit, part);
	for (i = 0; i < s->n_items; i++) {
		x = &s->item[i];
		k = x->d;
		d = k->v + x->col;
		if (x->kind == SINK_MATRIX) {
			clear_rows(x->x, x->in, k->n, k->unit, part);
			gemm_tn(NULL, x->out, x->in, k->n, d, k->cols, x->x, x->in, 1,
			    x->grad, x->in);
		} else if (x->kind == SINK_VECTOR) {
			columns_add(x->grad, d, k->cols, k->n, x->out);
		} else {
			embed_backward(x->grad, d, k->cols, x->out, x->code, 1, k->n);
		}
	}
}
