/* The lines of textput.c read back.  They come from outside: each value is checked
 * against what its field can say. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/shared/tags.h"
#include "codec/symbol/impl.h"

static int
get_const_bytes(struct codec *c, int id, struct text *t)
{
	struct sym_field *f = &c->sym->f[id];
	size_t n = tags_bytes(c->chunks);

	f->how = SYM_CONST;
	if (sym_is_address(id))
		return symbol_get_address(c, t, 3, &f->value);
	if (id != S_CHUNKS || c->chunks != 1)
		return text_bad(t, "no field for constant bytes");
	f->tags = xcalloc(n, 1);
	if (text_hex(t, 3, f->tags, n) < 0)
		return NS_ECORRUPT;
	return f->tags[0] == 1 ? NS_OK : text_bad(t, "a flow in chunks there are not");
}

static int
get_const(struct codec *c, int id, struct text *t)
{
	struct sym_field *f = &c->sym->f[id];
	enum sym_kind kind = sym_defs[id].kind;

	f->how = SYM_CONST;
	if (sym_is_address(id) || kind == KIND_TEXT || kind == KIND_BITMAP)
		return text_bad(t, "no field for a constant number");
	if (text_u64(t, 3, sym_defs[id].limit, &f->value.lo) < 0)
		return NS_ECORRUPT;
	return kind != KIND_STARTS || (f->value.lo == 1 && c->chunks == 1)
	    ? NS_OK
	    : text_bad(t, "a flow that never starts");
}

static int
get_texts(struct codec *c, int id, struct text *t)
{
	struct sym_field *f = &c->sym->f[id];
	uint64_t n;

	if (sym_defs[id].kind != KIND_TEXT)
		return text_bad(t, "no field for texts");
	if (text_u64(t, 3, TEXTS_MAX, &n) < 0)
		return NS_ECORRUPT;
	f->is_attr = strcmp(t->w[4], "series") == 0;
	if (n < 1 || (!f->is_attr && strcmp(t->w[4], "step") != 0))
		return text_bad(t, "texts of nothing");
	f->how = SYM_TEXT;
	return texts_get(&f->texts, (uint32_t)n, t);
}

static int
get_const_text(struct codec *c, int id, struct text *t)
{
	struct sym_field *f = &c->sym->f[id];

	if (sym_defs[id].kind != KIND_TEXT)
		return text_bad(t, "no field for a text");
	f->how = SYM_CONST;
	f->is_attr = true;
	return texts_get(&f->texts, 1, t);
}

static int
get_bin(struct bin *b, struct text *t)
{
	int k;

	b->log = strcmp(t->w[1], "log") == 0;
	if (!b->log && strcmp(t->w[1], "linear") != 0)
		return text_bad(t, "a bin is linear or log");
	if (t->n % 2 != 0 || t->n < 6 || t->n > 2 + 2 * KNOTS_MAX)
		return text_bad(t, "a bin of no knots or too many");
	b->n = (uint8_t)(t->n / 2 - 1);
	for (k = 0; k < b->n; k++) {
		if (text_u64(t, 2 + 2 * k, UINT64_MAX, &b->u[k]) < 0 ||
		    text_f64(t, 3 + 2 * k, &b->p[k]) < 0)
			return NS_ECORRUPT;
		if (k > 0 && (b->u[k] <= b->u[k - 1] || !(b->p[k] > b->p[k - 1])))
			return text_bad(t, "knots are not in order");
	}
	return b->p[0] == 0 && b->p[b->n - 1] == 1 ? NS_OK
						   : text_bad(t, "shares of no whole");
}

static int
get_cell(struct symbol_cell *cell, struct text *t)
{
	if (text_line(t) < 0 || text_split(t) < 0)
		return NS_ECORRUPT;
	cell->exact = strcmp(t->w[0], "exact") == 0 && t->n == 2;
	if (cell->exact)
		return text_u64(t, 1, UINT64_MAX, &cell->v);
	if (strcmp(t->w[0], "bin") != 0 || t->n < 2)
		return text_bad(t, "not what is expected here");
	return get_bin(&cell->bin, t);
}

/* Values and bins ascend, and nothing is beyond what the field can say. */
static int
check_number(struct number *x, int id, struct text *t)
{
	const struct symbol_cell *cell;
	const struct bin *last = NULL;
	uint64_t top, most = number_most(x, sym_defs[id].limit);
	uint32_t i;

	number_index(x);
	for (i = 1; i < x->n_exact; i++)
		if (x->exact[i] <= x->exact[i - 1])
			return text_bad(t, "values are not in order");
	if (x->n_exact > 0 && x->exact[x->n_exact - 1] > most)
		return text_bad(t, "a value out of range");
	for (i = 0; i < x->n; i++) {
		cell = &x->cell[i];
		if (cell->exact)
			continue;
		if (last != NULL && cell->bin.u[0] < last->u[last->n - 1])
			return text_bad(t, "bins are not in order");
		last = &cell->bin;
		/* each value that is a symbol may put it up by one */
		top = last->u[last->n - 1] - 1;
		if (top > most || x->n_exact > most - top)
			return text_bad(t, "a bin out of range");
	}
	return NS_OK;
}

