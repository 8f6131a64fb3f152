/*
 * mstream.h: the model stream: one chunk's model, kind "doppelganger".
 *
 *   SCHM  kind model, no fields
 *   META  what carry.h carries; model.kind, model.version, model.empty (1: the chunk
 * had no series, no weights follow), model.NAME for every hyper-parameter; train.* DICT
 * tensor.schema, and those of the tensor stream as they were TNSR  the weights, named
 * as PyTorch would, in the order of struct dg's params
 */
#ifndef MODEL_MSTREAM_H
#define MODEL_MSTREAM_H

#include "model/carry.h"
#include "model/dg.h"

#define MODEL_VERSION 1
#define MODEL_KIND "doppelganger"

struct model {
	struct carry carry;
	struct tensor_schema schema;
	struct dg *dg; /* NULL: empty chunk */
};

/*
 * model_read: the model in r's present stream, up to its END.  m is to be model_free'd
 * in any case.  Every value is checked; weights that are not finite are NS_ECORRUPT.
 */
int model_read(struct model *m, struct nsr_reader *r, struct ns_err *e);
void model_free(struct model *m);

/* model_begin: SCHM, META model.*, DICT; dg may be NULL.  The caller adds META train.*,
 * weights, PROV and END. */
int model_begin(struct nsr_writer *w, const char *kind, const struct carry *c,
    const struct carry *dicts, const struct tensor_schema *s, const struct dg *dg,
    struct ns_err *e);
/* model_put_block, model_get_block: numbers laid out as dg's parameters (n of them, a
 * whole number of parameters), as arrays named prefix + name. */
int model_put_block(struct nsr_writer *w, const struct dg *dg, const char *prefix,
    const real *block, size_t n, struct ns_err *e);
int model_get_block(struct nsr_reader *r, const struct dg *dg, const char *prefix,
    real *block, size_t n, struct ns_err *e);
/* model_expect: NS_EKIND unless r's stream is a model of the kind given. */
int model_expect(const struct nsr_reader *r, const char *kind, struct ns_err *e);

#endif
