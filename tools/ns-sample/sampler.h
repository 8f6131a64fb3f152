/*
 * sampler.h: what each kind of model has a room for here: making the series of one
 * chunk after another.
 */
#ifndef NS_SAMPLE_SAMPLER_H
#define NS_SAMPLE_SAMPLER_H

#include "base/pool.h"
#include "models.h"

enum target_kind {
	OF_SERIES,
	OF_RECORDS,
	OF_TRIES /* as many series as come out as wanted, where any would do n do */
};
struct target {
	enum target_kind of;
	uint64_t n;
};

struct sampler_setup {
	const struct models *models; /* lent until end, as is pool */
	struct pool *pool;
	uint64_t seed;
	size_t memory;      /* bytes for what waits for later chunks */
	double temperature; /* probabilities to the power of its inverse */
};

/* Where each tensor record goes. */
typedef int sampler_emit(void *arg, const uint8_t *rec, size_t len, struct ns_err *e);

struct sampler_ops {
	const struct model_kind *kind;
	/* begin: NULL on failure; NS_EUSAGE for what the kind cannot do. */
	void *(*begin)(const struct sampler_setup *u, struct ns_err *e);
	/* worth: about how many series, or records, each series that was learnt of
	 * chunk i stands for, of flows as wanted that start there and with what they
	 * have in later chunks; NULL for a kind of which nothing can be wanted.
	 * Negative on failure. */
	double (*worth)(void *s, size_t i, bool of_records, struct ns_err *e);
	/*
	 * chunk: make as many series or records of chunk i (an index into the models)
	 * as t says, and log how it went.  Where something is wanted t counts those of
	 * flows that start in the chunk, in later ones, too; those that go on from
	 * earlier ones are made besides.  Chunks come in order, each once.
	 */
	int (*chunk)(void *s, size_t i, const struct target *t, sampler_emit *emit,
	    void *arg, struct ns_err *e);
	void (*end)(void *s); /* NULL is allowed */
};

/* sampler_kinds: kinds that there is a sampler of, ended by NULL. */
extern const struct model_kind *const sampler_kinds[];
/* sampler_of: the sampler of one of them. */
const struct sampler_ops *sampler_of(const struct model_kind *kind);

#endif
