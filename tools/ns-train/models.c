#include "models.h"

#include <inttypes.h>

#include "nn/gemm.h"
#include "private/privacy.h"

uint32_t
models_crc(const struct model_kind *kind, void *net)
{
	struct model_view v;

	kind->net_view(net, &v);
	return params_crc(v.params, v.block);
}

static int
put_train(const struct models *m, struct nsr_writer *w, const struct result *x,
    struct ns_err *e)
{
	int rc;

	if ((rc = privacy_put(m->privacy, m->o, w, e)) < 0 ||
	    (m->seed != NULL &&
		(rc = nsr_put_meta(w, e, "train.seed", "%" PRIu64, *m->seed)) < 0) ||
	    (rc = nsr_put_meta(w, e, "train.kernel", "%s", gemm_kernel())) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.warm", "%d", x->warm)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.steps", "%" PRIu64, x->steps)) < 0)
		return rc;
	if (x->snapshot > 0 &&
	    (rc = nsr_put_meta(w, e, "train.snapshot", "%d/%d", x->snapshot,
		 m->o->snapshots)) < 0)
		return rc;
	if (m->privacy != NULL) /* an epoch tells how many series there are */
		return NS_OK;
	return nsr_put_meta(w, e, "train.epochs", "%.6g",
	    (double)x->steps / (double)x->per_epoch);
}

/* Whether a chunk holds series is a secret of private data. */
static bool
is_learnt(const struct models *m, const struct feed_chunk *c)
{
	return c->n > 0 || m->privacy != NULL;
}

/* The model of one chunk: with the weights, or with another chunk's (same), or empty.
 */
static int
put_model(const struct models *m, struct nsr_writer *w, const struct feed_chunk *c,
    const struct result *x, const struct model_same *same, struct ns_err *e)
{
	const struct learner_ops *ops = m->o->ops;
	struct model_head head = {.kind = ops->kind->name,
	    .carry = &c->carry,
	    .dicts = &m->feed->chunk[0].carry,
	    .schema = &m->feed->schema,
	    .hypers = ops->kind->hypers,
	    .same = same};
	bool whole = is_learnt(m, c) && same == NULL;
	struct tool told = *m->tool;
	struct model_view v;
	int rc;

	told.no_prov |= m->privacy != NULL; /* arguments name the data's files */
	if (whole) {
		ops->kind->net_view(x->net, &v);
		head.config = v.config;
	}
	if ((rc = model_begin(w, &head, e)) < 0 || (rc = put_train(m, w, x, e)) < 0)
		return rc;
	if (whole &&
	    ((rc = ops->put_meta(x->net, x->column, w, e)) < 0 ||
		(rc = params_put(v.params, w, "", v.block, v.params->total, e)) < 0))
		return rc;
	if ((rc = nsr_put_prov(w, &told, m->seed, m->feed->history, e)) < 0)
		return rc;
	return nsr_end(w, e);
}

int
models_put(const struct models *m, struct nsr_writer *w, const struct lesson *l,
    const struct result *x, struct ns_err *e)
{
	struct model_same same = {-1, 0};
	const struct feed_chunk *c;
	size_t i;
	int rc = NS_OK;

	for (i = 0; i < l->n && rc >= 0; i++) {
		c = &l->chunk[i];
		rc = put_model(m, w, c, x,
		    is_learnt(m, c) && same.chunk >= 0 ? &same : NULL, e);
		if (is_learnt(m, c) && same.chunk < 0 && l->n > 1)
			same = (struct model_same){c->carry.index,
			    models_crc(m->o->ops->kind, x->net)};
	}
	return rc;
}

int
models_file(const struct models *m, const char *path, const struct lesson *l,
    const struct result *x, struct ns_err *e)
{
	struct out *o = out_open(path, true, e);
	struct nsr_writer *w;
	int rc;

	if (o == NULL)
		return e->code;
	w = nsr_writer_new(o, m->o->level);
	rc = models_put(m, w, l, x, e);
	return nsr_finish(w, o, rc, e);
}
