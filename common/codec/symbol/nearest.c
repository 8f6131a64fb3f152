#include <string.h>

#include "base/le.h"
#include "codec/symbol/impl.h"

/* The greatest float below 1. */
#define POS_MAX 0x1.fffffep-1f

/* Of those with octets. */
static struct value
nearest_open(const struct sym_field *f, int id, struct value v)
{
	uint64_t most = sym_defs[id].limit;

	if (sym_is_address(id))
		return (struct value){0, UINT64_C(0xffff) << 32 | (v.lo & 0xffffffff)};
	if (f->octets < 8 && most >> 8 * f->octets != 0)
		most = (UINT64_C(1) << 8 * f->octets) - 1;
	return (struct value){0, v.lo < most ? v.lo : most};
}

static bool
is_nearer(struct value a, struct value b, struct value to)
{
	uint64_t da = a.lo < to.lo ? to.lo - a.lo : a.lo - to.lo;
	uint64_t db = b.lo < to.lo ? to.lo - b.lo : b.lo - to.lo;

	return (a.hi == to.hi) != (b.hi == to.hi) ? a.hi == to.hi : da < db;
}

struct value
sym_nearest(const struct codec *c, int id, struct value v)
{
	const struct sym_field *f = &c->sym->f[id];
	struct value best;
	uint32_t i;

	if (f->how == SYM_CONST)
		return f->value;
	if (f->open)
		return nearest_open(f, id, v);
	best = f->values.v[0];
	for (i = 1; i < f->values.n; i++)
		if (is_nearer(f->values.v[i], best, v))
			best = f->values.v[i];
	return best;
}

int64_t
sym_nearest_time(const struct codec *c, int64_t t_ns)
{
	int64_t grid = (int64_t)c->sym->grid;
	int64_t over = (int64_t)sym_phase(t_ns, c->sym->grid) - (int64_t)c->sym->phase;

	over += over < 0 ? grid : 0;
	if (over > grid / 2 && t_ns <= INT64_MAX - (grid - over))
		return t_ns + (grid - over);
	return t_ns >= INT64_MIN + over ? t_ns - over : t_ns;
}

/* Codes of a record's fields, as far as they have been gone through. */
struct pass {
	const struct codec *c;
	uint8_t *p;
	uint8_t code[NSR_MAX_FIELDS];
};

static uint32_t
nearest_allowed(const uint8_t allow[MASK_BYTES], uint32_t code, uint32_t shape)
{
	uint32_t d;

	for (d = 0; d < shape; d++) {
		if (d <= code && mask_has(allow, code - d))
			return code - d;
		if (code + d < shape && mask_has(allow, code + d))
			return code + d;
	}
	return code;
}

/* A position goes with its symbol: the end of a bin that is nearest to where it was. */
static void
move_position(const struct tensor_field *behind, uint8_t *p, bool up)
{
	if (behind != NULL && behind->type == NSR_REAL)
		put_lef32(p, up ? 0 : POS_MAX);
}

static void
keep_field(struct pass *k, int of, bool later)
{
	const struct tensor_schema *s = &k->c->schema;
	const struct tensor_field *f = tensor_field_at(s, of);
	uint8_t allow[MASK_BYTES];
	uint32_t code;

	if (f->type == NSR_CATEGORY) {
		code = *k->p;
		if (tensor_masks_allow(&k->c->masks, of, later, k->code, allow) &&
		    !mask_has(allow, code)) {
			*k->p = (uint8_t)nearest_allowed(allow, code, f->shape);
			move_position(tensor_field_at(s, of + 1), k->p + 1,
			    *k->p > code);
		}
		k->code[of] = *k->p;
	}
	k->p += f->bytes;
}

void
sym_keep_masks(const struct codec *c, uint8_t *rec, uint32_t n)
{
	struct pass k = {.c = c, .p = rec};
	int n_attr = c->schema.n_attr, n_all = n_attr + c->schema.n_feat, of;
	uint32_t i;

	for (of = 0; of < n_attr; of++)
		keep_field(&k, of, false);
	k.p += 4;
	for (i = 0; i < n; i++)
		for (of = n_attr; of < n_all; of++)
			keep_field(&k, of, i > 0);
}
