/* One value to its code and back. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "codec/netshare/impl.h"

void
field_range(struct field *f, enum field_id id)
{
	f->unit = field_def(id)->unit;
	if (f->how == HOW_LOG1P) {
		field_scale(f, f->unit);
	} else {
		f->lo = (double)f->min;
		f->hi = (double)f->max;
	}
}

void
field_scale(struct field *f, double unit)
{
	f->unit = unit;
	f->lo = log1p((double)f->min * unit);
	f->hi = log1p((double)f->max * unit);
}

double
field_gap(const struct field *f, float code)
{
	double x = f->lo + (f->hi - f->lo) * (double)code;

	if (f->how != HOW_LOG1P)
		return x;
	x = expm1(x) / f->unit;
	/* a scale from outside may lead anywhere */
	return x > 0 ? fmin(x, (double)f->max) : 0;
}

static float
number_code(const struct field *f, uint64_t v)
{
	double x = f->how == HOW_LOG1P ? log1p((double)v * f->unit) : (double)v;

	if (!(f->hi > f->lo))
		return 0;
	x = (x - f->lo) / (f->hi - f->lo);
	return (float)(x < 0 ? 0 : x > 1 ? 1 : x);
}

/* How many of the values are below v. */
static uint32_t
values_below(const struct field *f, uint64_t v)
{
	uint32_t lo = 0, hi = f->shape, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (f->values[mid] < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

#define SLOTS 512 /* a table that values fill by half at most */

static uint32_t
first_slot(uint64_t v)
{
	return (uint32_t)(v * 0x9e3779b97f4a7c15u >> 55);
}

void
field_index(struct field *f)
{
	uint32_t i, k;

	if (f->values == NULL)
		return;
	assert(f->shape <= SLOTS / 2);
	f->slots = xcalloc(SLOTS, sizeof *f->slots);
	f->codes = xcalloc(f->shape, sizeof *f->codes);
	for (i = 0; i < f->shape; i++) {
		for (k = first_slot(f->values[i]); f->slots[k] != 0;)
			k = (k + 1) % SLOTS;
		f->slots[k] = (uint16_t)(i + 1);
		if (f->how == HOW_LINEAR || f->how == HOW_LOG1P)
			f->codes[i] = number_code(f, f->values[i]);
	}
}

/* Place of v among the values, or -1. */
static int
find_value(const struct field *f, uint64_t v)
{
	uint32_t k = first_slot(v);

	while (f->slots[k] != 0 && f->values[f->slots[k] - 1] != v)
		k = (k + 1) % SLOTS;
	return (int)f->slots[k] - 1;
}

/* Of the values seen the one whose code is nearest, the lower of two as near. */
static uint64_t
nearest_value(const struct field *f, uint64_t v, float code)
{
	uint32_t i = values_below(f, v);
	float below, above;

	if (i == f->shape)
		return f->values[i - 1];
	if (i == 0 || f->values[i] == v)
		return f->values[i];
	below = code - number_code(f, f->values[i - 1]);
	above = number_code(f, f->values[i]) - code;
	return f->values[above < below ? i : i - 1];
}

static uint64_t
number_value(const struct field *f, float code)
{
	double x = f->lo + (f->hi - f->lo) * (double)code;
	uint64_t v;

	if (f->how == HOW_LOG1P)
		x = expm1(x) / f->unit;
	x = rint(x);
	if (x <= (double)f->min)
		v = f->min;
	else
		v = x >= (double)f->max ? f->max : (uint64_t)x;
	return f->shape != 0 ? nearest_value(f, v, code) : v;
}

static int
cannot(enum field_id id, uint64_t v, struct ns_err *e)
{
	const char *name = field_def(id)->name;

	if (id == F_ICMP && v == ICMP_NONE)
		return ns_fail(e, NS_EKIND,
		    "the codec knows no packet that is not of ICMP");
	if (id == F_ICMP)
		return ns_fail(e, NS_EKIND, "the codec knows no ICMP type %u code %u",
		    (unsigned)(v >> 8 & 0xff), (unsigned)(v & 0xff));
	return ns_fail(e, NS_EKIND, "the codec cannot express %s %llu", name,
	    (unsigned long long)v);
}

/* High bit first, zeros behind the last. */
static void
put_bits(const struct field *f, uint64_t v, uint8_t *p)
{
	uint32_t bytes = field_bytes(f), i;

	v <<= 8 * bytes - f->shape;
	for (i = bytes; i-- > 0; v >>= 8)
		p[i] = (uint8_t)v;
}

static uint64_t
get_bits(const struct field *f, const uint8_t *p)
{
	uint64_t v = 0;
	uint32_t i;

	for (i = 0; i < f->shape; i++)
		v = v << 1 | (p[i / 8] >> (7 - i % 8) & 1);
	return v;
}

static int32_t
word_row(const struct codec *c, enum field_id id, uint64_t v)
{
	return id == F_PROTO ? c->ns->proto_row[v] : c->ns->port_row[v];
}

uint32_t
field_bytes(const struct field *f)
{
	switch (f->how) {
	case HOW_ABSENT:
	case HOW_CONST:
		return 0;
	case HOW_BITS:
		return (f->shape + 7) / 8;
	case HOW_CATEGORY:
		return 1;
	case HOW_WORD:
		return 2;
	default:
		return 4;
	}
}

static uint32_t
put_numbers(const struct field *f, const uint64_t *v, uint32_t n, uint8_t *p,
    size_t stride)
{
	uint32_t k;
	int i;

	for (k = 0; k < n && v[k] >= f->min && v[k] <= f->max; k++, p += stride) {
		if (f->shape == 0) {
			put_lef32(p, number_code(f, v[k]));
			continue;
		}
		if ((i = find_value(f, v[k])) < 0)
			break;
		put_lef32(p, f->codes[i]);
	}
	return k;
}

/* The codes of n values; returns how many there are before one that has none. */
static uint32_t
put_values(const struct codec *c, enum field_id id, const uint64_t *v, uint32_t n,
    uint8_t *p, size_t stride)
{
	const struct field *f = &c->ns->f[id];
	uint32_t k;
	int32_t i;

	switch (f->how) {
	case HOW_ABSENT:
		return n;
	case HOW_CONST:
		for (k = 0; k < n && v[k] == f->value; k++)
			;
		return k;
	case HOW_BITS:
		for (k = 0; k < n; k++, p += stride)
			put_bits(f, v[k], p);
		return n;
	case HOW_CATEGORY:
		for (k = 0; k < n && (i = find_value(f, v[k])) >= 0; k++, p += stride)
			*p = (uint8_t)i;
		return k;
	case HOW_WORD:
		for (k = 0; k < n && (i = word_row(c, id, v[k])) >= 0; k++, p += stride)
			put_le16(p, (uint16_t)i);
		return k;
	default:
		return put_numbers(f, v, n, p, stride);
	}
}

/* The word that is nearest in number. */
static uint64_t
nearest_word(const struct codec *c, enum field_id id, uint64_t v)
{
	uint64_t most = field_def(id)->limit, d;

	for (d = 0; d <= most; d++) {
		if (v >= d && word_row(c, id, v - d) >= 0)
			return v - d;
		if (v + d <= most && word_row(c, id, v + d) >= 0)
			return v + d;
	}
	return v; /* a table has one row at least */
}

/* Of all that the field can express what is nearest to v. */
static uint64_t
nearest(const struct codec *c, enum field_id id, uint64_t v)
{
	const struct field *f = &c->ns->f[id];
	uint64_t limit = field_def(id)->limit;
	uint32_t i;

	v = v < limit ? v : limit;
	switch (f->how) {
	case HOW_CONST:
		return f->value;
	case HOW_WORD:
		return nearest_word(c, id, v);
	case HOW_CATEGORY:
		i = values_below(f, v);
		if (i == f->shape || (i > 0 && v - f->values[i - 1] < f->values[i] - v))
			i--;
		return f->values[i];
	case HOW_LINEAR:
	case HOW_LOG1P:
		v = v < f->min ? f->min : v > f->max ? f->max : v;
		return f->shape != 0 ? nearest_value(f, v, number_code(f, v)) : v;
	default:
		return v;
	}
}

int
field_put(const struct codec *c, enum field_id id, const uint64_t *v, uint32_t n,
    uint8_t *p, size_t stride, struct ns_err *e)
{
	uint64_t limit = field_def(id)->limit, near[STEP_BLOCK];
	uint32_t i, k;

	assert(n <= STEP_BLOCK);
	for (i = 0; i < n && c->clamps; i++)
		near[i] = nearest(c, id, v[i]);
	v = c->clamps ? near : v;
	for (i = 0; i < n && v[i] <= limit; i++)
		;
	k = put_values(c, id, v, i, p, stride);
	return k < n ? cannot(id, v[k], e) : NS_OK;
}

int
field_put_texts(const struct codec *c, enum field_id id, const uint64_t *v, uint32_t n,
    const struct labels *l, uint8_t *p, size_t stride, struct ns_err *e)
{
	const struct field *f = &c->ns->f[id];
	const char *text;
	uint32_t i;
	int k = -1;

	for (i = 0; i < n; i++, p += stride) {
		text = labels_text(l, (uint16_t)v[i]);
		if (i == 0 || v[i] != v[i - 1])
			k = texts_find(&f->texts, text);
		if (k < 0 && c->clamps) {
			k = texts_find(&f->texts, "");
			k = k < 0 ? 0 : k;
		}
		if (k < 0)
			return ns_fail(e, NS_EKIND, "the codec knows no %s '%s'",
			    field_def(id)->name, text);
		if (f->how == HOW_CATEGORY)
			*p = (uint8_t)k;
	}
	return NS_OK;
}

uint64_t
field_get(const struct codec *c, enum field_id id, const uint8_t *code)
{
	const struct field *f = &c->ns->f[id];

	switch (f->how) {
	case HOW_ABSENT:
		return 0;
	case HOW_CONST:
		return f->value;
	case HOW_BITS:
		return get_bits(f, code);
	case HOW_CATEGORY:
		return field_has_texts(id) ? code[0] : f->values[code[0]];
	case HOW_WORD:
		return id == F_PROTO ? c->ns->protos.word[get_le16(code)]
				     : c->ns->ports.word[get_le16(code)];
	default:
		return number_value(f, get_lef32(code));
	}
}
