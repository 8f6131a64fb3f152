#include <assert.h>

#include "nn/layers.h"
#include "nn/split.h"
#include "nn/vexp.h"

void
relu_forward(real *y, const real *x, long n)
{
	real v[BLOCK];
	long i;
	int j;

	for (i = 0; i < n; i += BLOCK) {
		block_load(v, x + i, n - i);
		for (j = 0; j < BLOCK; j++)
			v[j] = v[j] < 0 ? 0 : v[j]; /* NaN stays */
		block_store(y + i, v, n - i);
	}
}

void
relu_backward(real *dx, const real *dy, const real *y, long n)
{
	real v[BLOCK], d[BLOCK];
	long i;
	int j;

	for (i = 0; i < n; i += BLOCK) {
		block_load(v, y + i, n - i);
		block_load(d, dy + i, n - i);
		for (j = 0; j < BLOCK; j++)
			d[j] = v[j] > 0 ? d[j] : 0;
		block_store(dx + i, d, n - i);
	}
}

void
sigmoid_forward(real *y, const real *x, long n)
{
	real v[BLOCK];
	long i;
	int j;

	for (i = 0; i < n; i += BLOCK) {
		block_load(v, x + i, n - i);
		for (j = 0; j < BLOCK; j++)
			v[j] = vsigmoid(v[j]);
		block_store(y + i, v, n - i);
	}
}

void
sigmoid_backward(real *dx, const real *dy, const real *y, long n)
{
	real v[BLOCK], d[BLOCK];
	long i;
	int j;

	for (i = 0; i < n; i += BLOCK) {
		block_load(v, y + i, n - i);
		block_load(d, dy + i, n - i);
		for (j = 0; j < BLOCK; j++)
			d[j] *= v[j] * (1 - v[j]);
		block_store(dx + i, d, n - i);
	}
}

void
tanh_forward(real *y, const real *x, long n)
{
	real v[BLOCK];
	long i;
	int j;

	for (i = 0; i < n; i += BLOCK) {
		block_load(v, x + i, n - i);
		for (j = 0; j < BLOCK; j++)
			v[j] = vtanh(v[j]);
		block_store(y + i, v, n - i);
	}
}

void
tanh_backward(real *dx, const real *dy, const real *y, long n)
{
	real v[BLOCK], d[BLOCK];
	long i;
	int j;

	for (i = 0; i < n; i += BLOCK) {
		block_load(v, y + i, n - i);
		block_load(d, dy + i, n - i);
		for (j = 0; j < BLOCK; j++)
			d[j] *= 1 - v[j] * v[j];
		block_store(dx + i, d, n - i);
	}
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

static void
exp_all(real *v, int n)
{
	real block[BLOCK];
	int i, j;

	for (i = 0; i < n; i += BLOCK) {
		block_load(block, v + i, n - i);
		for (j = 0; j < BLOCK; j++)
			block[j] = vexp(block[j]);
		block_store(v + i, block, n - i);
	}
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

/* Rows of a few numbers: gathered, so that exp runs over full blocks. */
static void
softmax_narrow(real *y, const real *x, int B, int k, int ld)
{
	real e[8 * BLOCK];
	int rows = 8 * BLOCK / k, i, r, n;

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
	if (k <= BLOCK) {
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
