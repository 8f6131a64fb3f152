#include "rank.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sort.h"

/* The keys of x, sorted, and the row that each comes from. */
static void
sorted_keys(uint64_t *key, uint32_t *row, const double *x, size_t n)
{
	assert(n <= UINT32_MAX);
	for (size_t i = 0; i < n; i++) {
		assert(!isnan(x[i]));
		key[i] = key_f64(x[i]);
		row[i] = (uint32_t)i;
	}
	sort_rows(key, row, n);
}

void
average_ranks(double *rank, const double *x, size_t n)
{
	uint64_t *key = xmalloc(size_mul(n, sizeof *key));
	uint32_t *row = xmalloc(size_mul(n, sizeof *row));

	sorted_keys(key, row, x, n);
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n && key[j] == key[i];)
			j++;
		for (size_t k = i; k < j; k++)
			rank[row[k]] = (double)(i + j + 1) / 2;
	}
	free(key);
	free(row);
}

static double
mean_of(const double *x, size_t n)
{
	double s = 0;

	for (size_t i = 0; i < n; i++)
		s += x[i];
	return s / (double)n;
}

static int
constant(const double *x, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (x[i] != x[0])
			return 0;
	return 1;
}

double
pearson(const double *x, const double *y, size_t n)
{
	double mx, my, xx = 0, yy = 0, xy = 0, r;

	if (constant(x, n) || constant(y, n))
		return NAN;
	mx = mean_of(x, n);
	my = mean_of(y, n);
	for (size_t i = 0; i < n; i++) {
		xx += (x[i] - mx) * (x[i] - mx);
		yy += (y[i] - my) * (y[i] - my);
		xy += (x[i] - mx) * (y[i] - my);
	}
	/* rounding may lead a little out of [-1, 1] */
	r = xy / (sqrt(xx) * sqrt(yy));
	return fmax(-1, fmin(1, r));
}

double
spearman(const double *x, const double *y, size_t n)
{
	double *rx = xmalloc(size_mul(n, sizeof *rx));
	double *ry = xmalloc(size_mul(n, sizeof *ry)), r;

	average_ranks(rx, x, n);
	average_ranks(ry, y, n);
	r = pearson(rx, ry, n);
	free(rx);
	free(ry);
	return r;
}
