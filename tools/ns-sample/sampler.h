/*
 * sampler.h: the series of one chunk: flows that go on from earlier chunks first, then
 * newly drawn ones, until as many series or records as asked for are there.
 *
 * Always whole batches of SAMPLE_BATCH are computed, so that no number depends on how
 * many of them are used.
 */
#ifndef NS_SAMPLE_SAMPLER_H
#define NS_SAMPLE_SAMPLER_H

#include "base/mem.h"
#include "base/pool.h"
#include "carried.h"
#include "model/dg/dg.h"
#include "models.h"
#include "seen.h"
#include "tags.h"

#define SAMPLE_BATCH 256

struct target {
	bool of_records; /* count of records, else of series */
	uint64_t n;
};

struct sampler {
	const struct models *models;
	struct carried *carried;
	struct tags tags;
	struct pool *pool;
	uint64_t seed;
	/* of the present chunk */
	int chunk;
	struct target target;
	struct dg *dg;
	struct dg_gen *gen;
	struct seen seen;
	uint64_t batches; /* number random streams */
	uint8_t
	    *pending; /* (SAMPLE_BATCH, attr_bytes) codes accepted, not yet series */
	int n_pending;
	struct buf rec;
	/* results of the present chunk */
	uint64_t n_series, n_records;
	uint64_t drawn, passed, repeats, kept_repeats, dropped, carried_on;
	bool forced;
};

typedef int sampler_emit(void *arg, const uint8_t *rec, size_t len, struct ns_err *e);

void sampler_init(struct sampler *s, const struct models *m, struct pool *pool,
    uint64_t seed, size_t memory);
void sampler_free(struct sampler *s);
/* sampler_chunk: make chunk i (an index into models); emit gets each tensor record. */
int sampler_chunk(struct sampler *s, size_t i, const struct target *t,
    sampler_emit *emit, void *arg, struct ns_err *e);

#endif
