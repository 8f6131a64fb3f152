#include "ar/sink.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "nn/embed.h"
#include "nn/gemm.h"
#include "nn/sums.h"

enum { ARENA = 1 << 20, CODES = 65536 };

/* Rows that were kept. */
struct kept {
	real *v;
	int cols, n;
	int *unit; /* (n) */
	/* rows in the order of their units: those of the g-th unit that has some are
	 * order[first[g]] to order[first[g + 1] - 1] */
	int *order, *first, groups;
};

enum item_kind { MATRIX, VECTOR, TABLE };

struct item {
	enum item_kind kind;
	real *grad;
	int out, in;
	const struct kept *d;
	size_t col;     /* where d begins in what was kept */
	real *x;        /* MATRIX: (n, in) */
	uint16_t *code; /* TABLE: (n) */
};

struct piece {
	struct piece *next;
	size_t size, used;
	max_align_t room[];
};

struct sink {
	struct piece *pieces; /* the one in use first */
	struct kept **kept;
	struct item *item;
	size_t n_kept, cap_kept, n_items, cap_items;
	int units;
	double *square; /* (units) */
	int *place;     /* (units + 1) scratch */
	size_t cap_square, cap_place;
	real *scratch; /* a gradient of one unit */
	double *rows;  /* rows of one unit, in double */
	size_t cap_scratch, cap_rows;
	int *touched; /* codes of one unit */
	size_t cap_touched;
};

/* ---- Memory: pieces that are all given back at once ---- */

static void *
arena(struct sink *s, size_t bytes)
{
	struct piece *p = s->pieces;
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
	struct piece *p;
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
	struct piece *p;

	if (s == NULL)
		return;
	while ((p = s->pieces) != NULL) {
		s->pieces = p->next;
		free(p);
	}
	free(s->kept);
	free(s->item);
	free(s->square);
	free(s->place);
	free(s->scratch);
	free(s->rows);
	free(s->touched);
	free(s);
}

void
sink_begin(struct sink *s, int units)
{
	arena_reset(s);
	s->n_kept = s->n_items = 0;
	s->units = units;
	xgrow(&s->square, &s->cap_square, (size_t)units + 1, sizeof *s->square);
	xgrow(&s->place, &s->cap_place, (size_t)units + 1, sizeof *s->place);
	memset(s->square, 0, (size_t)units * sizeof *s->square);
}

/* ---- Rows ---- */

/* A counting sort by unit. */
static void
group(struct sink *s, struct kept *k)
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
	struct kept *k = arena(s, sizeof *k);
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
static struct item *
new_item(struct sink *s, enum item_kind kind, real *grad, int out, int in,
    struct rows d)
{
	const struct kept *k = NULL;
	struct item *x;
	size_t i;

	for (i = s->n_kept; i-- > 0 && k == NULL;)
		if (s->kept[i]->unit == d.unit)
			k = s->kept[i];
	xgrow(&s->item, &s->cap_items, s->n_items + 1, sizeof *s->item);
	x = &s->item[s->n_items++];
	*x = (struct item){.kind = kind,
	    .grad = grad,
	    .out = out,
	    .in = in,
	    .d = k,
	    .col = (size_t)(d.v - k->v)};
	return x;
}

static const real *
row_of(const struct item *x, int i)
{
	return x->d->v + x->col + (size_t)i * (size_t)x->d->cols;
}

/* ---- Lengths ---- */

