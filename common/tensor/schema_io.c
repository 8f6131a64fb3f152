/* The schema and tables of a tensor stream, to and from its SCHM and DICT frames. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "tensor/masks.h"

#define TABLE_PREFIX "table."
#define SCHEMA_DICT "tensor.schema"
#define UNIT_FIELD "unit"
#define DICT_PART (256u << 10) /* bytes of a DICT frame */

static void
fields_to_nsr(const struct tensor_schema *s, const struct tensor_field *f, int n,
    int role, struct nsr_schema *out)
{
	int i;

	for (i = 0; i < n; i++)
		nsr_schema_add(out, f[i].name, f[i].type, role, f[i].shape,
		    f[i].table >= 0 ? s->tables[f[i].table].name : "", 0);
}

void
tensor_schema_to_nsr(const struct tensor_schema *s, struct nsr_schema *out)
{
	memset(out, 0, sizeof *out);
	out->kind = NSR_TENSOR;
	out->version = TENSOR_VERSION;
	fields_to_nsr(s, s->attr, s->n_attr, NSR_ATTRIBUTE, out);
	fields_to_nsr(s, s->feat, s->n_feat, NSR_FEATURE, out);
	if (s->has_unit)
		nsr_schema_add(out, UNIT_FIELD, NSR_U64, NSR_PLAIN, 1, "", 0);
}

static int
put_dict(const struct tensor_schema *s, struct nsr_writer *w, const char *name,
    const struct buf *b, struct ns_err *e)
{
	size_t at = 0, n;
	int rc;

	do {
		n = b->len - at < DICT_PART ? b->len - at : DICT_PART;
		rc = nsr_put_dict(w, name, s->is_public, b->p + at, n, e);
		at += n;
	} while (rc >= 0 && at < b->len);
	return rc;
}

int
tensor_put_tables(const struct tensor_schema *s, struct nsr_writer *w, struct ns_err *e)
{
	char name[sizeof TABLE_PREFIX + sizeof s->tables->name];
	const struct tensor_table *t;
	struct buf b = {0};
	size_t i, n;
	uint8_t *p;
	int k, rc = NS_OK;

	for (k = 0; k < s->n_tables && rc >= 0; k++) {
		t = &s->tables[k];
		n = size_mul(t->n, t->dim);
		b.len = 0;
		p = buf_room(&b, size_add(8, size_mul(4, n)));
		put_le32(p, t->n);
		put_le32(p + 4, t->dim);
		for (i = 0; i < n; i++)
			put_lef32(p + 8 + 4 * i, t->v[i]);
		snprintf(name, sizeof name, TABLE_PREFIX "%s", t->name);
		rc = put_dict(s, w, name, &b, e);
	}
	buf_free(&b);
	return rc;
}

int
tensor_put_schema_dict(const struct tensor_schema *s, struct nsr_writer *w,
    struct ns_err *e)
{
	struct tensor_schema made = *s;
	struct nsr_schema out;
	struct buf b = {0};
	int rc;

	made.has_unit = false;
	tensor_schema_to_nsr(&made, &out);
	nsr_schema_put(&out, &b);
	rc = put_dict(s, w, SCHEMA_DICT, &b, e);
	buf_free(&b);
	return rc;
}

/* Rows have unit length: that is what makes a dot product a cosine. */
static int
check_rows(const char *name, const float *v, uint32_t n, uint32_t dim, struct ns_err *e)
{
	double sum;
	uint32_t i, d;

	for (i = 0; i < n; i++) {
		for (sum = 0, d = 0; d < dim; d++, v++)
			sum += (double)*v * (double)*v;
		if (!(fabs(sum - 1) < 1e-3))
			return ns_fail(e, NS_ECORRUPT,
			    "row %u of table '%s' is not of unit length", i, name);
	}
	return NS_OK;
}

static int
load_table(struct tensor_schema *s, const char *name, const struct nsr_reader *r,
    struct ns_err *e)
{
	char dict_name[sizeof TABLE_PREFIX + sizeof s->tables->name];
	struct nsr_dict d;
	uint32_t n, dim;
	size_t i, count;
	float *v;
	int rc;

	snprintf(dict_name, sizeof dict_name, TABLE_PREFIX "%s", name);
	d = nsr_dict(r, dict_name);
	if (d.data == NULL || d.len < 8)
		return ns_fail(e, NS_ECORRUPT, "the stream lacks the table '%s'", name);
	n = get_le32(d.data);
	dim = get_le32(d.data + 4);
	if (n < 1 || n > 65536 || dim < 1 || dim > TENSOR_DIM_MAX ||
	    d.len - 8 != 4 * (size_t)n * dim)
		return ns_fail(e, NS_ECORRUPT,
		    "table '%s' of %u rows of %u does not fit its %zu bytes", name, n,
		    dim, d.len);
	count = (size_t)n * dim;
	v = xmalloc(size_mul(count, sizeof *v));
	for (i = 0; i < count; i++)
		v[i] = get_lef32(d.data + 8 + 4 * i);
	rc = check_rows(name, v, n, dim, e);
	if (rc >= 0)
		tensor_schema_table(s, name, n, dim, v);
	free(v);
	return rc;
}

