/*
 * sampler.h: what each kind of model has a room for here: making the series of one
 * chunk after another.
 */
#ifndef NS_SAMPLE_SAMPLER_H
#define NS_SAMPLE_SAMPLER_H

#include "base/pool.h"
#include "models.h"

struct target {
	bool of_records; /* count of records, else of series */
	uint64_t n;
};

/* Where each tensor record goes. */
typedef int sampler_emit(void *arg, const uint8_t *rec, size_t len, struct ns_err *e);

struct sampler_ops {
	const struct model_kind *kind;
	/* begin: m and pool are lent until end; memory in bytes for what waits for
	 * later chunks.  NULL on failure. */
	void *(*begin)(const struct models *m, struct pool *pool, uint64_t seed,
	    size_t memory, struct ns_err *e);
	/* chunk: make as many series or records of chunk i (an index into the models)
	 * as t says, and log how it went.  Chunks come in order, each once. */
	int (*chunk)(void *s, size_t i, const struct target *t, sampler_emit *emit,
	    void *arg, struct ns_err *e);
	void (*end)(void *s); /* NULL is allowed */
};

/* sampler_kinds: kinds that there is a sampler of, ended by NULL. */
extern const struct model_kind *const sampler_kinds[];
/* sampler_of: the sampler of one of them. */
const struct sampler_ops *sampler_of(const struct model_kind *kind);

#endif
