#include "model/mstream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- Writing ---- */

static int
put_same(struct nsr_writer *w, const struct model_same *s, struct ns_err *e)
{
	int rc = nsr_put_meta(w, e, "model.same_as", "%d", s->chunk);

	if (rc < 0)
		return rc;
	return nsr_put_meta(w, e, "model.same_crc", "%" PRIu32, s->crc);
}

int
model_begin(struct nsr_writer *w, const struct model_head *h, struct ns_err *e)
{
	const struct carry *c = h->carry;
	struct nsr_schema schema;
	bool empty = h->config == NULL && h->same == NULL;
	int rc;

	memset(&schema, 0, sizeof schema);
	schema.kind = NSR_MODEL;
	schema.version = MODEL_VERSION;
	if ((rc = nsr_begin(w, &schema, e)) < 0 ||
	    (rc = carry_put_meta(c, w, c->n_series, c->n_records, e)) < 0 ||
	    (rc = nsr_put_meta(w, e, "model.kind", "%s", h->kind)) < 0 ||
	    (rc = nsr_put_meta(w, e, "model.version", "%d", MODEL_VERSION)) < 0 ||
	    (rc = nsr_put_meta(w, e, "model.empty", "%d", empty)) < 0)
		return rc;
	if (h->config != NULL && (rc = hypers_put(h->hypers, h->config, w, e)) < 0)
		return rc;
	if (h->config == NULL && h->same != NULL && (rc = put_same(w, h->same, e)) < 0)
		return rc;
	if ((rc = tensor_put_schema_dict(h->schema, w, e)) < 0)
		return rc;
	return carry_put_dicts(h->dicts, w, e);
}

/* ---- Reading ---- */

/* 'a', 'b' or 'c' */
static void
list_names(struct buf *b, const char *const *names)
{
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		buf_printf(b, "%s'%s'",
		    i == 0                     ? ""
			: names[i + 1] != NULL ? ", "
					       : " or ",
		    names[i]);
}

int
model_expect(const struct nsr_reader *r, const char *const *kinds, struct ns_err *e)
{
	struct buf b = {0};
	const char *is;
	int i, rc = nsr_expect(r, NSR_MODEL, MODEL_VERSION, e);

	if (rc < 0)
		return rc;
	is = nsr_meta(r, "model.kind");
	for (i = 0; is != NULL && kinds[i] != NULL; i++)
		if (strcmp(is, kinds[i]) == 0)
			return i;
	list_names(&b, kinds);
	rc = ns_fail(e, NS_EKIND, "'%s' holds a model of kind '%s', not %s",
	    nsr_name(r), is == NULL ? "" : is, (const char *)b.p);
	buf_free(&b);
	return rc;
}

static int
find_kind(struct model *m, const struct nsr_reader *r,
    const struct model_kind *const *kinds, struct ns_err *e)
{
	const char **names;
	size_t n = 0, i;
	int rc;

	while (kinds[n] != NULL)
		n++;
	names = xcalloc(n + 1, sizeof *names);
	for (i = 0; i < n; i++)
		names[i] = kinds[i]->name;
	rc = model_expect(r, names, e);
	free(names);
	if (rc >= 0)
		m->kind = kinds[rc];
	return rc;
}

static int
read_same(struct model *m, const struct nsr_reader *r, struct ns_err *e)
{
	int64_t chunk, crc;
	int rc;

	if (!m->kind->shares)
		return ns_fail(e, NS_ECORRUPT,
		    "'%s': model.same_as is there, but a model of kind '%s' has "
		    "weights of its own",
		    nsr_name(r), m->kind->name);
	if ((rc = nsr_meta_range(r, "model.same_as", 0, m->carry.count - 1, &chunk,
		 e)) < 0 ||
	    (rc = nsr_meta_range(r, "model.same_crc", 0, UINT32_MAX, &crc, e)) < 0)
		return rc;
	if (chunk == m->carry.index)
		return ns_fail(e, NS_ECORRUPT,
		    "'%s': model.same_as of chunk %d names itself", nsr_name(r),
		    m->carry.index);
	m->same = (struct model_same){(int)chunk, (uint32_t)crc};
	return NS_OK;
}

static int
read_net(struct model *m, struct nsr_reader *r, struct ns_err *e)
{
	const struct hypers *t = m->kind->hypers;
	void *cfg = xcalloc(1, t->size);
	struct model_view v;
	int rc = hypers_get(t, cfg, r, e);

	if (rc >= 0) {
		m->net = m->kind->net_new(&m->schema, cfg, &m->carry, e);
		if (m->net == NULL) {
			ns_fail_in(e, nsr_name(r));
			rc = e->code = NS_ECORRUPT;
		}
	}
	free(cfg);
	if (rc < 0)
		return rc;
	m->kind->net_view(m->net, &v);
	return params_get(v.params, r, "", v.block, v.params->total, e);
}

int
model_read(struct model *m, struct nsr_reader *r, const struct model_kind *const *kinds,
    struct ns_err *e)
{
	struct nsr_tensor t;
	int64_t empty;
	int rc;

	memset(m, 0, sizeof *m);
	m->same.chunk = -1;
	if ((rc = find_kind(m, r, kinds, e)) < 0 ||
	    (rc = carry_take(&m->carry, r, e)) < 0 ||
	    (rc = tensor_schema_from_dict(&m->schema, r, e)) < 0 ||
	    (rc = nsr_meta_i64(r, "model.empty", &empty, e)) < 0)
		return rc;
	if (empty < 0 || empty > 1 || (empty == 0 && m->carry.max_steps == 0))
		return ns_fail(e, NS_ECORRUPT, "'%s': model.empty is wrong",
		    nsr_name(r));
	if (empty == 0 && nsr_meta(r, "model.same_as") != NULL)
		rc = read_same(m, r, e);
	else if (empty == 0)
		rc = read_net(m, r, e);
	if (rc < 0)
		return rc;
	rc = nsr_next_tensor(r, &t, e);
	if (rc > 0)
		return ns_fail(e, NS_ECORRUPT,
		    "'%s': array '%s' is not part of the model", nsr_name(r), t.name);
	return rc;
}

bool
model_empty(const struct model *m)
{
	return m->net == NULL && m->same.chunk < 0;
}

void
model_free(struct model *m)
{
	if (m->kind != NULL)
		m->kind->net_free(m->net);
	tensor_schema_free(&m->schema);
	carry_free(&m->carry);
	memset(m, 0, sizeof *m);
}
