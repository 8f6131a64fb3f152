/*
 * The DICT "codec": text, one line a field, then rules.  Numbers that are not whole are
 * written in hexadecimal, so they are exact.
 *
 *   codec 1
 *   profile netshare
 *   steps packets|flows
 *   chunks N
 *   max_steps N
 *   versions 4|6|4 6
 *   field NAME const N              or const_bytes HEX, const_place X, const_text
 *   field NAME bits N
 *   field NAME category N           then N lines "value V", "value V KINDS" (icmp)
 *   field NAME word                 or "text T"; one line "text T" after const_text
 *   field NAME linear MIN MAX       both may end in "among N", then N lines "value V":
 *   field NAME log1p UNIT MIN MAX LO HI                 the only values that there are
 *   icmp_common V V
 *   off RULE PROTO...
 *   bytes PROTO MIN MAX
 *   dur_least N
 *   end
 */
#include "codec/impl.h"

#include "base/mem.h"

typedef unsigned long long ull;

static void
put_hex(struct buf *b, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf_printf(b, "%02x", p[i]);
}

static void
put_const(const struct codec *c, enum field_id id, struct buf *b)
{
	const struct field *f = &c->f[id];

	if (field_is_bytes(id)) {
		buf_printf(b, " const_bytes ");
		put_hex(b, f->bytes, id == F_CHUNKS ? ((size_t)c->chunks + 7) / 8 : 16);
	} else if (id == F_START) {
		buf_printf(b, " const_place %a", f->place);
	} else if (field_has_texts(id)) {
		buf_printf(b, " const_text\ntext %s", f->texts[0]);
	} else {
		buf_printf(b, " const %llu", (ull)f->value);
	}
}

static void
put_category(const struct codec *c, enum field_id id, struct buf *b)
{
	const struct field *f = &c->f[id];
	uint32_t i;

	buf_printf(b, " category %u", f->shape);
	for (i = 0; i < f->shape; i++) {
		if (field_has_texts(id))
			buf_printf(b, "\ntext %s", f->texts[i]);
		else
			buf_printf(b, "\nvalue %llu", (ull)f->values[i]);
		if (id == F_ICMP)
			buf_printf(b, " %u", c->icmp_kinds[i]);
	}
}

/* A number that took few values: which. */
static void
put_among(const struct field *f, struct buf *b)
{
	uint32_t i;

	if (f->shape == 0)
		return;
	buf_printf(b, " among %u", f->shape);
	for (i = 0; i < f->shape; i++)
		buf_printf(b, "\nvalue %llu", (ull)f->values[i]);
}

static void
put_field(const struct codec *c, enum field_id id, struct buf *b)
{
	const struct field *f = &c->f[id];

	buf_printf(b, "field %s", field_def(id)->name);
	switch (f->how) {
	case HOW_CONST:
		put_const(c, id, b);
		break;
	case HOW_BITS:
		buf_printf(b, " bits %u", f->shape);
		break;
	case HOW_CATEGORY:
		put_category(c, id, b);
		break;
	case HOW_WORD:
		buf_printf(b, " word");
		break;
	case HOW_LINEAR:
		buf_printf(b, " linear %llu %llu", (ull)f->min, (ull)f->max);
		put_among(f, b);
		break;
	default:
		buf_printf(b, " log1p %a %llu %llu %a %a", f->unit, (ull)f->min,
		    (ull)f->max, f->lo, f->hi);
		put_among(f, b);
		break;
	}
	buf_printf(b, "\n");
}

static void
put_rules(const struct rules *r, struct buf *b)
{
	bool any;
	int i, p;

	for (i = 0; i < RULES; i++) {
		for (any = false, p = 0; p < 256; p++) {
			if (!r->off[i][p])
				continue;
			if (!any)
				buf_printf(b, "off %s", rule_name((enum rule)i));
			buf_printf(b, " %d", p);
			any = true;
		}
		if (any)
			buf_printf(b, "\n");
	}
	for (p = 0; p < 256; p++)
		if (r->bytes_min[p] <= r->bytes_max[p])
			buf_printf(b, "bytes %d %llu %llu\n", p, (ull)r->bytes_min[p],
			    (ull)r->bytes_max[p]);
	buf_printf(b, "dur_least %llu\n", (ull)r->dur_least);
}

void
codec_text_put(const struct codec *c, struct buf *b)
{
	int id;

	buf_printf(b, "codec 1\nprofile netshare\nsteps %s\nchunks %d\nmax_steps %u\n",
	    c->of_flows ? "flows" : "packets", c->chunks, c->max_steps);
	buf_printf(b, "versions%s%s\n", c->v4 ? " 4" : "", c->v6 ? " 6" : "");
	for (id = 0; id < F_COUNT; id++)
		if (c->f[id].how != HOW_ABSENT)
			put_field(c, (enum field_id)id, b);
	buf_printf(b, "icmp_common %llu %llu\n", (ull)c->icmp_common[0],
	    (ull)c->icmp_common[1]);
	put_rules(&c->rules, b);
	buf_printf(b, "end\n");
}
