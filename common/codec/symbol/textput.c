/*
 * The lines of this profile in the DICT "codec", see shared/impl.h.  Fields come in the
 * order of enum sym_id; those that neither packets nor flows have are left out.
 *
 *   min_count N
 *   ports N                         then N lines "port P", most frequent first
 *   grid N PHASE
 *   ids step|plain                  packets only
 *   field NAME const V              or const_bytes HEX (addresses, flow_chunks), or
 *                                   const_text and one line "text T"
 *   field NAME bits
 *   field NAME values N G           then N lines "value V", "value V KINDS" (icmp) or
 *                                   "address HEX", and G times a line "group N" and N
 *                                   such lines
 *   field NAME open N G OCTETS      the same, of icmp without KINDS where these are not
 *                                   known; symbol 0 is any other value.  OCTETS: two
 *                                   digits each that is the same in all, ".." others
 *   field NAME texts N series|step  then N lines "text T"
 *   field NAME number UNIT N        then N lines
 *     exact V                       a value, in units
 *     bin linear|log U P U P ...    knots: number on the axis of those that are no
 *                                   symbol, cumulative share
 */
#include "base/mem.h"
#include "codec/shared/tags.h"
#include "codec/symbol/impl.h"

typedef unsigned long long ull;

static void
put_address(struct value v, struct buf *b)
{
	uint8_t a[16];

	sym_address_bytes(a, v);
	text_put_hex(b, a, 16);
}

static void
put_const(const struct codec *c, int id, struct buf *b)
{
	const struct sym_field *f = &c->sym->f[id];

	if (id == S_CHUNKS) {
		buf_printf(b, " const_bytes ");
		text_put_hex(b, f->tags, tags_bytes(c->chunks));
	} else if (sym_is_address(id)) {
		buf_printf(b, " const_bytes ");
		put_address(f->value, b);
	} else if (sym_defs[id].kind == KIND_TEXT) {
		buf_printf(b, " const_text\ntext %s", f->texts.text[0]);
	} else {
		buf_printf(b, " const %llu", (ull)f->value.lo);
	}
}

static void
put_octets(const struct sym_field *f, struct buf *b)
{
	int k;

	for (k = 0; k < f->octets; k++)
		if (f->fixed[k] < 0)
			buf_printf(b, "..");
		else
			buf_printf(b, "%02x", (unsigned)f->fixed[k]);
}

static void
put_value(int id, struct value v, struct buf *b)
{
	if (sym_is_address(id)) {
		buf_printf(b, "\naddress ");
		put_address(v, b);
	} else {
		buf_printf(b, "\nvalue %llu", (ull)v.lo);
	}
}

static void
put_groups(const struct groups *g, int id, struct buf *b)
{
	uint32_t i, k;

	for (i = 0; i < g->n; i++) {
		buf_printf(b, "\ngroup %u", groups_size(g, i));
		for (k = g->first[i]; k < g->first[i + 1]; k++)
			put_value(id, g->v[k], b);
	}
}

static void
put_values(const struct codec *c, int id, struct buf *b)
{
	const struct sym_field *f = &c->sym->f[id];
	uint32_t i;

	buf_printf(b, " %s %u %u", f->open ? "open" : "values", f->values.n,
	    f->groups.n);
	if (f->open) {
		buf_printf(b, " ");
		put_octets(f, b);
	}
	for (i = 0; i < f->values.n; i++) {
		put_value(id, f->values.v[i], b);
		if (id == S_ICMP && (!f->open || c->icmp_kinds[i] != 0))
			buf_printf(b, " %u", c->icmp_kinds[i]);
	}
	put_groups(&f->groups, id, b);
}

static void
put_texts(const struct sym_field *f, struct buf *b)
{
	size_t i;

	buf_printf(b, " texts %zu %s", f->texts.n, f->is_attr ? "series" : "step");
	for (i = 0; i < f->texts.n; i++)
		buf_printf(b, "\ntext %s", f->texts.text[i]);
}

static void
put_number(const struct number *x, struct buf *b)
{
	const struct symbol_cell *cell;
	const struct bin *n;
	int k;

	buf_printf(b, " number %llu %u", (ull)x->unit, x->n);
	for (cell = x->cell; cell < x->cell + x->n; cell++) {
		if (cell->exact) {
			buf_printf(b, "\nexact %llu", (ull)cell->v);
			continue;
		}
		n = &cell->bin;
		buf_printf(b, "\nbin %s", n->log ? "log" : "linear");
		for (k = 0; k < n->n; k++)
			buf_printf(b, " %llu %a", (ull)n->u[k], n->p[k]);
	}
}

static void
put_field(const struct codec *c, int id, struct buf *b)
{
	const struct sym_field *f = &c->sym->f[id];

	buf_printf(b, "field %s", sym_defs[id].name);
	switch (f->how) {
	case SYM_CONST:
		put_const(c, id, b);
		break;
	case SYM_VALUES:
		put_values(c, id, b);
		break;
	case SYM_NUMBER:
		put_number(&f->number, b);
		break;
	case SYM_TEXT:
		put_texts(f, b);
		break;
	default:
		buf_printf(b, " bits");
		break;
	}
	buf_printf(b, "\n");
}

void
symbol_text_put(const struct codec *c, struct buf *b)
{
	const struct symbol *y = c->sym;
	uint32_t i;
	int id;

	buf_printf(b, "min_count %llu\nports %u\n", (ull)y->min_count, y->ports.n);
	for (i = 0; i < y->ports.n; i++)
		buf_printf(b, "port %u\n", y->ports.port[i]);
	buf_printf(b, "grid %llu %llu\n", (ull)y->grid, (ull)y->phase);
	if (!c->of_flows)
		buf_printf(b, "ids %s\n", y->ids_plain ? "plain" : "step");
	for (id = 0; id < S_COUNT; id++)
		if (sym_in(c, id) &&
		    (y->f[S_ROLE].how == SYM_VALUES || !sym_of_conversations(id)))
			put_field(c, id, b);
}
