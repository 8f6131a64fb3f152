#include <assert.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "codec/impl.h"

static int
put_address(const struct codec *c, enum field_id id, const uint8_t a[16], struct buf *b,
    struct ns_err *e)
{
	const struct field *f = &c->f[id];
	char text[46];

	if (f->how == HOW_CONST && memcmp(f->bytes, a, 16) == 0)
		return NS_OK;
	if (f->how == HOW_CONST || (f->shape == 32 && !addr_is_v4(a))) {
		addr_text(a, text);
		return ns_fail(e, NS_EKIND, "the codec cannot express %s %s",
		    field_def(id)->name, text);
	}
	buf_put(b, f->shape == 32 ? a + 12 : a, f->shape / 8);
	return NS_OK;
}

static int
put_tags(const struct codec *c, const uint8_t *tags, struct buf *b, struct ns_err *e)
{
	const struct field *f = &c->f[F_CHUNKS];
	size_t n = ((size_t)c->chunks + 7) / 8;
	uint8_t *p;
	int i;

	if (f->how == HOW_CONST) {
		if (memcmp(f->bytes, tags, n) != 0)
			return ns_fail(e, NS_EKIND,
			    "the codec knows no flow in these chunks");
		return NS_OK;
	}
	p = buf_room(b, n);
	memset(p, 0, n);
	for (i = 0; i < c->chunks; i++)
		if (tags[i / 8] >> i % 8 & 1)
			p[i / 8] |= (uint8_t)(0x80 >> i % 8);
	return NS_OK;
}

static int
put_place(const struct codec *c, const struct series *s, const struct chunk_info *k,
    struct buf *b, struct ns_err *e)
{
	const struct field *f = &c->f[F_START];
	double place = (double)(series_time(s, 0) - k->t0_ns) / (double)k->len_ns;

	if (f->how != HOW_CONST)
		put_lef32(buf_room(b, 4), (float)place);
	else if (place != f->place)
		return ns_fail(e, NS_EKIND,
		    "the codec knows only flows that start at %g of a chunk", f->place);
	return NS_OK;
}

static int
put_attributes(const struct codec *c, const struct series *s,
    const struct chunk_info *k, struct buf *b, struct ns_err *e)
{
	int id, rc = NS_OK;

	for (id = 0; id < F_FEATURES && rc >= 0; id++) {
		if (id == F_START)
			rc = put_place(c, s, k, b, e);
		else if (id == F_CHUNKS)
			rc = put_tags(c, s->tags, b, e);
		else if (field_is_bytes((enum field_id)id))
			rc = put_address(c, (enum field_id)id,
			    id == F_SRC_IP ? s->key.src_ip : s->key.dst_ip, b, e);
		else
			rc = field_put(c, (enum field_id)id,
			    series_value(s, (enum field_id)id), b, e);
	}
	return rc;
}

static int
put_step(const struct codec *c, const struct series *s, uint32_t i,
    const struct labels *l, struct buf *b, struct ns_err *e)
{
	int id, rc = NS_OK;
	uint64_t v;

	for (id = F_FEATURES; id < F_COUNT && rc >= 0; id++) {
		if (c->f[id].how == HOW_ABSENT)
			continue;
		v = step_value(s, i, (enum field_id)id);
		rc = field_has_texts((enum field_id)id)
		    ? field_put_text(c, (enum field_id)id, labels_text(l, (uint16_t)v),
			  b, e)
		    : field_put(c, (enum field_id)id, v, b, e);
	}
	return rc;
}

int
codec_encode(const struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, struct buf *b, struct ns_err *e)
{
	const struct tensor_schema *t = &c->schema;
	uint32_t i;
	int rc;

	assert(c->fit == NULL);
	b->len = 0;
	if ((rc = check_series(c, s, k, e)) < 0)
		return rc;
	if (s->n > TENSOR_STEPS_MAX ||
	    t->attr_bytes + 4 + s->n * t->feat_bytes > NSR_RECORD_MAX)
		return ns_fail(e, NS_EKIND,
		    "a series of %u steps does not fit a tensor record; "
		    "cut flows with ns-chunk --max-steps=%zu",
		    s->n,
		    (NSR_RECORD_MAX - 4 - t->attr_bytes) /
			(t->feat_bytes + (t->feat_bytes == 0)));
	if ((rc = put_attributes(c, s, k, b, e)) < 0)
		return rc;
	put_le32(buf_room(b, 4), s->n);
	for (i = 0; i < s->n; i++)
		if ((rc = put_step(c, s, i, l, b, e)) < 0)
			return rc;
	return NS_OK;
}
