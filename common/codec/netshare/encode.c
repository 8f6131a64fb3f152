#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "codec/netshare/impl.h"
#include "codec/shared/tags.h"

static int
put_address(const struct codec *c, enum field_id id, const uint8_t a[16], uint8_t *p,
    struct ns_err *e)
{
	const struct field *f = &c->ns->f[id];
	char text[46];

	if (f->how == HOW_CONST && (c->clamps || memcmp(f->bytes, a, 16) == 0))
		return NS_OK;
	if (f->how == HOW_CONST || (f->shape == 32 && !addr_is_v4(a) && !c->clamps)) {
		addr_text(a, text);
		return ns_fail(e, NS_EKIND, "the codec cannot express %s %s",
		    field_def(id)->name, text);
	}
	memcpy(p, f->shape == 32 ? a + 12 : a, f->shape / 8);
	return NS_OK;
}

static int
put_tags(const struct codec *c, const uint8_t *tags, uint8_t *p, struct ns_err *e)
{
	const struct field *f = &c->ns->f[F_CHUNKS];

	if (f->how != HOW_CONST)
		tags_to_bits(p, tags, c->chunks);
	else if (!c->clamps && memcmp(f->bytes, tags, tags_bytes(c->chunks)) != 0)
		return ns_fail(e, NS_EKIND, "the codec knows no flow in these chunks");
	return NS_OK;
}

static int
put_place(const struct codec *c, const struct series *s, const struct chunk_info *k,
    uint8_t *p, struct ns_err *e)
{
	const struct field *f = &c->ns->f[F_START];
	double place = (double)(series_time(s, 0) - k->t0_ns) / (double)k->len_ns;

	if (f->how != HOW_CONST)
		put_lef32(p, (float)place);
	else if (place != f->place && !c->clamps)
		return ns_fail(e, NS_EKIND,
		    "the codec knows only flows that start at %g of a chunk", f->place);
	return NS_OK;
}

static int
put_attributes(const struct codec *c, const struct series *s,
    const struct chunk_info *k, uint8_t *p, struct ns_err *e)
{
	uint64_t v;
	int id, rc = NS_OK;

	for (id = 0; id < F_FEATURES && rc >= 0; id++) {
		if (id == F_START) {
			rc = put_place(c, s, k, p, e);
		} else if (id == F_CHUNKS) {
			rc = put_tags(c, s->tags, p, e);
		} else if (field_is_bytes((enum field_id)id)) {
			rc = put_address(c, (enum field_id)id,
			    id == F_SRC_IP ? s->key.src_ip : s->key.dst_ip, p, e);
		} else {
			v = series_value(s, (enum field_id)id);
			rc = field_put(c, (enum field_id)id, &v, 1, p, 0, e);
		}
		p += field_bytes(&c->ns->f[id]);
	}
	return rc;
}

/* Steps first .. first + n - 1, one field after the other. */
static int
put_steps(const struct codec *c, const struct series *s, uint32_t first, uint32_t n,
    const struct labels *l, uint8_t *p, struct ns_err *e)
{
	size_t stride = c->schema.feat_bytes;
	uint64_t v[STEP_BLOCK];
	int id, rc = NS_OK;

	p += first * stride;
	for (id = F_FEATURES; id < F_COUNT && rc >= 0; id++) {
		if (c->ns->f[id].how == HOW_ABSENT)
			continue;
		step_column(s, (enum field_id)id, first, n, v);
		rc = field_has_texts((enum field_id)id)
		    ? field_put_texts(c, (enum field_id)id, v, n, l, p, stride, e)
		    : field_put(c, (enum field_id)id, v, n, p, stride, e);
		p += field_bytes(&c->ns->f[id]);
	}
	return rc;
}

static int
put_series(const struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, uint8_t *p, struct ns_err *e)
{
	const struct tensor_schema *t = &c->schema;
	uint32_t i, n;
	int rc;

	if ((rc = put_attributes(c, s, k, p, e)) < 0)
		return rc;
	p += t->attr_bytes + 4;
	for (i = 0; i < s->n; i += n) {
		n = s->n - i < STEP_BLOCK ? s->n - i : STEP_BLOCK;
		if ((rc = put_steps(c, s, i, n, l, p, e)) < 0)
			return rc;
	}
	return NS_OK;
}

/* What the codec clamps has addresses, ports and protocol that go together first. */
int
netshare_encode(const struct codec *c, const struct series *s,
    const struct chunk_info *k, const struct labels *l, uint8_t *p, struct ns_err *e)
{
	struct series near;

	if (!c->clamps)
		return put_series(c, s, k, l, p, e);
	near = *s;
	mend_key(c, &near.key, tuple_is_v4(&s->key) ? c->v4 : !c->v6);
	return put_series(c, &near, k, l, p, e);
}
