#include "countsketch.h"

#include <stdlib.h>

#include "base/mem.h"

struct countsketch *
countsketch_new(int depth, size_t width, struct rng *r)
{
	struct countsketch *s = xcalloc(1, sizeof *s);

	assert(depth >= 1 && depth <= COUNTSKETCH_MAX_DEPTH && width >= 1);
	s->depth = depth;
	s->width = width;
	s->row = xcalloc((size_t)depth, sizeof *s->row);
	s->cell = xcalloc(size_mul((size_t)depth, width), sizeof *s->cell);
	for (int i = 0; i < depth; i++) {
		hash4_draw(&s->row[i].bucket, r);
		hash4_draw(&s->row[i].sign, r);
	}
	return s;
}

void
countsketch_free(struct countsketch *s)
{
	if (s == NULL)
		return;
	free(s->row);
	free(s->cell);
	free(s);
}

static uint64_t *
cell_of(const struct countsketch *s, int row, uint64_t key)
{
	uint64_t h = hash4_of(&s->row[row].bucket, key);

	return &s->cell[(size_t)row * s->width + hash_bucket(h, s->width)];
}

/* v or -v, by the key's sign in the row. */
static uint64_t
with_sign(const struct countsketch *s, int row, uint64_t key, uint64_t v)
{
	return hash_bit(hash4_of(&s->row[row].sign, key)) != 0 ? v : 0 - v;
}

void
countsketch_update_row(struct countsketch *s, int row, uint64_t key, uint64_t weight)
{
	*cell_of(s, row, key) += with_sign(s, row, key, weight);
}

void
countsketch_update(struct countsketch *s, uint64_t key, uint64_t weight)
{
	for (int i = 0; i < s->depth; i++)
		countsketch_update_row(s, i, key, weight);
}

/* Put v in its place among the n sorted numbers before it. */
static void
insert(int64_t *sorted, int n, int64_t v)
{
	int j = n;

	for (; j > 0 && sorted[j - 1] > v; j--)
		sorted[j] = sorted[j - 1];
	sorted[j] = v;
}

double
countsketch_estimate(const struct countsketch *s, uint64_t key)
{
	int64_t v[COUNTSKETCH_MAX_DEPTH];
	int d = s->depth;

	for (int i = 0; i < d; i++)
		insert(v, i, (int64_t)with_sign(s, i, key, *cell_of(s, i, key)));
	return ((double)v[(d - 1) / 2] + (double)v[d / 2]) / 2;
}
