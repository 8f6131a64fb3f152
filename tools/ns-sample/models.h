/*
 * models.h: the joined models of all chunks, in any order.  Weights of the generators
 * wait in an unlinked file of TMPDIR, so one set of them is in memory at a time.
 */
#ifndef NS_SAMPLE_MODELS_H
#define NS_SAMPLE_MODELS_H

#include "model/mstream.h"

struct chunk_model {
	struct carry carry; /* DICTs stay with struct models */
	struct dg_config cfg;
	bool empty;
	uint64_t at; /* weights in the file */
};

struct models {
	struct chunk_model *chunk; /* (n) in order of the chunks once read */
	size_t n, cap;
	struct carry dicts; /* of the first stream */
	struct tensor_schema schema;
	int fd;
	uint64_t bytes;
	struct nsr_history *history;
};

/*
 * models_read: all streams of the inputs (NULL-ended list; empty = standard input).
 * Missing, duplicate and foreign chunks are NS_EKIND with their numbers.  models_free
 * also after a failure.
 */
int models_read(struct models *m, char **inputs, struct ns_err *e);
void models_free(struct models *m);

/* models_load: the model of chunk i with its generator, for dg_free; critics are zero.
 */
struct dg *models_load(const struct models *m, size_t i, struct ns_err *e);

#endif
