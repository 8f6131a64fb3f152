#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include "gan.h"

void
batch_walk_init(struct batch_walk *w, const struct feed *f, const struct feed_chunk *c,
    uint64_t seed)
{
	w->feed = f;
	w->chunk = c;
	w->seed = seed;
	w->epoch = UINT64_MAX;
	w->perm = xcalloc(c->n + 1, sizeof *w->perm);
}

void
batch_walk_free(struct batch_walk *w)
{
	free(w->perm);
	w->perm = NULL;
}

/* Place number place of the endless walk: which record. */
static uint32_t
at_place(struct batch_walk *w, uint64_t place)
{
	uint64_t epoch = place / w->chunk->n;
	struct rng r;
	uint32_t i;

	if (epoch != w->epoch) {
		for (i = 0; i < w->chunk->n; i++)
			w->perm[i] = i;
		rng_init(&r, w->seed,
		    gan_stream(w->chunk->carry.index, GAN_SHUFFLE, epoch));
		rng_shuffle(&r, w->perm, w->chunk->n);
		w->epoch = epoch;
	}
	return w->perm[place % w->chunk->n];
}

void
batch_fill(struct batch_walk *w, const struct dg *m, uint64_t step, real *rows,
    int *blocks)
{
	uint64_t B = (uint64_t)m->cfg.batch_size, b;

	for (b = 0; b < B; b++)
		blocks[b] = dg_expand(m,
		    feed_record(w->feed, w->chunk, at_place(w, step * B + b)),
		    rows + b * (uint64_t)m->Din);
}

void
batch_means(const struct feed *f, const struct feed_chunk *c, const struct dg *m,
    struct dg_means *t)
{
	real *row = xcalloc((size_t)m->Din, sizeof *row);
	uint32_t i;

	for (i = 0; i < c->n; i++)
		dg_means_add(m, t, row, dg_expand(m, feed_record(f, c, i), row));
	dg_means_end(m, t);
	free(row);
}

static int
value_of(const struct dg_group *g, const real *x)
{
	int j;

	for (j = 0; j < g->k; j++)
		if (x[g->off + j] == 1)
			return j;
	return -1;
}

void
batch_constants(const struct feed *f, const struct feed_chunk *c, const struct dg *m,
    int *constant)
{
	real *row = xcalloc((size_t)m->A + 1, sizeof *row);
	uint32_t i;
	int g;

	for (i = 0; i < c->n; i++) {
		dg_expand_attr(m, feed_record(f, c, i), row);
		for (g = 0; g < m->n_attr_groups; g++) {
			if (m->attr_groups[g].act != DG_SOFTMAX)
				constant[g] = -1;
			else if (i == 0)
				constant[g] = value_of(&m->attr_groups[g], row);
			else if (constant[g] != value_of(&m->attr_groups[g], row))
				constant[g] = -1;
		}
	}
	free(row);
}
