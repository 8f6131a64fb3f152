#include "nn/choice.h"

#include <stddef.h>

#include "nn/layers.h"

/* Far enough below any logit for exp to give 0 exactly. */
#define NEVER ((real)-1e30)

static void
mask_row(real *x, const uint8_t *allow, int k)
{
	int j;

	for (j = 0; j < k; j++)
		if ((allow[j / 8] >> j % 8 & 1) == 0)
			x[j] = NEVER;
}

static void
zero_row(real *y, const uint8_t *allow, int k)
{
	int j;

	for (j = 0; j < k; j++)
		if ((allow[j / 8] >> j % 8 & 1) == 0)
			y[j] = 0;
}

void
choice_forward(real *x, int ldx, uint8_t (*allow)[CHOICE_SET], int n, int k)
{
	int i;

	for (i = 0; allow != NULL && i < n; i++)
		mask_row(x + (long)i * ldx, allow[i], k);
	softmax_forward(x, x, n, k, ldx);
	/* 0 already, but where a logit is not a number */
	for (i = 0; allow != NULL && i < n; i++)
		zero_row(x + (long)i * ldx, allow[i], k);
}

double
choice_loss(const real *y, int ldy, const uint16_t *code, int n)
{
	double sum = 0, p;
	int i;

	for (i = 0; i < n; i++) {
		p = (double)y[(long)i * ldy + code[i]];
		sum -= log(p > 1e-30 ? p : 1e-30);
	}
	return sum;
}

void
choice_backward(real *y, int ldy, const uint16_t *code, int n, int k, real scale)
{
	real *row;
	int i, j;

	for (i = 0; i < n; i++) {
		row = y + (long)i * ldy;
		row[code[i]] -= 1;
		for (j = 0; j < k; j++)
			row[j] *= scale;
	}
}

/* What the codes from first to before end have together, and how many are allowed. */
static real
block_sum(const real *y, const uint8_t *allow, int first, int end, int *count)
{
	real sum = 0;
	int j;

	for (*count = 0, j = first; j < end; j++) {
		sum += y[j];
		*count += allow == NULL || (allow[j / 8] >> j % 8 & 1) != 0;
	}
	return sum;
}

static int
block_end(int first, int block, int k)
{
	return k - first < block ? k : first + block;
}

void
choice_even(real *y, int ldy, uint8_t (*allow)[CHOICE_SET], int n, int k, int block)
{
	const uint8_t *set;
	int i, j, first, end, count;
	real *row, part;

	for (i = 0; i < n; i++) {
		row = y + (long)i * ldy;
		set = allow != NULL ? allow[i] : NULL;
		for (first = 0; first < k; first = end) {
			end = block_end(first, block, k);
			part = block_sum(row, set, first, end, &count);
			part = count > 0 ? part / (real)count : 0;
			for (j = first; j < end; j++)
				row[j] = set == NULL || (set[j / 8] >> j % 8 & 1) != 0
				    ? part
				    : 0;
		}
	}
}

double
choice_block_loss(const real *y, int ldy, uint8_t (*allow)[CHOICE_SET],
    const uint16_t *code, int n, int k, int block)
{
	int i, first, count;
	double sum = 0, p;

	for (i = 0; i < n; i++) {
		first = code[i] / block * block;
		p = (double)block_sum(y + (long)i * ldy,
		    allow != NULL ? allow[i] : NULL, first, block_end(first, block, k),
		    &count);
		p /= count > 0 ? count : 1;
		sum -= log(p > 1e-30 ? p : 1e-30);
	}
	return sum;
}

/* Codes of the block that occurred, without their parts of it.  Where floats have
 * nothing for it the code stands for its block, or it would never be learnt. */
static void
take_parts(real *row, int first, int end, int code, real sum)
{
	int j;

	if (!(sum > 0))
		row[code] -= 1;
	for (j = first; j < end && sum > 0; j++)
		row[j] -= row[j] / sum;
}

void
choice_block_backward(real *y, int ldy, const uint16_t *code, int n, int k, int block,
    real scale)
{
	int i, j, first, end, count;
	real *row;

	for (i = 0; i < n; i++) {
		row = y + (long)i * ldy;
		first = code[i] / block * block;
		end = block_end(first, block, k);
		take_parts(row, first, end, code[i],
		    block_sum(row, NULL, first, end, &count));
		for (j = 0; j < k; j++)
			row[j] *= scale;
	}
}