static int
get_number(struct codec *c, int id, struct text *t)
{
	struct number *x = &c->sym->f[id].number;
	uint64_t n;
	uint32_t i;

	if (sym_defs[id].kind != KIND_NUMBER)
		return text_bad(t, "no field for a number");
	if (text_u64(t, 3, sym_defs[id].limit, &x->unit) < 0 ||
	    text_u64(t, 4, SYMBOLS_MAX - sym_offset(id), &n) < 0)
		return NS_ECORRUPT;
	if (x->unit < 1 || n < 1)
		return text_bad(t, "a number of no symbols");
	c->sym->f[id].how = SYM_NUMBER;
	x->cell = xcalloc((size_t)n, sizeof *x->cell);
	x->n = (uint32_t)n;
	for (i = 0; i < x->n; i++)
		if (get_cell(&x->cell[i], t) < 0)
			return NS_ECORRUPT;
	return check_number(x, id, t);
}

static int
get_bits(struct codec *c, int id, struct text *t)
{
	if ((sym_defs[id].kind != KIND_BITMAP && sym_defs[id].kind != KIND_STARTS) ||
	    c->chunks < 2)
		return text_bad(t, "no field for bits");
	c->sym->f[id].how = SYM_BITS;
	return NS_OK;
}

/* "field NAME HOW ...", the present line, of three words at least. */
static int
get_field(struct codec *c, int id, struct text *t)
{
	static const struct {
		const char *how;
		int words;
		int (*get)(struct codec *c, int id, struct text *t);
	} hows[] = {
	    {"const", 4, get_const},
	    {"const_bytes", 4, get_const_bytes},
	    {"const_text", 3, get_const_text},
	    {"values", 5, symbol_get_values},
	    {"open", 6, symbol_get_open},
	    {"texts", 5, get_texts},
	    {"number", 5, get_number},
	    {"bits", 3, get_bits},
	};
	size_t i;

	for (i = 0; i < LEN(hows); i++)
		if (strcmp(t->w[2], hows[i].how) == 0 && t->n == hows[i].words)
			return hows[i].get(c, id, t);
	return text_bad(t, "an encoding this field cannot have");
}

/* Who wrote a codec without roles, has none of their fields. */
static int
get_fields(struct codec *c, struct text *t)
{
	bool have = false; /* the present line is still to be taken */
	int id;

	for (id = 0; id < S_COUNT; id++) {
		if (!sym_in(c, id))
			continue;
		if (!have && text_words(t, "field", 0) < 0)
			return NS_ECORRUPT;
		have = t->n < 3 || strcmp(t->w[1], sym_defs[id].name) != 0;
		if (have && !sym_of_conversations(id))
			return text_bad(t, "not the field that is due");
		if (have)
			c->sym->f[id].how = SYM_CONST;
		else if (get_field(c, id, t) < 0)
			return NS_ECORRUPT;
	}
	return NS_OK;
}

