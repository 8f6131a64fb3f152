#include <assert.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "codec/impl.h"

static int
put_address(const struct codec *c, enum field_id id, const uint8_t a[16], uint8_t *p,
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
	memcpy(p, f->shape == 32 ? a + 12 : a, f->shape / 8);
	return NS_OK;
}

static uint8_t
reverse_bits(uint8_t v)
{
	v = (uint8_t)(v >> 4 | v << 4);
	v = (uint8_t)((v & 0xcc) >> 2 | (v & 0x33) << 2);
	return (uint8_t)((v & 0xaa) >> 1 | (v & 0x55) << 1);
}

static int
put_tags(const struct codec *c, const uint8_t *tags, uint8_t *p, struct ns_err *e)
{
	const struct field *f = &c->f[F_CHUNKS];
	size_t n = ((size_t)c->chunks + 7) / 8, i;

	if (f->how == HOW_CONST) {
		if (memcmp(f->bytes, tags, n) != 0)
			return ns_fail(e, NS_EKIND,
			    "the codec knows no flow in these chunks");
		return NS_OK;
	}
	for (i = 0; i < n; i++)
		p[i] = reverse_bits(tags[i]);
	if (c->chunks % 8 != 0)
		p[n - 1] &= (uint8_t)(0xff00u >> c->chunks % 8);
	return NS_OK;
}

static int
put_place(const struct codec *c, const struct series *s, const struct chunk_info *k,
    uint8_t *p, struct ns_err *e)
{
	const struct field *f = &c->f[F_START];
	double place = (double)(series_time(s, 0) - k->t0_ns) / (double)k->len_ns;

	if (f->how != HOW_CONST)
		put_lef32(p, (float)place);
	else if (place != f->place)
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
		p += field_bytes(&c->f[id]);
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
		if (c->f[id].how == HOW_ABSENT)
			continue;
		step_column(s, (enum field_id)id, first, n, v);
		rc = field_has_texts((enum field_id)id)
		    ? field_put_texts(c, (enum field_id)id, v, n, l, p, stride, e)
		    : field_put(c, (enum field_id)id, v, n, p, stride, e);
		p += field_bytes(&c->f[id]);
	}
	return rc;
}

int
codec_encode(const struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, struct buf *b, struct ns_err *e)
{
	const struct tensor_schema *t = &c->schema;
	uint32_t i, n;
	uint8_t *p;
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
	p = buf_room(b, t->attr_bytes + 4 + s->n * t->feat_bytes);
	if ((rc = put_attributes(c, s, k, p, e)) < 0)
		return rc;
	put_le32(p + t->attr_bytes, s->n);
	p += t->attr_bytes + 4;
	for (i = 0; i < s->n; i += n) {
		n = s->n - i < STEP_BLOCK ? s->n - i : STEP_BLOCK;
		if ((rc = put_steps(c, s, i, n, l, p, e)) < 0)
			return rc;
	}
	return NS_OK;
}
