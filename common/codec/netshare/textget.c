/* The lines of textput.c read back.  They come from outside: each value is checked
 * against what its field can say. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/netshare/impl.h"

static int
get_const_bytes(struct codec *c, enum field_id id, struct text *t)
{
	size_t n = id == F_CHUNKS ? ((size_t)c->chunks + 7) / 8 : 16;
	struct field *f = &c->ns->f[id];

	f->how = HOW_CONST;
	f->bytes = xcalloc(n, 1);
	if (text_hex(t, 3, f->bytes, n) < 0)
		return NS_ECORRUPT;
	if (id == F_CHUNKS && c->chunks % 8 != 0 &&
	    f->bytes[n - 1] >> c->chunks % 8 != 0)
		return text_bad(t, "a flow in chunks there are not");
	if (id != F_CHUNKS && (c->v4 == c->v6 || addr_is_v4(f->bytes) != c->v4))
		return text_bad(t, "an address of the wrong version");
	return NS_OK;
}

static int
get_texts(struct field *f, uint32_t n, struct text *t)
{
	f->shape = n;
	return texts_get(&f->texts, n, t);
}

static int
get_values(struct codec *c, enum field_id id, uint32_t n, struct text *t)
{
	struct field *f = &c->ns->f[id];
	uint64_t kinds = 0;
	uint32_t i;

	f->values = xcalloc(n, sizeof *f->values);
	f->shape = n;
	for (i = 0; i < n; i++) {
		if (text_words(t, "value", id == F_ICMP ? 3 : 2) < 0 ||
		    text_u64(t, 1, field_def(id)->limit, &f->values[i]) < 0 ||
		    (id == F_ICMP && text_u64(t, 2, 3, &kinds) < 0))
			return NS_ECORRUPT;
		if (i > 0 && f->values[i - 1] >= f->values[i])
			return text_bad(t, "values are not in order");
		if (id == F_ICMP)
			c->icmp_kinds[i] = (uint8_t)kinds;
	}
	return NS_OK;
}

static int
get_category(struct codec *c, enum field_id id, struct text *t)
{
	struct field *f = &c->ns->f[id];
	enum field_kind kind = field_def(id)->kind;
	uint64_t n;

	if (kind != KIND_TEXT && kind != KIND_ICMP && kind != KIND_FLAGS &&
	    kind != KIND_VERSION)
		return text_bad(t, "no field for a category");
	if (text_u64(t, 3, 256, &n) < 0)
		return NS_ECORRUPT;
	if (n == 0)
		return text_bad(t, "a category of nothing");
	f->how = HOW_CATEGORY;
	if (kind == KIND_TEXT)
		return get_texts(f, (uint32_t)n, t);
	if (get_values(c, id, (uint32_t)n, t) < 0)
		return NS_ECORRUPT;
	if (kind == KIND_VERSION && (n != 2 || f->values[0] != 4 || f->values[1] != 6))
		return text_bad(t, "IP versions are 4 and 6");
	return NS_OK;
}

static bool
is_linear(enum field_kind kind)
{
	return kind == KIND_PLACE || kind == KIND_GAP || kind == KIND_RANGE ||
	    kind == KIND_LINEAR;
}

/* "among N" at word at, if the line goes on, and its values. */
static int
get_among(struct codec *c, enum field_id id, int at, struct text *t)
{
	const struct field *f = &c->ns->f[id];
	uint64_t n;

	if (t->n == at)
		return NS_OK;
	if (t->n != at + 2 || strcmp(t->w[at], "among") != 0)
		return text_bad(t, "a number takes values among some");
	if (text_u64(t, at + 1, FEW_MAX, &n) < 0)
		return NS_ECORRUPT;
	if (n == 0)
		return text_bad(t, "a number of no values");
	if (get_values(c, id, (uint32_t)n, t) < 0)
		return NS_ECORRUPT;
	if (f->values[0] < f->min || f->values[n - 1] > f->max)
		return text_bad(t, "values outside of their range");
	return NS_OK;
}

/* Counts are fitted so; the others are where nothing was. */
static bool
may_be_log(enum field_id id)
{
	return field_def(id)->kind == KIND_COUNT || id == F_IAT || id == F_IP_LEN;
}

static int
get_number(struct codec *c, enum field_id id, enum field_how how, struct text *t)
{
	struct field *f = &c->ns->f[id];
	const struct field_def *d = field_def(id);
	uint64_t limit = id == F_START ? 1 : d->limit;
	bool is_log = how == HOW_LOG1P;
	int at = is_log ? 4 : 3;

	if (is_log ? !may_be_log(id) : !is_linear(d->kind))
		return text_bad(t, "no field for a number");
	f->how = how;
	if (text_u64(t, at, limit, &f->min) < 0 ||
	    text_u64(t, at + 1, limit, &f->max) < 0)
		return NS_ECORRUPT;
	field_range(f, id);
	if (is_log &&
	    (text_f64(t, 3, &f->unit) < 0 || text_f64(t, 6, &f->lo) < 0 ||
		text_f64(t, 7, &f->hi) < 0))
		return NS_ECORRUPT;
	if (f->min >= f->max || f->lo > f->hi || (is_log && !(f->unit > 0)))
		return text_bad(t, "a range is empty");
	return get_among(c, id, is_log ? 8 : 5, t);
}

