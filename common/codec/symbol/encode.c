#include <string.h>

#include "base/le.h"
#include "codec/shared/tags.h"
#include "codec/symbol/impl.h"

/* Where the next code goes. */
struct out_codes {
	const struct codec *c;
	uint8_t *p;
};

static int
cannot(int id, struct value v, struct ns_err *e)
{
	const char *name = sym_defs[id].name;
	uint8_t a[16];
	char text[46];

	if (sym_is_address(id)) {
		sym_address_bytes(a, v);
		addr_text(a, text);
		return ns_fail(e, NS_EKIND, "the codec cannot express %s %s", name,
		    text);
	}
	return ns_fail(e, NS_EKIND, "the codec cannot express %s %llu", name,
	    (unsigned long long)v.lo);
}

/* Whether octets are enough to say it. */
static bool
fits_octets(const struct sym_field *f, int id, struct value v)
{
	uint8_t a[16];

	if (!sym_is_address(id))
		return v.lo <= sym_defs[id].limit &&
		    (f->octets >= 8 || v.lo >> 8 * f->octets == 0);
	sym_address_bytes(a, v);
	return f->octets == 16 || addr_is_v4(a);
}

uint8_t *
sym_put_value(const struct codec *c, int id, struct value v, uint8_t *p)
{
	const struct sym_field *f = &c->sym->f[id];
	struct value rest = v; /* what is left to the octets */
	uint32_t index;
	int symbol, k;

	if (f->how == SYM_CONST)
		return value_cmp(f->value, v) == 0 ? p : NULL;
	symbol = sym_find(f, v, &index);
	if (symbol >= 0)
		rest = sym_zero(v);
	else if (f->open && fits_octets(f, id, v))
		symbol = 0;
	else
		return NULL;
	*p++ = (uint8_t)symbol;
	if (f->groups.n > 0)
		*p++ = (uint8_t)index;
	for (k = 0; k < f->octets; k++)
		*p++ = octet_of(rest, f->octets, k);
	return p;
}

static int
put_value(struct out_codes *o, int id, struct value v, struct ns_err *e)
{
	uint8_t *end = sym_put_value(o->c, id, v, o->p);

	if (end == NULL && o->c->clamps)
		end = sym_put_value(o->c, id, sym_nearest(o->c, id, v), o->p);
	if (end == NULL)
		return cannot(id, v, e);
	o->p = end;
	return NS_OK;
}

/* To the nearest unit, but of what is not 0 to no less than one. */
static uint64_t
on_units(const struct sym_field *f, int id, uint64_t v)
{
	uint64_t unit = f->number.unit, over;

	v = v < sym_defs[id].limit ? v : sym_defs[id].limit;
	over = v % unit;
	v -= over;
	return (over > unit / 2 || (over > 0 && v == 0)) && v <= UINT64_MAX - unit
	    ? v + unit
	    : v;
}

static int
put_number(struct out_codes *o, int id, uint64_t v, struct ns_err *e)
{
	const struct sym_field *f = &o->c->sym->f[id];
	uint32_t symbol;
	float pos;

	if (f->how == SYM_CONST)
		return f->value.lo == v || o->c->clamps
		    ? NS_OK
		    : cannot(id, (struct value){0, v}, e);
	if (o->c->clamps)
		number_nearest(&f->number, on_units(f, id, v), &symbol, &pos);
	else if (v > sym_defs[id].limit || !number_encode(&f->number, v, &symbol, &pos))
		return cannot(id, (struct value){0, v}, e);
	*o->p++ = (uint8_t)(symbol + sym_offset(id));
	if (number_has_bins(&f->number)) {
		put_lef32(o->p, pos);
		o->p += 4;
	}
	return NS_OK;
}

/* A number that is there or not: where it is not, symbol 0. */
static int
put_optional(struct out_codes *o, int id, uint64_t v, bool there, struct ns_err *e)
{
	const struct sym_field *f = &o->c->sym->f[id];
	size_t bytes;

	if (there)
		return put_number(o, id, v, e);
	if (f->how == SYM_CONST)
		return NS_OK;
	bytes = number_has_bins(&f->number) ? 5 : 1;
	memset(o->p, 0, bytes);
	o->p += bytes;
	return NS_OK;
}