static double
dot(const double *a, const double *b, int n)
{
	double sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* |sum of d^T x|^2 of so many rows from their dot products. */
static double
square_by_pairs(struct sink *s, const struct item *x, const int *row, int n)
{
	size_t width = (size_t)(x->out + x->in);
	double sum = 0, *a, *b, both;
	int i, j;

	xgrow(&s->rows, &s->cap_rows, size_mul((size_t)n, width), sizeof *s->rows);
	for (i = 0; i < n; i++) {
		a = s->rows + (size_t)i * width;
		for (j = 0; j < x->out; j++)
			a[j] = (double)row_of(x, row[i])[j];
		for (j = 0; j < x->in; j++)
			a[x->out + j] =
			    (double)x->x[(size_t)row[i] * (size_t)x->in + (size_t)j];
	}
	for (i = 0; i < n; i++)
		for (j = 0; j <= i; j++) {
			a = s->rows + (size_t)i * width;
			b = s->rows + (size_t)j * width;
			both = dot(a, b, x->out) * dot(a + x->out, b + x->out, x->in);
			sum += i == j ? both : 2 * both;
		}
	return sum > 0 || isnan(sum) ? sum : 0;
}

/* The same from the gradient itself, where there are many rows. */
static double
square_by_product(struct sink *s, const struct item *x, const int *row, int n)
{
	size_t weights = size_mul((size_t)x->out, (size_t)x->in);
	size_t rows = (size_t)n * (size_t)(x->out + x->in);
	real *d, *y;
	int i;

	xgrow(&s->scratch, &s->cap_scratch, weights + rows, sizeof *s->scratch);
	d = s->scratch + weights;
	y = d + (size_t)n * (size_t)x->out;
	for (i = 0; i < n; i++) {
		memcpy(d + (size_t)i * (size_t)x->out, row_of(x, row[i]),
		    (size_t)x->out * sizeof *d);
		memcpy(y + (size_t)i * (size_t)x->in,
		    x->x + (size_t)row[i] * (size_t)x->in, (size_t)x->in * sizeof *y);
	}
	gemm_tn(NULL, x->out, x->in, n, d, x->out, y, x->in, 0, s->scratch, x->in);
	return sum_squares(s->scratch, weights);
}

static double
matrix_square(struct sink *s, const struct item *x, const int *row, int n)
{
	if (n == 1)
		return sum_squares(row_of(x, row[0]), (size_t)x->out) *
		    sum_squares(x->x + (size_t)row[0] * (size_t)x->in, (size_t)x->in);
	if ((double)n / 2 * (x->out + x->in) * 8 < (double)x->out * x->in)
		return square_by_pairs(s, x, row, n);
	return square_by_product(s, x, row, n);
}

static double
vector_square(struct sink *s, const struct item *x, const int *row, int n)
{
	double *sum, square = 0;
	int i, j;

	if (n == 1)
		return sum_squares(row_of(x, row[0]), (size_t)x->out);
	xgrow(&s->rows, &s->cap_rows, (size_t)x->out, sizeof *s->rows);
	sum = s->rows;
	memset(sum, 0, (size_t)x->out * sizeof *sum);
	for (i = 0; i < n; i++)
		for (j = 0; j < x->out; j++)
			sum[j] += (double)row_of(x, row[i])[j];
	for (j = 0; j < x->out; j++)
		square += sum[j] * sum[j];
	return square;
}

static int
by_value(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Rows that picked the same row of the table belong together. */
static double
table_square(struct sink *s, const struct item *x, const int *row, int n)
{
	struct item same = *x;
	double square = 0;
	int i, from, *v;

	if (n == 1)
		return sum_squares(row_of(x, row[0]), (size_t)x->out);
	xgrow(&s->touched, &s->cap_touched, 2 * (size_t)n, sizeof *s->touched);
	v = s->touched;
	/* code and row in one number: rows stay in order */
	for (i = 0; i < n; i++)
		v[i] = x->code[row[i]] * n + i;
	qsort(v, (size_t)n, sizeof *v, by_value);
	for (i = 0; i < n; i++)
		v[n + i] = row[v[i] % n];
	for (from = 0; from < n; from = i) {
		for (i = from; i < n && v[i] / n == v[from] / n;)
			i++;
		square += vector_square(s, &same, v + n + from, i - from);
	}
	return square;
}

static void
measure(struct sink *s, const struct item *x)
{
	const struct kept *k = x->d;
	const int *row;
	double square;
	int g, n;

	for (g = 0; g < k->groups; g++) {
		row = k->order + k->first[g];
		n = k->first[g + 1] - k->first[g];
		if (x->kind == MATRIX)
			square = matrix_square(s, x, row, n);
		else if (x->kind == VECTOR)
			square = vector_square(s, x, row, n);
		else
			square = table_square(s, x, row, n);
		s->square[k->unit[row[0]]] += square;
	}
}

/* ---- What is kept ---- */

void
sink_matrix(struct sink *s, real *grad, int out, int in, struct rows d, const real *x,
    int ldx)
{
	struct item *t;

	if (s == NULL) {
		gemm_tn(NULL, out, in, d.n, d.v, d.ld, x, ldx, 1, grad, in);
		return;
	}
	t = new_item(s, MATRIX, grad, out, in, d);
	t->x = arena_of(s, size_mul((size_t)d.n, (size_t)in), sizeof *t->x);
	copy_rows(t->x, x, ldx, d.n, in);
	measure(s, t);
}

void
sink_vector(struct sink *s, real *grad, int out, struct rows d)
{
	if (s == NULL)
		columns_add(grad, d.v, d.ld, d.n, out);
	else
		measure(s, new_item(s, VECTOR, grad, out, 1, d));
}

void
sink_table(struct sink *s, real *grad, int e, struct rows d, const uint16_t *code,
    int step)
{
	struct item *t;
	int i;

	if (s == NULL) {
		embed_backward(grad, d.v, d.ld, e, code, step, d.n);
		return;
	}
	t = new_item(s, TABLE, grad, e, 1, d);
	t->code = arena_of(s, (size_t)d.n, sizeof *t->code);
	for (i = 0; i < d.n; i++)
		t->code[i] = code[(size_t)i * (size_t)step];
	measure(s, t);
}

const double *
sink_squares(const struct sink *s)
{
	return s->square;
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
	const struct item *x;
	const struct kept *k;
	const real *d;
	size_t i;

	for (i = 0; i < s->n_kept; i++)
		scale_rows(s->kept[i]->v, s->kept[i]->cols, s->kept[i]->n,
		    s->kept[i]->unit, part);
	for (i = 0; i < s->n_items; i++) {
		x = &s->item[i];
		k = x->d;
		d = k->v + x->col;
		if (x->kind == MATRIX) {
			clear_rows(x->x, x->in, k->n, k->unit, part);
			gemm_tn(NULL, x->out, x->in, k->n, d, k->cols, x->x, x->in, 1,
			    x->grad, x->in);
		} else if (x->kind == VECTOR) {
			columns_add(x->grad, d, k->cols, k->n, x->out);
		} else {
			embed_backward(x->grad, d, k->cols, x->out, x->code, 1, k->n);
		}
	}
}
