/*
 * batch.h: from records to rows of numbers: minibatches and what is known of a chunk.
 */
#ifndef NS_TRAIN_GAN_BATCH_H
#define NS_TRAIN_GAN_BATCH_H

#include "feed.h"
#include "model/dg/dg.h"

/* A walk over a chunk in shuffled order, epoch behind epoch without a gap. */
struct batch_walk {
	const struct feed *feed;
	const struct feed_chunk *chunk;
	uint64_t seed;
	uint64_t epoch; /* that perm belongs to; UINT64_MAX = none yet */
	uint32_t *perm; /* (chunk->n) */
};
void batch_walk_init(struct batch_walk *w, const struct feed *f,
    const struct feed_chunk *c, uint64_t seed);
void batch_walk_free(struct batch_walk *w);
/* batch_fill: the series of step number step as rows (batch_size, Din), of row b
 * blocks[b] blocks of S rows; columns behind them are not written. */
void batch_fill(struct batch_walk *w, const struct dg *m, uint64_t step, real *rows,
    int *blocks);

/* batch_means: means of a chunk's series; t is fresh from dg_means_init. */
void batch_means(const struct feed *f, const struct feed_chunk *c, const struct dg *m,
    struct dg_means *t);
/* batch_constants: for every discrete attribute group the value that all series of the
 * chunk have, else -1. */
void batch_constants(const struct feed *f, const struct feed_chunk *c,
    const struct dg *m, int *constant);

#endif
