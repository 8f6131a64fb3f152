#include <assert.h>

#include "codec/symbol/impl.h"

int
sym_octets(const struct codec *c, int id)
{
	if (sym_is_address(id))
		return c->v6 ? 16 : 4;
	if (id == S_IP_ID)
		return c->sym->ids_plain ? 4 : 2;
	return sym_defs[id].octets;
}

uint32_t
sym_symbols(const struct sym_field *f)
{
	return f->open + f->values.n + f->groups.n;
}

int
sym_find(const struct sym_field *f, struct value v, uint32_t *index)
{
	int i = alphabet_find(&f->values, v);

	*index = 0;
	if (i >= 0)
		return i + f->open;
	i = groups_find(&f->groups, v, index);
	return i < 0 ? -1 : i + f->open + (int)f->values.n;
}

/* The values of a symbol, and how many. */
static const struct value *
values_of(const struct sym_field *f, uint32_t symbol, uint32_t *n)
{
	uint32_t i = symbol - f->open;

	assert(symbol >= f->open && symbol < sym_symbols(f));
	*n = 1;
	if (i < f->values.n)
		return &f->values.v[i];
	i -= f->values.n;
	*n = groups_size(&f->groups, i);
	return f->groups.v + f->groups.first[i];
}

struct value
sym_known(const struct sym_field *f, uint32_t symbol, uint32_t index)
{
	uint32_t n;
	const struct value *v = values_of(f, symbol, &n);

	return v[index < n ? index : n - 1];
}

uint32_t
sym_count(const struct sym_field *f, uint32_t symbol)
{
	uint32_t n;

	values_of(f, symbol, &n);
	return n;
}

unsigned
sym_icmp_kinds(const struct codec *c, uint32_t symbol)
{
	const struct sym_field *f = &c->sym->f[S_ICMP];
	unsigned kinds;

	if (f->how != SYM_VALUES || (f->open && symbol == 0))
		return 3;
	kinds = c->icmp_kinds[symbol - f->open];
	return f->open && kinds == 0 ? 3 : kinds;
}

struct value
sym_zero(struct value v)
{
	return (struct value){0, value_is_v4(v) ? UINT64_C(0xffff) << 32 : 0};
}
