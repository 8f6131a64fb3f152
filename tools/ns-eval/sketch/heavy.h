/*
 * heavy.h: how well sketches count the heavy hitters of a stream: the keys that have at
 * least HEAVY_SHARE of its weight.
 */
#ifndef EVAL_HEAVY_H
#define EVAL_HEAVY_H

#include "sketch.h"

#define HEAVY_SHARE 0.001

/* struct stream: items in their order; lent, not owned. */
struct stream {
	size_t n;
	const uint32_t *key;    /* (n), each below n_keys */
	const uint64_t *weight; /* (n), or NULL: 1 each */
	uint32_t n_keys;        /* some of which may not occur */
};

/* struct tally: the exact counts of a stream, to be worked out once. */
struct tally {
	const struct stream *stream;
	uint32_t n;      /* keys whose weight is not 0 */
	uint32_t *key;   /* (n) those keys, rising */
	uint64_t *count; /* (n) their weights */
	uint64_t total;  /* of the stream; sums above 2^64 wrap */
};

/* tally_init: the stream must outlive the tally. */
void tally_init(struct tally *t, const struct stream *s);
void tally_free(struct tally *t);

/* heavy_count: how many heavy hitters there are. */
size_t heavy_count(const struct tally *t);

/*
 * heavy_error: mean over the heavy hitters of |estimate - count| / count, of a sketch
 * with the memory given (cells, see sketch_new), SKETCH_DEPTH and SKETCH_P, that saw
 * the stream once.  NAN without heavy hitters.
 * A linear sketch is fed each key once with its total: the counters are the same.
 */
double heavy_error(const struct tally *t, enum sketch_kind kind, size_t memory,
    uint64_t seed);

#endif
