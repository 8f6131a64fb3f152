/*
 * models.h: the joined models of all chunks, in any order.  What sampling needs of the
 * weights waits in an unlinked file of TMPDIR, so one set of them is in memory at a
 * time.
 */
#ifndef NS_SAMPLE_MODELS_H
#define NS_SAMPLE_MODELS_H

#include "given.h"
#include "model/mstream.h"
#include "stream/guarantee.h"

struct chunk_model {
	struct carry carry;     /* DICTs stay with struct models */
	struct chunk_info info; /* only where there is a window, or answers */
	bool empty;
	struct model_same same; /* chunk -1: not another chunk's weights */
	/* of weights of its own: */
	void *config; /* NULL: none */
	uint64_t at;  /* in the file */
	uint32_t crc; /* if the kind shares weights */
};

struct models {
	const struct model_kind *kind; /* of all of them */
	struct chunk_model *chunk;     /* (n) in order of the chunks once read */
	size_t n, cap;
	struct carry dicts; /* of the first stream */
	struct tensor_schema schema;
	struct codec *codec;       /* NULL: the models carry none */
	struct wishes wishes;      /* and what they make of the codec's masks: */
	struct tensor_masks given; /* what all series are wanted to be */
	int fd;
	uint64_t bytes;
	struct nsr_history *history;
	struct guarantee guarantee; /* of all of them; the carries say it no more */
};

/*
 * models_read: all streams of the inputs (NULL-ended list; empty = standard input), of
 * one of kinds (ended by NULL).  Missing, duplicate and foreign chunks are NS_EKIND
 * with their numbers, as are models of two kinds and a window that is not in their
 * time.  wishes: or NULL.  models_free also after a failure.
 */
int models_read(struct models *m, char **inputs, const struct model_kind *const *kinds,
    const struct wishes *wishes, struct ns_err *e);
void models_free(struct models *m);

/* models_wished: not all flows are wanted. */
static inline bool
models_wished(const struct models *m)
{
	return m->given.n > 0 || m->wishes.windowed;
}

/* models_load: the net of chunk i, which is not empty, for m->kind->net_free; what
 * training alone needs of it is zero. */
void *models_load(const struct models *m, size_t i, struct ns_err *e);

#endif
