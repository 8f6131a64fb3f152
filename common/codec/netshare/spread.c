#include "codec/netshare/spread.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

#define STREAM_SPREAD 0x73707264
#define NUDGE 4e-3

struct order {
	float first; /* the row's first component */
	uint32_t row;
};

static int
order_cmp(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* Add noise of the given size to a row and bring it to length 1. */
static void
move_row(float *v, uint32_t dim, double size, struct rng *r)
{
	double sum;
	uint32_t d;

	do {
		for (sum = 0, d = 0; d < dim; d++) {
			if (size > 0)
				v[d] += (float)(size * rng_normal(r));
			sum += (double)v[d] * (double)v[d];
		}
		size = size > 0 ? size : 1; /* a row of zeros: try again at random */
	} while (!(sum > 1e-30));
	for (d = 0; d < dim; d++)
		v[d] = (float)((double)v[d] / sqrt(sum));
}

static bool
too_close(const float *a, const float *b, uint32_t dim)
{
	float sum = 0, x;
	uint32_t d;

	for (d = 0; d < dim && sum < SPREAD_LEAST * SPREAD_LEAST; d++) {
		x = a[d] - b[d];
		sum += x * x;
	}
	return sum < SPREAD_LEAST * SPREAD_LEAST;
}

/* One pass over the rows sorted by their first component; returns how many moved. */
static uint32_t
spread_pass(float *v, uint32_t n, uint32_t dim, struct order *o, struct rng *r)
{
	uint32_t i, j, moved = 0;
	bool close;

	for (i = 0; i < n; i++)
		o[i] = (struct order){v[(size_t)i * dim], i};
	qsort(o, n, sizeof *o, order_cmp);
	for (i = 1; i < n; i++) {
		close = false;
		for (j = i;
		     j-- > 0 && o[i].first - o[j].first < SPREAD_LEAST && !close;)
			close = too_close(v + (size_t)o[i].row * dim,
			    v + (size_t)o[j].row * dim, dim);
		if (close) {
			move_row(v + (size_t)o[i].row * dim, dim, NUDGE, r);
			moved++;
		}
	}
	return moved;
}

void
spread_unit_rows(float *v, uint32_t n, uint32_t dim, uint64_t seed)
{
	struct order *o = xcalloc(n, sizeof *o);
	struct rng r;
	uint32_t i;

	rng_init(&r, seed, STREAM_SPREAD);
	for (i = 0; i < n; i++)
		move_row(v + (size_t)i * dim, dim, 0, &r);
	while (spread_pass(v, n, dim, o, &r) > 0)
		continue;
	free(o);
}
