/*
 * mstream.h: the model stream: one chunk's model, of whatever kind.
 *
 *   SCHM  kind model, no fields
 *   META  what carry.h carries; model.kind, model.version, model.empty (1: the chunk
 *         had no series); train.*
 *   DICT  tensor.schema, and those of the tensor stream as they were
 *
 * and one of three: META model.NAME for every hyper-parameter of the kind and TNSR, the
 * weights in the order of the net's params; or META model.same_as and model.same_crc:
 * the weights are those in the stream of chunk same_as of this trace, whose numbers
 * have this CRC-32C; or nothing, for an empty chunk.
 */
#ifndef MODEL_MSTREAM_H
#define MODEL_MSTREAM_H

#include "model/carry.h"
#include "model/hyper.h"
#include "model/params.h"
#include "tensor/tensor.h"

#define MODEL_VERSION 1

/* A net as any kind of it has one: views that live as long as the net. */
struct model_view {
	const void *config;          /* of the kind's hypers */
	const struct params *params; /* of all its weights */
	real *block;                 /* (params->total) */
	/* what sampling needs of the block: the first head numbers, and those from tail
	 * on; the rest serves training alone */
	size_t head, tail;
};

/* What a kind of model is, for who does not know it. */
struct model_kind {
	const char *name; /* META model.kind */
	const struct hypers *hypers;
	bool shares; /* the weights of one chunk may be those of others, too */
	/* net_new: shapes and a block of zeros for a chunk of c's trace; s is lent.  Of
	 * c the numbers are read, its DICTs may have been dropped.  NS_EUSAGE where
	 * cfg, in its ranges, makes no net. */
	void *(*net_new)(const struct tensor_schema *s, const void *cfg,
	    const struct carry *c, struct ns_err *e);
	void (*net_free)(void *net); /* NULL is allowed */
	void (*net_view)(void *net, struct model_view *v);
};

/* Another chunk's weights. */
struct model_same {
	int chunk;    /* -1: no such thing */
	uint32_t crc; /* params_crc of them */
};

struct model {
	struct carry carry;
	struct tensor_schema schema;
	const struct model_kind *kind;
	void *net;              /* of the kind; NULL: no weights in this stream */
	struct model_same same; /* of a chunk that is not empty, when net is NULL */
};

/* model_empty: the chunk had no series. */
bool model_empty(const struct model *m);

/*
 * model_read: the model in r's present stream, up to its END, if it is of one of kinds
 * (ended by NULL), else NS_EKIND.  m is to be model_free'd in any case.  Every value is
 * checked; weights that are not finite are NS_ECORRUPT.
 */
int model_read(struct model *m, struct nsr_reader *r,
    const struct model_kind *const *kinds, struct ns_err *e);
void model_free(struct model *m);

/* What the head of a model stream is made of, all lent. */
struct model_head {
	const char *kind;
	const struct carry *carry; /* of the chunk */
	const struct carry *dicts; /* whose DICTs it gets */
	const struct tensor_schema *schema;
	const struct hypers *hypers;
	const void *config;            /* NULL: no weights follow */
	const struct model_same *same; /* then: whose serve; NULL: the chunk is empty */
};

/* model_begin: SCHM, META model.*, DICT.  The caller adds META train.*, weights, PROV
 * and END. */
int model_begin(struct nsr_writer *w, const struct model_head *h, struct ns_err *e);
/* model_expect: which of kinds (names, ended by NULL) the model in r's stream is of;
 * NS_EKIND if it is none or of none of them. */
int model_expect(const struct nsr_reader *r, const char *const *kinds,
    struct ns_err *e);

#endif
