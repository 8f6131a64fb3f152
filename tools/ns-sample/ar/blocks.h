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

enum ar_purpose { AR_PLAN = 16, AR_TRY, AR_SHARE, AR_GO_ON, AR_ATTR, AR_SERIES };

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
	int *again, rows, first; /* rows to be drawn again; first group of a round */
	uint64_t repeats, kept, went_on;
	uint64_t series, records; /* of new flows */
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
/* make_blocks: series of these lengths (n), ascending.  fixed (n, P): codes that are
 * not to be drawn, see attrs_draw; or NULL. */
int make_blocks(struct sampler *s, uint32_t *length, const uint16_t *fixed, size_t n,
    const struct outlet *to, struct ns_err *e);

#endif