/* How many bits the field has, 0 if it is none of bits. */
static uint32_t
bits_of(const struct codec *c, enum field_id id)
{
	switch (field_def(id)->kind) {
	case KIND_ADDR:
		return c->v6 ? 128 : 32;
	case KIND_STARTS:
		return 1;
	case KIND_WORD:
		return id == F_PROTO ? 8 : 16;
	case KIND_BITMAP:
		return (uint32_t)c->chunks;
	case KIND_BITS:
		return 9;
	default:
		return 0;
	}
}

static int
get_const(struct codec *c, enum field_id id, struct text *t)
{
	struct field *f = &c->ns->f[id];

	if (field_is_bytes(id) || field_has_texts(id) || id == F_START)
		return text_bad(t, "no field for a constant number");
	f->how = HOW_CONST;
	return text_u64(t, 3, field_def(id)->limit, &f->value);
}

static int
get_const_place(struct field *f, enum field_id id, struct text *t)
{
	f->how = HOW_CONST;
	if (id != F_START)
		return text_bad(t, "no field for a place");
	if (text_f64(t, 3, &f->place) < 0)
		return NS_ECORRUPT;
	return f->place >= 0 && f->place <= 1 ? NS_OK : text_bad(t, "a place outside");
}

static int
get_bits(struct codec *c, enum field_id id, struct text *t)
{
	uint64_t n;

	if (text_u64(t, 3, TENSOR_BITS_MAX, &n) < 0)
		return NS_ECORRUPT;
	c->ns->f[id].how = HOW_BITS;
	c->ns->f[id].shape = (uint32_t)n;
	return n != 0 && n == bits_of(c, id) ? NS_OK
					     : text_bad(t, "bits of the wrong number");
}

/* "field NAME HOW ...": the line is split and has at least three words. */
static int
get_how(struct codec *c, enum field_id id, struct text *t)
{
	struct field *f = &c->ns->f[id];
	const char *how = t->w[2];

	if (strcmp(how, "const") == 0 && t->n == 4)
		return get_const(c, id, t);
	if (strcmp(how, "const_bytes") == 0 && t->n == 4 && field_is_bytes(id))
		return get_const_bytes(c, id, t);
	if (strcmp(how, "const_place") == 0 && t->n == 4)
		return get_const_place(f, id, t);
	if (strcmp(how, "const_text") == 0 && t->n == 3 && field_has_texts(id)) {
		f->how = HOW_CONST;
		return get_texts(f, 1, t);
	}
	if (strcmp(how, "bits") == 0 && t->n == 4)
		return get_bits(c, id, t);
	if (strcmp(how, "category") == 0 && t->n == 4)
		return get_category(c, id, t);
	if (strcmp(how, "word") == 0 && t->n == 3 && field_def(id)->kind == KIND_WORD) {
		f->how = HOW_WORD;
		f->shape = IP2VEC_DIM;
		return NS_OK;
	}
	if (strcmp(how, "linear") == 0 && t->n >= 5)
		return get_number(c, id, HOW_LINEAR, t);
	if (strcmp(how, "log1p") == 0 && t->n >= 8)
		return get_number(c, id, HOW_LOG1P, t);
	return text_bad(t, "an encoding this field cannot have");
}

/* The field lines, in the order of their ids; an absent one is left out. */
static int
get_fields(struct codec *c, struct text *t)
{
	int id = 0, at;

	for (;;) {
		if (text_line(t) < 0 || text_split(t) < 0)
			return NS_ECORRUPT;
		if (strcmp(t->w[0], "field") != 0)
			return NS_OK; /* the caller goes on with this line */
		if (t->n < 3)
			return text_bad(t, "a field without an encoding");
		for (at = id; at < F_COUNT; at++)
			if (strcmp(field_def((enum field_id)at)->name, t->w[1]) == 0)
				break;
		if (at == F_COUNT || !field_of(c, at))
			return text_bad(t, "an unknown field, or one out of order");
		if (get_how(c, (enum field_id)at, t) < 0)
			return NS_ECORRUPT;
		id = at + 1;
	}
}

/* All fields of the profile are there, ICMP in one of its two forms, and the version
 * of addresses agrees with what the trace has. */
static int
check_fields(const struct codec *c, struct text *t)
{
	bool pair = c->ns->f[F_ICMP_TYPE].how != HOW_ABSENT &&
	    c->ns->f[F_ICMP_CODE].how != HOW_ABSENT;
	const struct field *v = &c->ns->f[F_IP_VERSION];
	int id;

	for (id = 0; id < F_COUNT; id++)
		if (field_of(c, id) && id != F_ICMP && id != F_ICMP_TYPE &&
		    id != F_ICMP_CODE && c->ns->f[id].how == HOW_ABSENT)
			return text_bad(t, "a field is missing before");
	if (!c->of_flows && pair == (c->ns->f[F_ICMP].how != HOW_ABSENT))
		return text_bad(t, "ICMP is encoded twice or not at all");
	if (c->v4 && c->v6 ? v->how != HOW_CATEGORY
			   : v->how != HOW_CONST || v->value != (c->v4 ? 4u : 6u))
		return text_bad(t, "IP versions disagree");
	return NS_OK;
}

int
netshare_text_get(struct codec *c, struct text *t)
{
	return get_fields(c, t) < 0 ? NS_ECORRUPT : check_fields(c, t);
}
