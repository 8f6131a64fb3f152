#include "nn/gumbel.h"

#include <stddef.h>

#include "nn/choice.h"
#include "nn/normal.h"

/* Without a share in the marginals of what can be drawn each has the same, so that the
 * row's own part is 1 - part in any row: gumbel_backward relies on it. */
static void
floor_row(real *row, const real *marginal, int k, real part)
{
	real sum = 0, share;
	int j, open = 0;

	for (j = 0; j < k; j++)
		if (row[j] > 0) {
			sum += marginal[j];
			open++;
		}
	for (j = 0; j < k; j++)
		if (row[j] > 0) {
			share = sum > 0 ? marginal[j] / sum : 1 / (real)open;
			row[j] = (1 - part) * row[j] + part * share;
		}
}

void
gumbel_floor(real *q, const real *marginal, int n, int k, real part)
{
	int i;

	for (i = 0; i < n; i++)
		floor_row(q + (long)i * k, marginal, k, part);
}

static int
largest(const real *x, int k)
{
	int best = 0, j;

	for (j = 1; j < k; j++)
		if (x[j] > x[best])
			best = j;
	return best;
}

void
gumbel_forward(real *soft, const real *q, uint16_t *code, int step, int n, int k,
    struct rng *r)
{
	real noise[CHOICE_MAX], sum, *row;
	int i, j;

	for (i = 0; i < n; i++) {
		row = soft + (long)i * k;
		exponential_fill(noise, (size_t)k, r);
		for (sum = 0, j = 0; j < k; j++) {
			row[j] = q[(long)i * k + j] / noise[j];
			sum += row[j];
		}
		code[(long)i * step] = (uint16_t)largest(row, k);
		for (j = 0; j < k && sum > 0; j++)
			row[j] /= sum;
	}
}

/* ---- Backward ---- */

/* Through a softmax of probabilities p: d = p (d - sum p d). */
static void
softmax_row(real *d, const real *p, int k)
{
	real sum = 0;
	int j;

	for (j = 0; j < k; j++)
		sum += p[j] * d[j];
	for (j = 0; j < k; j++)
		d[j] = p[j] * (d[j] - sum);
}

/* What of a row of log q comes from the logarithm of the block's even part, then from
 * those of its codes: each has its share of the block. */
static void
block_row(real *d, const real *p, const real *q, int k, int block, real part)
{
	int first, end, j, count;
	real mass, sum;

	for (first = 0; first < k; first = end) {
		end = k - first < block ? k : first + block;
		for (mass = 0, count = 0, j = first; j < end; j++) {
			mass += p[j];
			count += q[j] > 0;
		}
		for (sum = 0, j = first; j < end; j++)
			if (q[j] > 0)
				sum += part > 0
				    ? d[j] * (1 - part) * mass / ((real)count * q[j])
				    : d[j];
		for (j = first; j < end; j++)
			d[j] = mass > 0 ? sum * p[j] / mass : 0;
	}
}

/* From log p to the logits. */
static void
logits_row(real *d, const real *p, int k)
{
	real sum = 0;
	int j;

	for (j = 0; j < k; j++)
		sum += d[j];
	for (j = 0; j < k; j++)
		d[j] -= p[j] * sum;
}

void
gumbel_backward(real *d, const real *soft, const real *p, const real *q, int n, int k,
    int block, real part)
{
	long at;
	int i;

	for (i = 0; i < n; i++) {
		at = (long)i * k;
		softmax_row(d + at, soft + at, k);
		if (block > 1 || part > 0)
			block_row(d + at, p + at, q + at, k, block, part);
		logits_row(d + at, p + at, k);
	}
}