static int
get_ports(struct symbol *y, struct text *t)
{
	uint64_t n, i, port;

	if (text_words(t, "ports", 2) < 0 || text_u64(t, 1, PORTS_KEPT, &n) < 0)
		return NS_ECORRUPT;
	for (i = 0; i < n; i++) {
		if (text_words(t, "port", 2) < 0 || text_u64(t, 1, 65535, &port) < 0)
			return NS_ECORRUPT;
		if (!ports_add(&y->ports, (uint16_t)port))
			return text_bad(t, "a port that comes twice");
	}
	return NS_OK;
}

static int
get_grid(struct symbol *y, struct text *t)
{
	if (text_words(t, "grid", 3) < 0 || text_u64(t, 1, INT64_MAX, &y->grid) < 0 ||
	    text_u64(t, 2, INT64_MAX, &y->phase) < 0)
		return NS_ECORRUPT;
	return y->phase < y->grid ? NS_OK : text_bad(t, "times on no grid");
}

static int
get_ids(struct symbol *y, struct text *t)
{
	if (text_words(t, "ids", 2) < 0)
		return NS_ECORRUPT;
	y->ids_plain = strcmp(t->w[1], "plain") == 0;
	return y->ids_plain || strcmp(t->w[1], "step") == 0
	    ? NS_OK
	    : text_bad(t, "ids are of one step or plain");
}

/* Roles are all or none, and without them no series answers. */
static int
check_roles(const struct codec *c, struct text *t)
{
	const struct sym_field *f = c->sym->f, *role = &f[S_ROLE];
	int id;

	if (role->how == SYM_VALUES)
		return role->values.n == ROLE_ANSWER + 1 && !role->open
		    ? NS_OK
		    : text_bad(t, "roles that are not all there");
	if (role->value.lo != ROLE_ALONE)
		return text_bad(t, "one role of all series");
	for (id = 0; id < S_COUNT; id++)
		if (sym_of_answers(id) && f[id].how != SYM_CONST)
			return text_bad(t, "answers without roles");
	return NS_OK;
}

/* The versions of addresses agree with what the trace has, and there is an attribute to
 * draw. */
static int
check_fields(const struct codec *c, struct text *t)
{
	const struct sym_field *v = &c->sym->f[S_IP_VERSION];
	int id;

	if (c->v4 && c->v6 ? v->how != SYM_VALUES || v->values.n != 2 ||
		    v->values.v[0].lo != 4 || v->values.v[1].lo != 6
			   : v->how != SYM_CONST || v->value.lo != (c->v4 ? 4u : 6u))
		return text_bad(t, "IP versions disagree");
	for (id = 0; id < S_COUNT; id++)
		if (c->sym->f[id].is_attr && c->sym->f[id].how > SYM_CONST)
			return NS_OK;
	return text_bad(t, "there is no attribute");
}

int
symbol_text_get(struct codec *c, struct text *t)
{
	struct symbol *y = c->sym;

	if (text_words(t, "min_count", 2) < 0 ||
	    text_u64(t, 1, UINT64_MAX, &y->min_count) < 0 || get_ports(y, t) < 0 ||
	    get_grid(y, t) < 0 || (!c->of_flows && get_ids(y, t) < 0))
		return NS_ECORRUPT;
	if (get_fields(c, t) < 0 || check_roles(c, t) < 0 || check_fields(c, t) < 0)
		return NS_ECORRUPT;
	/* the caller goes on with the line behind */
	return text_line(t) < 0 ? NS_ECORRUPT : text_split(t);
}
