/*
 * blocks.h: series of one chunk whose lengths are known, a block of them at a time:
 * attributes, then steps, then out.
 */
#ifndef NS_SAMPLE_AR_BLOCKS_H
#define NS_SAMPLE_AR_BLOCKS_H

#include "ar/attrs.h"
#include "ar/goon.h"
#include "ar/plan.h"
#include "ar/series.h"
#include "sampler.h"

enum { MAKERS = 4 }; /* groups of series at once */

enum ar_purpose {
	AR_PLAN = 16,
	AR_TRY,
	AR_SHARE,
	AR_GO_ON,
	AR_ATTR,
	AR_SERIES,
	AR_ROLES,
	AR_ANSWERS
};

struct sampler {
	const struct models *models;
	struct pool *pool;
	uint64_t seed;
	double temperature;
	/* of the present chunk */
	size_t chunk;
	struct ar *m;
	struct plan plan;
	struct places places; /* of flows that start in the chunk */
	struct attrs attrs;
	struct goon goon;
	struct series_maker maker[MAKERS];
	struct buf rec[MAKERS][SERIES_ROWS];
	uint64_t draws, groups; /* number the random streams */
	/* of the present block */
	uint32_t *length;        /* (ATTR_ROWS) */
	const uint16_t *fixed;   /* (ATTR_ROWS, P) or NULL: what is not to be drawn */
	uint16_t *code, *coded;  /* (ATTR_ROWS, P), (ATTR_ROWS) length codes */
	const uint8_t *ready;    /* (ATTR_ROWS, attr_bytes) or NULL, see series_maker */
	struct buf *kept_rec;    /* attributes and length of each record, or NULL */
	int *again, rows, first; /* rows to be drawn again; first group of a round */
	uint64_t repeats, kept, went_on;
	uint64_t series, records; /* of new flows */
	uint64_t answered;        /* series that were made to answer others */
	bool dropping;            /* five-tuples that are there are not drawn again */
};

/* Where records go. */
struct outlet {
	sampler_emit *emit;
	void *arg;
};

/* start_stream: the random numbers for a purpose in the present chunk. */
void start_stream(const struct sampler *s, struct rng *r, enum ar_purpose p,
    uint64_t counter);
/* chunk_index: of the present chunk, in the trace; shares: of its lengths. */
int chunk_index(const struct sampler *s);
const real *shares(const struct sampler *s);
/* draw_block: codes of rows (at most ATTR_ROWS) series of these lengths, ascending,
 * into s->code.  put_block: their steps, and out.  fixed (rows, P): codes that are not
 * to be drawn, see attrs_draw; or NULL. */
void draw_block(struct sampler *s, uint32_t *length, const uint16_t *fixed,
    size_t rows);
int put_block(struct sampler *s, const struct outlet *to, struct ns_err *e);
/* make_blocks: both, for series of these lengths (n), ascending; fixed (n, P) or NULL.
 */
int make_blocks(struct sampler *s, uint32_t *length, const uint16_t *fixed, size_t n,
    const struct outlet *to, struct ns_err *e);

#endif
