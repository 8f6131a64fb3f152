/*
 * SCHM payload: u8 kind, u8 version, u16 fields, u32 width, then for each field
 * u8 type, u8 role, u16 ipfix, u32 shape, u8 length and name, u8 length and unit.
 */
#include "stream/schema.h"

#include <assert.h>
#include <string.h>

#include "base/le.h"
#include "stream/stream.h"

static const char *const kind_names[] = {"unknown", "packet", "flow", "series",
    "tensor", "model", "report"};
static const char *const type_names[] = {"unknown", "u8", "u16", "u32", "u64", "i64",
    "f32", "f64", "addr", "bytes", "bit", "category", "word", "real"};

const char *
nsr_kind_name(int kind)
{
	return kind_names[kind > 0 && kind < (int)LEN(kind_names) ? kind : 0];
}

const char *
nsr_type_name(int type)
{
	return type_names[type > 0 && type < (int)LEN(type_names) ? type : 0];
}

void
nsr_schema_add(struct nsr_schema *s, const char *name, int type, int role,
    uint32_t shape, const char *unit, int ipfix)
{
	struct nsr_field *f = &s->fields[s->n_fields];

	assert(s->n_fields < NSR_MAX_FIELDS);
	assert(strlen(name) < sizeof f->name && strlen(unit) < sizeof f->unit);
	assert(type >= NSR_U8 && type <= NSR_REAL);
	memset(f, 0, sizeof *f);
	strcpy(f->name, name);
	strcpy(f->unit, unit);
	f->type = (uint8_t)type;
	f->role = (uint8_t)role;
	f->shape = shape;
	f->ipfix = (uint16_t)ipfix;
	s->n_fields++;
}

static void
put_text(struct buf *b, const char *s)
{
	uint8_t n = (uint8_t)strlen(s);

	buf_put(b, &n, 1);
	buf_put(b, s, n);
}

void
nsr_schema_put(const struct nsr_schema *s, struct buf *b)
{
	const struct nsr_field *f;
	uint8_t *p = buf_room(b, 8);
	uint32_t i;

	p[0] = s->kind;
	p[1] = s->version;
	put_le16(p + 2, (uint16_t)s->n_fields);
	put_le32(p + 4, s->width);
	for (i = 0; i < s->n_fields; i++) {
		f = &s->fields[i];
		p = buf_room(b, 8);
		p[0] = f->type;
		p[1] = f->role;
		put_le16(p + 2, f->ipfix);
		put_le32(p + 4, f->shape);
		put_text(b, f->name);
		put_text(b, f->unit);
	}
}

/* A text of fewer than cap printable bytes; moves *p on.  -1 if it is not that. */
static int
get_text(char *out, size_t cap, const uint8_t **p, const uint8_t *end)
{
	size_t n, i;

	if (*p == end)
		return -1;
	n = *(*p)++;
	if (n >= cap || n > (size_t)(end - *p))
		return -1;
	for (i = 0; i < n; i++)
		if ((*p)[i] < 0x21 || (*p)[i] > 0x7e)
			return -1;
	memset(out, 0, cap);
	memcpy(out, *p, n);
	*p += n;
	return 0;
}

static int
get_field(struct nsr_field *f, const uint8_t **p, const uint8_t *end)
{
	if (end - *p < 8)
		return -1;
	f->type = (*p)[0];
	f->role = (*p)[1];
	f->ipfix = get_le16(*p + 2);
	f->shape = get_le32(*p + 4);
	*p += 8;
	if (f->type < NSR_U8 || f->type > NSR_REAL || f->role > NSR_FEATURE)
		return -1;
	if (get_text(f->name, sizeof f->name, p, end) < 0 || f->name[0] == '\0')
		return -1;
	return get_text(f->unit, sizeof f->unit, p, end);
}

int
nsr_schema_get(struct nsr_schema *s, const uint8_t *p, size_t n, struct ns_err *e)
{
	const uint8_t *end = p + n;
	uint32_t i;

	memset(s, 0, sizeof *s);
	if (n < 8)
		return ns_fail(e, NS_ECORRUPT, "schema needs 8 bytes, has %zu", n);
	s->kind = p[0];
	s->version = p[1];
	s->n_fields = get_le16(p + 2);
	s->width = get_le32(p + 4);
	p += 8;
	if (s->kind < NSR_PACKET || s->kind > NSR_REPORT)
		return ns_fail(e, NS_EVERSION, "stream of unknown kind %u", s->kind);
	if (s->n_fields > NSR_MAX_FIELDS || s->width > NSR_RECORD_MAX)
		return ns_fail(e, NS_ECORRUPT,
		    "schema of %u fields and %u bytes a record is beyond the limits",
		    s->n_fields, s->width);
	for (i = 0; i < s->n_fields; i++)
		if (get_field(&s->fields[i], &p, end) < 0)
			return ns_fail(e, NS_ECORRUPT,
			    "field %u of the schema is damaged", i);
	if (p != end)
		return ns_fail(e, NS_ECORRUPT, "schema has %zu bytes too many",
		    (size_t)(end - p));
	return NS_OK;
}

int
nsr_schema_same(const struct nsr_schema *a, const struct nsr_schema *b)
{
	const struct nsr_field *f, *g;
	uint32_t i;

	if (a->kind != b->kind || a->version != b->version || a->width != b->width ||
	    a->n_fields != b->n_fields)
		return 0;
	for (i = 0; i < a->n_fields; i++) {
		f = &a->fields[i];
		g = &b->fields[i];
		if (f->type != g->type || f->role != g->role || f->shape != g->shape ||
		    f->ipfix != g->ipfix || strcmp(f->name, g->name) != 0 ||
		    strcmp(f->unit, g->unit) != 0)
			return 0;
	}
	return 1;
}