static bool
has_table(const struct tensor_schema *s, const char *name)
{
	int i;

	for (i = 0; i < s->n_tables; i++)
		if (strcmp(s->tables[i].name, name) == 0)
			return true;
	return false;
}

/* The table a word field names must be there and have the dims the field says. */
static int
word_table(struct tensor_schema *s, const struct nsr_field *f,
    const struct nsr_reader *r, struct ns_err *e)
{
	int i, rc = has_table(s, f->unit) ? NS_OK : load_table(s, f->unit, r, e);

	if (rc < 0)
		return rc;
	for (i = 0; i < s->n_tables; i++)
		if (strcmp(s->tables[i].name, f->unit) == 0 &&
		    s->tables[i].dim != f->shape)
			return ns_fail(e, NS_ECORRUPT,
			    "field '%s' is of %u dims, its table '%s' of %u", f->name,
			    f->shape, f->unit, s->tables[i].dim);
	return NS_OK;
}

static int
check_field(const struct nsr_field *f, struct ns_err *e)
{
	uint32_t max;

	switch (f->type) {
	case NSR_BIT:
		max = TENSOR_BITS_MAX;
		break;
	case NSR_CATEGORY:
		max = 256;
		break;
	case NSR_WORD:
		max = TENSOR_DIM_MAX;
		break;
	case NSR_REAL:
		max = 1;
		break;
	default:
		return ns_fail(e, NS_ECORRUPT, "field '%s' is no code of a tensor",
		    f->name);
	}
	if (f->shape < 1 || f->shape > max)
		return ns_fail(e, NS_ECORRUPT, "field '%s' of type %s has shape %u",
		    f->name, nsr_type_name(f->type), f->shape);
	if (f->role != NSR_ATTRIBUTE && f->role != NSR_FEATURE)
		return ns_fail(e, NS_ECORRUPT,
		    "field '%s' is neither attribute nor feature", f->name);
	return NS_OK;
}

/* The unit, if there is one, is the last field. */
static bool
ends_with_unit(const struct nsr_schema *in)
{
	const struct nsr_field *f;

	if (in->n_fields == 0)
		return false;
	f = &in->fields[in->n_fields - 1];
	return f->role == NSR_PLAIN && f->type == NSR_U64 && f->shape == 1 &&
	    strcmp(f->name, UNIT_FIELD) == 0;
}

static int
from_nsr(struct tensor_schema *s, const struct nsr_schema *in,
    const struct nsr_reader *r, struct ns_err *e)
{
	const struct nsr_field *f;
	uint32_t i, n = in->n_fields;
	int rc = NS_OK;

	tensor_schema_init(s);
	s->has_unit = ends_with_unit(in);
	n -= s->has_unit;
	for (i = 0; i < n && rc >= 0; i++) {
		f = &in->fields[i];
		rc = check_field(f, e);
		if (rc >= 0 && f->type == NSR_WORD)
			rc = word_table(s, f, r, e);
		if (rc >= 0)
			tensor_schema_add(s, f->role, f->name, f->type, f->shape,
			    f->unit);
	}
	if (rc >= 0)
		rc = tensor_masks_load(&s->masks, s, r, e);
	if (rc < 0)
		tensor_schema_free(s);
	return rc;
}

int
tensor_schema_from_reader(struct tensor_schema *s, const struct nsr_reader *r,
    struct ns_err *e)
{
	int rc = nsr_expect(r, NSR_TENSOR, TENSOR_VERSION, e);

	return rc < 0 ? rc : from_nsr(s, nsr_schema(r), r, e);
}

int
tensor_schema_from_dict(struct tensor_schema *s, const struct nsr_reader *r,
    struct ns_err *e)
{
	struct nsr_dict d = nsr_dict(r, SCHEMA_DICT);
	struct nsr_schema in;
	int rc;

	if (d.data == NULL)
		return ns_fail(e, NS_ECORRUPT, "the stream lacks '" SCHEMA_DICT "'");
	rc = nsr_schema_get(&in, d.data, d.len, e);
	if (rc < 0)
		return rc;
	if (in.kind != NSR_TENSOR || in.version != TENSOR_VERSION)
		return ns_fail(e, NS_EVERSION,
		    "'" SCHEMA_DICT "' describes %s records of version %u",
		    nsr_kind_name(in.kind), in.version);
	if (ends_with_unit(&in))
		return ns_fail(e, NS_ECORRUPT, "'" SCHEMA_DICT "' has units");
	return from_nsr(s, &in, r, e);
}
