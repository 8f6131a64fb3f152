#include "countmin.h"

#include <stdlib.h>

#include "base/mem.h"

struct countmin *
countmin_new(int depth, size_t width, uint64_t seed)
{
	struct countmin *s = xcalloc(1, sizeof *s);
	struct rng r;

	assert(depth >= 1 && width >= 1);
	s->depth = depth;
	s->width = width;
	s->row = xcalloc((size_t)depth, sizeof *s->row);
	s->cell = xcalloc(size_mul((size_t)depth, width), sizeof *s->cell);
	rng_init(&r, seed, HASH_STREAM_CM);
	for (int i = 0; i < depth; i++)
		hash2_draw(&s->row[i], &r);
	return s;
}

void
countmin_free(struct countmin *s)
{
	if (s == NULL)
		return;
	free(s->row);
	free(s->cell);
	free(s);
}

static uint64_t *
cell_of(const struct countmin *s, int row, uint64_t key)
{
	uint64_t h = hash2_of(&s->row[row], key);

	return &s->cell[(size_t)row * s->width + hash_bucket(h, s->width)];
}

void
countmin_update(struct countmin *s, uint64_t key, uint64_t weight)
{
	for (int i = 0; i < s->depth; i++)
		*cell_of(s, i, key) += weight;
}

uint64_t
countmin_estimate(const struct countmin *s, uint64_t key)
{
	uint64_t least = *cell_of(s, 0, key);

	for (int i = 1; i < s->depth; i++) {
		uint64_t v = *cell_of(s, i, key);

		least = v < least ? v : least;
	}
	return least;
}
