#include "model/mstream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"

int
model_begin(struct nsr_writer *w, const char *kind, const struct carry *c,
    const struct carry *dicts, const struct tensor_schema *s, const struct dg *dg,
    struct ns_err *e)
{
	struct nsr_schema schema;
	int rc;

	memset(&schema, 0, sizeof schema);
	schema.kind = NSR_MODEL;
	schema.version = MODEL_VERSION;
	if ((rc = nsr_begin(w, &schema, e)) < 0 ||
	    (rc = carry_put_meta(c, w, c->n_series, c->n_records, e)) < 0 ||
	    (rc = nsr_put_meta(w, e, "model.kind", "%s", kind)) < 0 ||
	    (rc = nsr_put_meta(w, e, "model.version", "%d", MODEL_VERSION)) < 0 ||
	    (rc = nsr_put_meta(w, e, "model.empty", "%d", dg == NULL)) < 0)
		return rc;
	if (dg != NULL && (rc = dg_config_put(&dg->cfg, w, e)) < 0)
		return rc;
	if ((rc = tensor_put_schema_dict(s, w, e)) < 0)
		return rc;
	return carry_put_dicts(dicts, w, e);
}

/* The numbers of one array as binary32, whatever this build computes with. */
static int
put_array(struct nsr_writer *w, const struct dg_param *p, const char *name,
    const real *v, struct ns_err *e)
{
	uint64_t dims[2] = {(uint64_t)p->rows, (uint64_t)p->cols};
	uint8_t *bytes = xmalloc(size_mul(p->n, 4) + 1);
	size_t i;
	int rc;

	for (i = 0; i < p->n; i++)
		put_lef32(bytes + 4 * i, (float)v[i]);
	rc = nsr_put_tensor(w, name, NSR_F32, p->cols > 0 ? 2 : 1, dims, bytes, e);
	free(bytes);
	return rc;
}

int
model_put_block(struct nsr_writer *w, const struct dg *dg, const char *prefix,
    const real *block, size_t n, struct ns_err *e)
{
	const struct dg_param *p;
	char name[64];
	int i, rc = NS_OK;

	for (i = 0; i < dg->n_params && rc >= 0; i++) {
		p = &dg->params[i];
		if (p->off >= n)
			break;
		snprintf(name, sizeof name, "%s%s", prefix, p->name);
		rc = put_array(w, p, name, block + p->off, e);
	}
	return rc;
}

static bool
is_array(const struct nsr_tensor *t, const struct dg_param *p, const char *name)
{
	return strcmp(t->name, name) == 0 && t->type == NSR_F32 &&
	    t->rank == (p->cols > 0 ? 2 : 1) && t->dims[0] == (uint64_t)p->rows &&
	    (p->cols == 0 || t->dims[1] == (uint64_t)p->cols);
}

static int
get_array(struct nsr_reader *r, const struct dg_param *p, const char *name, real *v,
    struct ns_err *e)
{
	struct nsr_tensor t;
	size_t done = 0;
	uint64_t i;
	float f;
	int rc;

	while (done < p->n) {
		rc = nsr_next_tensor(r, &t, e);
		if (rc < 0)
			return rc;
		if (rc == 0)
			return ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is missing",
			    nsr_name(r), name);
		if (!is_array(&t, p, name) || t.first != done || t.count > p->n - done)
			return ns_fail(e, NS_ECORRUPT,
			    "'%s': array '%s' is not what the model's shape asks for",
			    nsr_name(r), t.name);
		for (i = 0; i < t.count; i++) {
			f = get_lef32(t.data + 4 * i);
			if (!isfinite(f))
				return ns_fail(e, NS_ECORRUPT,
				    "'%s': array '%s' holds a number that is not "
				    "finite",
				    nsr_name(r), name);
			v[done++] = (real)f;
		}
	}
	return NS_OK;
}

int
model_get_block(struct nsr_reader *r, const struct dg *dg, const char *prefix,
    real *block, size_t n, struct ns_err *e)
{
	const struct dg_param *p;
	char name[64];
	int i, rc = NS_OK;

	for (i = 0; i < dg->n_params && rc >= 0; i++) {
		p = &dg->params[i];
		if (p->off >= n)
			break;
		snprintf(name, sizeof name, "%s%s", prefix, p->name);
		rc = get_array(r, p, name, block + p->off, e);
	}
	return rc;
}

int
model_expect(const struct nsr_reader *r, const char *kind, struct ns_err *e)
{
	const char *is;
	int rc = nsr_expect(r, NSR_MODEL, MODEL_VERSION, e);

	if (rc < 0)
		return rc;
	is = nsr_meta(r, "model.kind");
	if (is == NULL || strcmp(is, kind) != 0)
		return ns_fail(e, NS_EKIND, "'%s' holds a model of kind '%s', not '%s'",
		    nsr_name(r), is == NULL ? "" : is, kind);
	return NS_OK;
}

static int
read_head(struct model *m, const struct nsr_reader *r, struct ns_err *e)
{
	struct dg_config cfg;
	int64_t empty;
	int rc;

	memset(m, 0, sizeof *m);
	if ((rc = model_expect(r, MODEL_KIND, e)) < 0 ||
	    (rc = carry_take(&m->carry, r, e)) < 0 ||
	    (rc = tensor_schema_from_dict(&m->schema, r, e)) < 0 ||
	    (rc = nsr_meta_i64(r, "model.empty", &empty, e)) < 0)
		return rc;
	if (empty < 0 || empty > 1 || (empty == 0 && m->carry.max_steps == 0))
		return ns_fail(e, NS_ECORRUPT, "'%s': model.empty is wrong",
		    nsr_name(r));
	if (empty == 1)
		return NS_OK;
	if ((rc = dg_config_get(&cfg, r, e)) < 0)
		return rc;
	m->dg = dg_new(&m->schema, &cfg, (long)m->carry.max_steps, e);
	if (m->dg == NULL) {
		ns_fail_in(e, nsr_name(r));
		e->code = NS_ECORRUPT;
		return NS_ECORRUPT;
	}
	return NS_OK;
}

int
model_read(struct model *m, struct nsr_reader *r, struct ns_err *e)
{
	struct nsr_tensor t;
	int rc = read_head(m, r, e);

	if (rc >= 0 && m->dg != NULL)
		rc = model_get_block(r, m->dg, "", m->dg->block, m->dg->n_all, e);
	if (rc < 0)
		return rc;
	rc = nsr_next_tensor(r, &t, e);
	if (rc > 0)
		return ns_fail(e, NS_ECORRUPT,
		    "'%s': array '%s' is not part of the model", nsr_name(r), t.name);
	return rc;
}

void
model_free(struct model *m)
{
	dg_free(m->dg);
	tensor_schema_free(&m->schema);
	carry_free(&m->carry);
	memset(m, 0, sizeof *m);
}
