/*
 * feed.h: the tensor records of the chunks to be learnt, as they are in the stream, in
 * one unlinked file of TMPDIR that is mapped for reading; in memory stay 8 bytes a
 * series.  Batches are expanded from it.
 */
#ifndef NS_TRAIN_FEED_H
#define NS_TRAIN_FEED_H

#include "base/rng.h"
#include "model/carry.h"
#include "model/dg/dg.h"

struct feed_chunk {
	struct carry carry;
	uint64_t *at; /* (n) offsets of the records in the file */
	size_t n, cap;
	uint32_t crc; /* of all records */
};

struct feed {
	struct tensor_schema schema;
	struct nsr_schema layout; /* what the schema was made of */
	struct feed_chunk *chunk;
	size_t n_chunks, cap_chunks;
	int fd;
	uint64_t bytes;
	const uint8_t *map;
	struct nsr_history *history;
};

/*
 * feed_read: all tensor streams of r; keeps the records of chunk want, or of all when
 * want is -1.  All must be of one trace, none twice, and none that is wanted missing
 * (NS_EKIND).  feed_free also after a failure.
 */
int feed_read(struct feed *f, struct nsr_reader *r, int want, struct ns_err *e);
void feed_free(struct feed *f);

/* feed_record: record i of a chunk. */
const uint8_t *feed_record(const struct feed *f, const struct feed_chunk *c,
    uint32_t i);

/* A walk over a chunk in shuffled order, epoch behind epoch without a gap. */
struct feed_walk {
	const struct feed *feed;
	const struct feed_chunk *chunk;
	uint64_t seed;
	uint64_t epoch; /* that perm belongs to; UINT64_MAX = none yet */
	uint32_t *perm; /* (chunk->n) */
};
void feed_walk_init(struct feed_walk *w, const struct feed *f,
    const struct feed_chunk *c, uint64_t seed);
void feed_walk_free(struct feed_walk *w);
/* feed_batch: the series of step number step as rows (batch_size, Din), of row b
 * blocks[b] blocks of S rows; columns behind them are not written. */
void feed_batch(struct feed_walk *w, const struct dg *m, uint64_t step, real *rows,
    int *blocks);

/* feed_means: means of a chunk's series; t is fresh from dg_means_init. */
void feed_means(const struct feed *f, const struct feed_chunk *c, const struct dg *m,
    struct dg_means *t);
/* feed_constants: for every discrete attribute group the value that all series of the
 * chunk have, else -1. */
void feed_constants(const struct feed *f, const struct feed_chunk *c,
    const struct dg *m, int *constant);

#endif