static int
put_text(struct out_codes *o, int id, uint64_t index, const struct labels *l,
    struct ns_err *e)
{
	const struct sym_field *f = &o->c->sym->f[id];
	const char *text = labels_text(l, (uint16_t)index);
	int i = texts_find(&f->texts, text);

	if (i < 0 && o->c->clamps) {
		i = texts_find(&f->texts, "");
		i = i < 0 ? 0 : i;
	}
	if (i < 0)
		return ns_fail(e, NS_EKIND, "the codec knows no %s '%s'",
		    sym_defs[id].name, text);
	if (f->how == SYM_TEXT)
		*o->p++ = (uint8_t)i;
	return NS_OK;
}

static int
put_tags(struct out_codes *o, const struct series *s, struct ns_err *e)
{
	const struct sym_field *f = &o->c->sym->f[S_CHUNKS];
	size_t n = tags_bytes(o->c->chunks);

	if (f->how == SYM_CONST)
		return o->c->clamps || memcmp(f->tags, s->tags, n) == 0
		    ? NS_OK
		    : ns_fail(e, NS_EKIND, "the codec knows no flow in these chunks");
	tags_to_bits(o->p, s->tags, o->c->chunks);
	o->p += n;
	return NS_OK;
}

static int
put_starts(struct out_codes *o, const struct series *s, struct ns_err *e)
{
	if (o->c->sym->f[S_STARTS].how == SYM_BITS)
		*o->p++ = s->starts ? 0x80 : 0;
	else if (!s->starts && !o->c->clamps)
		return cannot(S_STARTS, (struct value){0, 0}, e);
	return NS_OK;
}

static int
put_start(struct out_codes *o, const struct series *s, const struct chunk_info *k,
    struct ns_err *e)
{
	int64_t t_ns = series_time(s, 0);
	uint64_t grid = o->c->sym->grid;

	if (o->c->sym->f[S_START].how == SYM_NUMBER && !o->c->clamps &&
	    sym_phase(t_ns, grid) != o->c->sym->phase)
		return ns_fail(e, NS_EKIND,
		    "the codec's times are in steps of %llu ns, %lld is not on them",
		    (unsigned long long)grid, (long long)t_ns);
	return put_number(o, S_START, sym_place(k, t_ns), e);
}

static int
put_number_attr(struct out_codes *o, const struct series *s, const struct chunk_info *k,
    int id, struct ns_err *e)
{
	bool answers = s->role == ROLE_ANSWER;

	if (id == S_OPENER_STEPS)
		return put_optional(o, id, s->opener_steps, answers, e);
	if (id == S_DELAY)
		return put_optional(o, id, (uint64_t)s->delay_ns, answers, e);
	return put_start(o, s, k, e);
}

static int
put_attribute(struct out_codes *o, const struct series *s, const struct chunk_info *k,
    const struct labels *l, int id, struct ns_err *e)
{
	switch (sym_defs[id].kind) {
	case KIND_TEXT:
		return put_text(o, id, sym_step(s, id, 0), l, e);
	case KIND_NUMBER:
		return put_number_attr(o, s, k, id, e);
	case KIND_STARTS:
		return put_starts(o, s, e);
	case KIND_BITMAP:
		return put_tags(o, s, e);
	default:
		return put_value(o, id, sym_attr(&o->c->sym->ports, s, id), e);
	}
}

/* Each time on the codec's clock, so that what gaps are rounded by does not add up. */
static uint64_t
nearest_gap(const struct codec *c, const struct series *s, uint32_t i)
{
	return (uint64_t)sym_nearest_time(c, series_time(s, i)) -
	    (uint64_t)sym_nearest_time(c, series_time(s, i - 1));
}

static uint64_t
feature(const struct codec *c, const struct series *s, int id, uint32_t i)
{
	if (id == S_IAT && i > 0 && c->clamps)
		return nearest_gap(c, s, i);
	if (id == S_IP_ID && c->sym->ids_plain)
		return s->packets[i].ip_id;
	return sym_step(s, id, i);
}

