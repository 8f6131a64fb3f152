#include "ranked.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/rank.h"
#include "stats/sort.h"

/* Column j: key and row are room for n. */
static void
rank_column(struct ranked *t, const float *x, int j, uint64_t *key, uint32_t *row)
{
	size_t n = t->n, d = (size_t)t->d, first = (size_t)j * n;
	uint32_t k = 0;

	for (size_t i = 0; i < n; i++) {
		float v = x[i * d + (size_t)j];

		assert(isfinite(v));
		key[i] = key_f64((double)v);
		row[i] = (uint32_t)i;
	}
	sort_rows(key, row, n);
	for (size_t i = 0; i < n; i++) {
		k += i > 0 && key[i] != key[i - 1];
		t->rank[row[i] * d + (size_t)j] = k;
		t->sorted[first + i] = (uint64_t)k << 32 | row[i];
		t->value[first + k] = x[row[i] * d + (size_t)j];
	}
}

void
ranked_init(struct ranked *t, const float *x, size_t n, int d)
{
	uint64_t *key = xmalloc(size_mul(n, sizeof *key));
	uint32_t *row = xmalloc(size_mul(n, sizeof *row));
	size_t cells = size_mul(n, (size_t)d);

	assert(n >= 1 && n <= UINT32_MAX && d >= 1);
	t->n = n;
	t->d = d;
	t->rank = xmalloc(size_mul(cells, sizeof *t->rank));
	t->sorted = xmalloc(size_mul(cells, sizeof *t->sorted));
	t->value = xmalloc(size_mul(cells, sizeof *t->value));
	for (int j = 0; j < d; j++)
		rank_column(t, x, j, key, row);
	free(key);
	free(row);
}

void
ranked_free(struct ranked *t)
{
	free(t->rank);
	free(t->sorted);
	free(t->value);
	t->rank = NULL;
	t->sorted = NULL;
	t->value = NULL;
}
