/* The DICT "codec" read back; its grammar is in textput.c.  It comes from outside: each
 * value is checked against what its field can say. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/impl.h"
#include "codec/lines.h"

static int
get_const_bytes(struct codec *c, enum field_id id, struct text *t)
{
	size_t n = id == F_CHUNKS ? ((size_t)c->chunks + 7) / 8 : 16;
	struct field *f = &c->f[id];

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

/* n lines "text T", in ascending order. */
static int
get_texts(struct field *f, uint32_t n, struct text *t)
{
	uint32_t i;

	f->texts = xcalloc(n, sizeof *f->texts);
	f->shape = n;
	for (i = 0; i < n; i++) {
		if (text_line(t) < 0)
			return NS_ECORRUPT;
		if (strncmp(t->line, "text ", 5) != 0 ||
		    strlen(t->line + 5) > LABEL_TEXT_MAX)
			return text_bad(t, "not a text");
		f->texts[i] = xstrdup(t->line + 5);
		if (i > 0 && strcmp(f->texts[i - 1], f->texts[i]) >= 0)
			return text_bad(t, "texts are not in order");
	}
	return NS_OK;
}

static int
get_values(struct codec *c, enum field_id id, uint32_t n, struct text *t)
{
	struct field *f = &c->f[id];
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
	struct field *f = &c->f[id];
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
	const struct field *f = &c->f[id];
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

static int
get_number(struct codec *c, enum field_id id, enum field_how how, struct text *t)
{
	struct field *f = &c->f[id];
	const struct field_def *d = field_def(id);
	uint64_t limit = id == F_START ? 1 : d->limit;
	bool is_log = how == HOW_LOG1P;
	int at = is_log ? 4 : 3;

	if (is_log ? d->kind != KIND_COUNT : !is_linear(d->kind))
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
	struct field *f = &c->f[id];

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
	c->f[id].how = HOW_BITS;
	c->f[id].shape = (uint32_t)n;
	return n != 0 && n == bits_of(c, id) ? NS_OK
					     : text_bad(t, "bits of the wrong number");
}

/* "field NAME HOW ...": the line is split and has at least three words. */
static int
get_how(struct codec *c, enum field_id id, struct text *t)
{
	struct field *f = &c->f[id];
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
	bool pair =
	    c->f[F_ICMP_TYPE].how != HOW_ABSENT && c->f[F_ICMP_CODE].how != HOW_ABSENT;
	const struct field *v = &c->f[F_IP_VERSION];
	int id;

	for (id = 0; id < F_COUNT; id++)
		if (field_of(c, id) && id != F_ICMP && id != F_ICMP_TYPE &&
		    id != F_ICMP_CODE && c->f[id].how == HOW_ABSENT)
			return text_bad(t, "a field is missing before");
	if (!c->of_flows && pair == (c->f[F_ICMP].how != HOW_ABSENT))
		return text_bad(t, "ICMP is encoded twice or not at all");
	if (c->v4 && c->v6 ? v->how != HOW_CATEGORY
			   : v->how != HOW_CONST || v->value != (c->v4 ? 4u : 6u))
		return text_bad(t, "IP versions disagree");
	return NS_OK;
}

static int
get_off(struct rules *r, struct text *t)
{
	uint64_t proto;
	int rule, i;

	for (rule = 0; rule < RULES; rule++)
		if (t->n >= 3 && strcmp(rule_name((enum rule)rule), t->w[1]) == 0)
			break;
	if (rule == RULES)
		return text_bad(t, "an unknown rule");
	for (i = 2; i < t->n; i++) {
		if (text_u64(t, i, 255, &proto) < 0)
			return NS_ECORRUPT;
		r->off[rule][proto] = true;
	}
	return NS_OK;
}

static int
get_bytes_rule(struct rules *r, struct text *t)
{
	uint64_t proto;

	if (t->n != 4 || text_u64(t, 1, 255, &proto) < 0 ||
	    text_u64(t, 2, UINT64_MAX, &r->bytes_min[proto]) < 0 ||
	    text_u64(t, 3, UINT64_MAX, &r->bytes_max[proto]) < 0)
		return text_bad(t, "not a range of bytes");
	return NS_OK;
}

/* From icmp_common, the present line, to end. */
static int
get_rules(struct codec *c, struct text *t)
{
	int rc;

	if (strcmp(t->w[0], "icmp_common") != 0 || t->n != 3)
		return text_bad(t, "not what is expected here");
	if (text_u64(t, 1, 0x1ffff, &c->icmp_common[0]) < 0 ||
	    text_u64(t, 2, 0x1ffff, &c->icmp_common[1]) < 0)
		return NS_ECORRUPT;
	for (;;) {
		if (text_line(t) < 0 || text_split(t) < 0)
			return NS_ECORRUPT;
		if (strcmp(t->w[0], "off") == 0)
			rc = get_off(&c->rules, t);
		else if (strcmp(t->w[0], "bytes") == 0)
			rc = get_bytes_rule(&c->rules, t);
		else
			break;
		if (rc < 0)
			return rc;
	}
	if (strcmp(t->w[0], "dur_least") != 0 || t->n != 2)
		return text_bad(t, "not what is expected here");
	return text_u64(t, 1, INT64_MAX, &c->rules.dur_least);
}

static int
get_head(struct codec *c, struct text *t)
{
	uint64_t v;
	int i;

	if (text_words(t, "codec", 2) < 0 || text_u64(t, 1, UINT64_MAX, &v) < 0)
		return NS_ECORRUPT;
	if (v != 1)
		return ns_fail(t->e, NS_EVERSION, "the codec is of version %s",
		    t->w[1]);
	if (text_words(t, "profile", 2) < 0)
		return NS_ECORRUPT;
	if (strcmp(t->w[1], "netshare") != 0)
		return ns_fail(t->e, NS_EVERSION, "the codec's profile is '%s'",
		    t->w[1]);
	if (text_words(t, "steps", 2) < 0)
		return NS_ECORRUPT;
	c->of_flows = strcmp(t->w[1], "flows") == 0;
	if (!c->of_flows && strcmp(t->w[1], "packets") != 0)
		return text_bad(t, "steps are packets or flows");
	if (text_words(t, "chunks", 2) < 0 || text_u64(t, 1, CHUNKS_MAX, &v) < 0)
		return NS_ECORRUPT;
	c->chunks = (int)v;
	if (text_words(t, "max_steps", 2) < 0 ||
	    text_u64(t, 1, TENSOR_STEPS_MAX, &v) < 0)
		return NS_ECORRUPT;
	c->max_steps = (uint32_t)v;
	if (c->chunks == 0 || v == 0 || text_words(t, "versions", 0) < 0)
		return text_bad(t, "no chunks, no steps or no versions");
	for (i = 1; i < t->n; i++) {
		c->v4 = c->v4 || strcmp(t->w[i], "4") == 0;
		c->v6 = c->v6 || strcmp(t->w[i], "6") == 0;
	}
	return c->v4 || c->v6 ? NS_OK : text_bad(t, "no IP version");
}

int
codec_text_get(struct codec *c, const uint8_t *p, size_t n, struct ns_err *e)
{
	struct text *t = xcalloc(1, sizeof *t);
	char *copy = xmalloc(n + 1);
	int rc;

	memcpy(copy, p, n);
	copy[n] = '\0';
	t->next = copy;
	t->end = copy + n;
	t->e = e;
	if (memchr(copy, '\0', n) != NULL) {
		rc = ns_fail(e, NS_ECORRUPT, "the codec is no text");
	} else {
		rc = get_head(c, t);
		if (rc >= 0)
			rc = get_fields(c, t);
		if (rc >= 0)
			rc = check_fields(c, t);
		if (rc >= 0)
			rc = get_rules(c, t);
		if (rc >= 0)
			rc = text_words(t, "end", 1);
		if (rc >= 0 && t->next != t->end)
			rc = text_bad(t, "something follows the end");
	}
	free(copy);
	free(t);
	return rc;
}
