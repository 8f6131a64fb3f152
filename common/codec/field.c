/* One value to its code and back. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "codec/impl.h"

void
field_range(struct field *f, enum field_id id)
{
	f->unit = field_def(id)->unit;
	if (f->how == HOW_LOG1P) {
		f->lo = log1p((double)f->min * f->unit);
		f->hi = log1p((double)f->max * f->unit);
	} else {
		f->lo = (double)f->min;
		f->hi = (double)f->max;
	}
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

/* Place of v among the values, or -1. */
static int
find_value(const struct field *f, uint64_t v)
{
	uint32_t i = values_below(f, v);

	return i < f->shape && f->values[i] == v ? (int)i : -1;
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

static void
put_bits(const struct field *f, uint64_t v, struct buf *b)
{
	uint32_t bytes = (f->shape + 7) / 8, i;
	uint8_t *p = buf_room(b, bytes);

	memset(p, 0, bytes);
	for (i = 0; i < f->shape; i++)
		if (v >> (f->shape - 1 - i) & 1)
			p[i / 8] |= (uint8_t)(0x80 >> i % 8);
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
	return id == F_PROTO ? c->proto_row[v] : c->port_row[v];
}

int
field_put(const struct codec *c, enum field_id id, uint64_t v, struct buf *b,
    struct ns_err *e)
{
	const struct field *f = &c->f[id];
	int32_t i;

	if (v > field_def(id)->limit)
		return cannot(id, v, e);
	switch (f->how) {
	case HOW_ABSENT:
		return NS_OK;
	case HOW_CONST:
		return v == f->value ? NS_OK : cannot(id, v, e);
	case HOW_BITS:
		put_bits(f, v, b);
		return NS_OK;
	case HOW_CATEGORY:
		if ((i = find_value(f, v)) < 0)
			return cannot(id, v, e);
		*buf_room(b, 1) = (uint8_t)i;
		return NS_OK;
	case HOW_WORD:
		if ((i = word_row(c, id, v)) < 0)
			return cannot(id, v, e);
		put_le16(buf_room(b, 2), (uint16_t)i);
		return NS_OK;
	default:
		if (v < f->min || v > f->max || (f->shape != 0 && find_value(f, v) < 0))
			return cannot(id, v, e);
		put_lef32(buf_room(b, 4), number_code(f, v));
		return NS_OK;
	}
}

int
field_put_text(const struct codec *c, enum field_id id, const char *text, struct buf *b,
    struct ns_err *e)
{
	const struct field *f = &c->f[id];
	uint32_t lo = 0, hi = f->shape, mid;
	int d;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		d = strcmp(f->texts[mid], text);
		if (d == 0) {
			if (f->how == HOW_CATEGORY)
				*buf_room(b, 1) = (uint8_t)mid;
			return NS_OK;
		}
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return ns_fail(e, NS_EKIND, "the codec knows no %s '%s'", field_def(id)->name,
	    text);
}

uint64_t
field_get(const struct codec *c, enum field_id id, const uint8_t *code)
{
	const struct field *f = &c->f[id];

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
		return id == F_PROTO ? c->protos.word[get_le16(code)]
				     : c->ports.word[get_le16(code)];
	default:
		return number_value(f, get_lef32(code));
	}
}
