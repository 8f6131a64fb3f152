/*
 * models.h: the model streams that a lesson gives, at its end or under way: one for
 * each of its chunks.
 */
#ifndef NS_TRAIN_MODELS_H
#define NS_TRAIN_MODELS_H

#include "base/tool.h"
#include "run.h"

/* What all models of a run have in common, lent. */
struct models {
	const struct tool *tool;
	const struct run_options *o;
	const struct feed *feed;
	const struct privacy *privacy; /* NULL: not learnt privately */
	const uint64_t *seed; /* NULL: draws are by a key that nobody is told */
};

/* How a lesson went, or has gone so far. */
struct result {
	uint64_t steps, per_epoch;
	bool warm;            /* it started from other weights */
	const double *column; /* of the last step, lent */
	int snapshot;         /* number of the snapshot; 0: the end */
	void *net;            /* of the kind, lent; NULL: nothing was learnt */
};

/*
 * models_put: a model stream for each chunk of the lesson: the first that holds series
 * has the weights, those behind it name it; one without series is empty.
 */
int models_put(const struct models *m, struct nsr_writer *w, const struct lesson *l,
    const struct result *x, struct ns_err *e);
/* models_file: the same as a file of its own, which appears when it is whole. */
int models_file(const struct models *m, const char *path, const struct lesson *l,
    const struct result *x, struct ns_err *e);

/* models_crc: of a net's weights as they stand in a stream. */
uint32_t models_crc(const struct model_kind *kind, void *net);

#endif