/* An id beyond 16 bits has no step to it. */
static bool
has_step(const struct codec *c, const struct series *s, int id, uint32_t i)
{
	return id != S_IP_ID || c->sym->ids_plain || c->clamps ||
	    s->packets[i].ip_id <= 65535;
}

static int
put_feature(struct out_codes *o, const struct series *s, const struct labels *l, int id,
    uint32_t i, struct ns_err *e)
{
	uint64_t v = feature(o->c, s, id, i);

	if (id == S_IAT)
		return put_optional(o, id, v, i > 0, e);
	if (!has_step(o->c, s, id, i))
		return cannot(id, (struct value){0, s->packets[i].ip_id}, e);
	switch (sym_defs[id].kind) {
	case KIND_TEXT:
		return put_text(o, id, v, l, e);
	case KIND_NUMBER:
		return put_number(o, id, v, e);
	default:
		return put_value(o, id, (struct value){0, v}, e);
	}
}

/* A label that the fit found constant within each series is an attribute: so it must be
 * in this one. */
static int
check_texts(const struct codec *c, const struct series *s, const struct labels *l,
    struct ns_err *e)
{
	uint32_t i;
	int id;

	for (id = S_LABEL; id <= S_TYPE; id++) {
		if (!sym_in(c, id) || !c->sym->f[id].is_attr)
			continue;
		for (i = 1; i < s->n; i++)
			if (strcmp(labels_text(l, (uint16_t)sym_step(s, id, i)),
				labels_text(l, (uint16_t)sym_step(s, id, 0))) != 0)
				return ns_fail(e, NS_EKIND,
				    "the codec cannot express a flow of more than one "
				    "%s",
				    sym_defs[id].name);
	}
	return NS_OK;
}

/* What was fitted to keeps all masks; another trace may not. */
static int
check_masks(const struct codec *c, const uint8_t *rec, uint32_t n, struct ns_err *e)
{
	const struct tensor_mask *m =
	    tensor_masks_broken(&c->masks, &c->schema, rec, n);
	const struct tensor_field *given;

	if (m == NULL)
		return NS_OK;
	given = tensor_field_at(&c->schema, m->given);
	return ns_fail(e, NS_EKIND,
	    "the codec cannot express this value of %s%s%s: the trace it was fitted to "
	    "had none such",
	    tensor_field_at(&c->schema, m->of)->name,
	    given != NULL ? " with that of " : "", given != NULL ? given->name : "");
}

static int
put_series(const struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, uint8_t *p, struct ns_err *e)
{
	struct out_codes o = {c, p};
	uint32_t i;
	int id, rc = NS_OK;

	for (id = 0; id < S_COUNT && rc >= 0; id++)
		if (sym_in(c, id) && c->sym->f[id].is_attr)
			rc = put_attribute(&o, s, k, l, id, e);
	o.p += 4;
	for (i = 0; i < s->n && rc >= 0; i++)
		for (id = 0; id < S_COUNT && rc >= 0; id++)
			if (sym_in(c, id) && !c->sym->f[id].is_attr)
				rc = put_feature(&o, s, l, id, i, e);
	return rc;
}

/* Addresses and protocol are made to go together first: what else a series has follows
 * from these. */
static int
put_nearest(const struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, uint8_t *p, struct ns_err *e)
{
	struct series near = *s;
	int rc;

	mend_key(c, &near.key, tuple_is_v4(&s->key) ? c->v4 : !c->v6);
	rc = put_series(c, &near, k, l, p, e);
	if (rc >= 0)
		sym_keep_masks(c, p, s->n);
	return rc;
}

int
symbol_encode(const struct codec *c, const struct series *s, const struct chunk_info *k,
    const struct labels *l, uint8_t *p, struct ns_err *e)
{
	int rc;

	if (c->clamps)
		return put_nearest(c, s, k, l, p, e);
	if ((rc = check_texts(c, s, l, e)) < 0 ||
	    (rc = put_series(c, s, k, l, p, e)) < 0)
		return rc;
	return check_masks(c, p, s->n, e);
}
