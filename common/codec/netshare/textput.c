/*
 * The lines of this profile in the DICT "codec", see shared/impl.h.
 *
 *   field NAME const N              or const_bytes HEX, const_place X, const_text
 *   field NAME bits N
 *   field NAME category N           then N lines "value V", "value V KINDS" (icmp)
 *   field NAME word                 or "text T"; one line "text T" after const_text
 *   field NAME linear MIN MAX       both may end in "among N", then N lines "value V":
 *   field NAME log1p UNIT MIN MAX LO HI                 the only values that there are
 */
#include "codec/netshare/impl.h"

#include "base/mem.h"

typedef unsigned long long ull;

static void
put_const(const struct codec *c, enum field_id id, struct buf *b)
{
	const struct field *f = &c->ns->f[id];

	if (field_is_bytes(id)) {
		buf_printf(b, " const_bytes ");
		text_put_hex(b, f->bytes,
		    id == F_CHUNKS ? ((size_t)c->chunks + 7) / 8 : 16);
	} else if (id == F_START) {
		buf_printf(b, " const_place %a", f->place);
	} else if (field_has_texts(id)) {
		buf_printf(b, " const_text\ntext %s", f->texts.text[0]);
	} else {
		buf_printf(b, " const %llu", (ull)f->value);
	}
}

static void
put_category(const struct codec *c, enum field_id id, struct buf *b)
{
	const struct field *f = &c->ns->f[id];
	uint32_t i;

	buf_printf(b, " category %u", f->shape);
	for (i = 0; i < f->shape; i++) {
		if (field_has_texts(id))
			buf_printf(b, "\ntext %s", f->texts.text[i]);
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
	const struct field *f = &c->ns->f[id];

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

void
netshare_text_put(const struct codec *c, struct buf *b)
{
	int id;

	for (id = 0; id < F_COUNT; id++)
		if (c->ns->f[id].how != HOW_ABSENT)
			put_field(c, (enum field_id)id, b);
}
