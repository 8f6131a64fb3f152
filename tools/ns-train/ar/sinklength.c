/* How long gradients of single units are, without making them where that is cheaper. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ar/sinkparts.h"
#include "base/mem.h"
#include "nn/gemm.h"
#include "nn/sums.h"

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
square_by_pairs(struct sink *s, const struct sink_item *x, const int *row, int n)
{
	size_t width = (size_t)(x->out + x->in);
	double sum = 0, *a, *b, both;
	int i, j;

	xgrow(&s->rows, &s->cap_rows, size_mul((size_t)n, width), sizeof *s->rows);
	for (i = 0; i < n; i++) {
		a = s->rows + (size_t)i * width;
		for (j = 0; j < x->out; j++)
			a[j] = (double)sink_row(x, row[i])[j];
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
square_by_product(struct sink *s, const struct sink_item *x, const int *row, int n)
{
	size_t weights = size_mul((size_t)x->out, (size_t)x->in);
	size_t rows = (size_t)n * (size_t)(x->out + x->in);
	real *d, *y;
	int i;

	xgrow(&s->scratch, &s->cap_scratch, weights + rows, sizeof *s->scratch);
	d = s->scratch + weights;
	y = d + (size_t)n * (size_t)x->out;
	for (i = 0; i < n; i++) {
		memcpy(d + (size_t)i * (size_t)x->out, sink_row(x, row[i]),
		    (size_t)x->out * sizeof *d);
		memcpy(y + (size_t)i * (size_t)x->in,
		    x->x + (size_t)row[i] * (size_t)x->in, (size_t)x->in * sizeof *y);
	}
	gemm_tn(NULL, x->out, x->in, n, d, x->out, y, x->in, 0, s->scratch, x->in);
	return sum_squares(s->scratch, weights);
}

static double
matrix_square(struct sink *s, const struct sink_item *x, const int *row, int n)
{
	if (n == 1)
		return sum_squares(sink_row(x, row[0]), (size_t)x->out) *
		    sum_squares(x->x + (size_t)row[0] * (size_t)x->in, (size_t)x->in);
	if ((double)n / 2 * (x->out + x->in) * 8 < (double)x->out * x->in)
		return square_by_pairs(s, x, row, n);
	return square_by_product(s, x, row, n);
}

static double
vector_square(struct sink *s, const struct sink_item *x, const int *row, int n)
{
	double *sum, square = 0;
	int i, j;

	if (n == 1)
		return sum_squares(sink_row(x, row[0]), (size_t)x->out);
	xgrow(&s->rows, &s->cap_rows, (size_t)x->out, sizeof *s->rows);
	sum = s->rows;
	memset(sum, 0, (size_t)x->out * sizeof *sum);
	for (i = 0; i < n; i++)
		for (j = 0; j < x->out; j++)
			sum[j] += (double)sink_row(x, row[i])[j];
	for (j = 0; j < x->out; j++)
		square += sum[j] * sum[j];
	return square;
}

static int
by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Rows that picked the same row of the table belong together. */
static double
table_square(struct sink *s, const struct sink_item *x, const int *row, int n)
{
	double square = 0;
	int64_t *v;
	int i, from;

	if (n == 1)
		return sum_squares(sink_row(x, row[0]), (size_t)x->out);
	xgrow(&s->touched, &s->cap_touched, (size_t)n, sizeof *s->touched);
	xgrow(&s->mates, &s->cap_mates, (size_t)n, sizeof *s->mates);
	v = s->touched;
	for (i = 0; i < n; i++) /* rows stay in order */
		v[i] = (int64_t)x->code[row[i]] * n + i;
	qsort(v, (size_t)n, sizeof *v, by_value);
	for (i = 0; i < n; i++)
		s->mates[i] = row[v[i] % n];
	for (from = 0; from < n; from = i) {
		for (i = from; i < n && v[i] / n == v[from] / n;)
			i++;
		square += vector_square(s, x, s->mates + from, i - from);
	}
	return square;
}

/* The lengths of what single rows add, added up. */
static double
length_of_rows(const struct sink_item *x, const int *row, int n)
{
	double sum = 0, square;
	int i;

	for (i = 0; i < n; i++) {
		square = sum_squares(sink_row(x, row[i]), (size_t)x->out);
		if (x->kind == SINK_MATRIX)
			square *= sum_squares(x->x + (size_t)row[i] * (size_t)x->in,
			    (size_t)x->in);
		sum += sqrt(square);
	}
	return sum;
}

void
sink_measure(struct sink *s, const struct sink_item *x)
{
	const struct sink_kept *k = x->d;
	const int *row;
	double square, length;
	int g, n;

	for (g = 0; g < k->groups; g++) {
		row = k->order + k->first[g];
		n = k->first[g + 1] - k->first[g];
		if (x->kind == SINK_MATRIX)
			square = matrix_square(s, x, row, n);
		else if (x->kind == SINK_VECTOR)
			square = vector_square(s, x, row, n);
		else
			square = table_square(s, x, row, n);
		s->square[k->unit[row[0]]] += square;
		if (n == 1) /* nothing cancels */
			continue;
		length = length_of_rows(x, row, n);
		s->terms[k->unit[row[0]]] += length * length;
	}
}
