#include <assert.h>

#include "nn/layers.h"
#include "nn/split.h"
#include "nn/vexp.h"

enum { GATHER = 256 }; /* numbers of short softmaxes that are taken together */

VECTOR_CLONES void
relu_forward(real *y, const real *x, long n)
{
	long i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		y[i] = x[i] < 0 ? 0 : x[i]; /* NaN stays */
}

VECTOR_CLONES void
relu_backward(real *dx, const real *dy, const real *y, long n)
{
	long i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		dx[i] = y[i] > 0 ? dy[i] : 0;
}

VECTOR_CLONES void
relu_tangent(real *y, const real *t, long n)
{
	long i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		y[i] = y[i] > 0 ? t[i] : 0;
}

VECTOR_CLONES void
bias_forward(real *y, int ld, const real *b, int rows, int n)
{
	int i, j;

	for (i = 0; i < rows; i++, y += ld)
		VECTOR_LOOP
	for (j = 0; j < n; j++)
		y[j] += b[j];
}

VECTOR_CLONES void
bias_relu_forward(real *y, int ld, const real *b, int rows, int n)
{
	real v;
	int i, j;

	for (i = 0; i < rows; i++, y += ld)
		VECTOR_LOOP
	for (j = 0; j < n; j++) {
		v = y[j] + b[j];
		y[j] = v < 0 ? 0 : v;
	}
}

VECTOR_CLONES void
sigmoid_forward(real *y, const real *x, long n)
{
	long i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		y[i] = vsigmoid(x[i]);
}

VECTOR_CLONES void
sigmoid_backward(real *dx, const real *dy, const real *y, long n)
{
	long i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		dx[i] = dy[i] * (y[i] * (1 - y[i]));
}

VECTOR_CLONES void
tanh_forward(real *y, const real *x, long n)
{
	long i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		y[i] = vtanh(x[i]);
}

VECTOR_CLONES void
tanh_backward(real *dx, const real *dy, const real *y, long n)
{
	long i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		dx[i] = dy[i] * (1 - y[i] * y[i]);
}

/* Subtract the largest of k numbers, so that no exponential overflows. */
static void
subtract_max(real *y, const real *x, int k)
{
	real max = x[0];
	int j;

	for (j = 1; j < k; j++)
		max = x[j] > max ? x[j] : max;
	for (j = 0; j < k; j++)
		y[j] = x[j] - max;
}

VECTOR_CLONES static void
exp_all(real *v, int n)
{
	int i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		v[i] = vexp(v[i]);
}

/* y = e / sum of e over k numbers; y may be e. */
static void
divide_by_sum(real *y, const real *e, int k)
{
	real sum = 0;
	int j;

	for (j = 0; j < k; j++)
		sum += e[j];
	sum = 1 / sum;
	for (j = 0; j < k; j++)
		y[j] = e[j] * sum;
}

/* Rows of a few numbers: gathered, so that exp runs over full vectors. */
static void
softmax_narrow(real *y, const real *x, int B, int k, int ld)
{
	real e[GATHER];
	int rows = GATHER / k, i, r, n;

	for (i = 0; i < B; i += rows) {
		n = split_len(B, rows, i);
		for (r = 0; r < n; r++)
			subtract_max(e + r * k, x + (long)(i + r) * ld, k);
		exp_all(e, n * k);
		for (r = 0; r < n; r++)
			divide_by_sum(y + (long)(i + r) * ld, e + r * k, k);
	}
}

void
softmax_forward(real *y, const real *x, int B, int k, int ld)
{
	real *row;
	int i;

	assert(k > 0);
	if (k <= GATHER / 8) {
		softmax_narrow(y, x, B, k, ld);
		return;
	}
	for (i = 0; i < B; i++) {
		row = y + (long)i * ld;
		subtract_max(row, x + (long)i * ld, k);
		exp_all(row, k);
		divide_by_sum(row, row, k);
	}
}

/* Groups are gathered, so that exp runs over full vectors. */
void
softmax_groups(real *x, const int *off, const int *k, int n)
{
	real e[GATHER];
	int i = 0, first, at, j;

	while (i < n) {
		if (k[i] > GATHER / 2) {
			softmax_forward(x + off[i], x + off[i], 1, k[i], k[i]);
			i++;
			continue;
		}
		for (first = i, at = 0; i < n && at + k[i] <= GATHER; at += k[i++])
			subtract_max(e + at, x + off[i], k[i]);
		exp_all(e, at);
		for (j = first, at = 0; j < i; at += k[j++])
			divide_by_sum(x + off[j], e + at, k[j]);
	}
}

void
softmax_backward(real *dx, const real *dy, const real *y, int B, int k, int ld)
{
	real sum;
	long row;
	int i, j;

	for (i = 0; i < B; i++) {
		row = (long)i * ld;
		sum = 0;
		for (j = 0; j < k; j++)
			sum += dy[row + j] * y[row + j];
		for (j = 0; j < k; j++)
			dx[row + j] = y[row + j] * (dy[row + j] - sum);
	}
}
