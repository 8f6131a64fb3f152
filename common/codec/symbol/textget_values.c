/* Known values in the codec's text: alphabets, groups, and the octets of others. */
#include <stdlib.h>
#include <string.h>

#include "codec/symbol/impl.h"

static bool
address_fits(const struct codec *c, const uint8_t a[16])
{
	return addr_is_v4(a) ? c->v4 : c->v6;
}

int
symbol_get_address(const struct codec *c, struct text *t, int at, struct value *v)
{
	uint8_t a[16];

	if (text_hex(t, at, a, sizeof a) < 0)
		return NS_ECORRUPT;
	if (!address_fits(c, a))
		return text_bad(t, "an address of the wrong version");
	*v = sym_address(a);
	return NS_OK;
}

static uint64_t
limit_of(const struct codec *c, int id)
{
	return id == S_IP_ID && !c->sym->ids_plain ? 65535 : sym_defs[id].limit;
}

/* One line of an alphabet. */
static int
get_value(struct codec *c, int id, uint32_t i, struct text *t, struct value *v)
{
	bool open = c->sym->f[id].open; /* the kinds may be known or not */
	uint64_t bits;

	if (sym_is_address(id))
		return text_words(t, "address", 2) < 0 ? NS_ECORRUPT
						       : symbol_get_address(c, t, 1, v);
	v->hi = 0;
	if (text_words(t, "value", id != S_ICMP ? 2 : open ? 0 : 3) < 0)
		return NS_ECORRUPT;
	if (t->n != 2 && t->n != 3)
		return text_bad(t, "not a value");
	if (text_u64(t, 1, limit_of(c, id), &v->lo) < 0)
		return NS_ECORRUPT;
	if (t->n == 2)
		return NS_OK;
	if (text_u64(t, 2, 3, &bits) < 0)
		return NS_ECORRUPT;
	c->icmp_kinds[i] = (uint8_t)bits;
	return NS_OK;
}

static int
get_list(struct codec *c, int id, uint32_t n, struct text *t, struct value *v)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (get_value(c, id, i, t, &v[i]) < 0)
			return NS_ECORRUPT;
		if (i > 0 && value_cmp(v[i - 1], v[i]) >= 0)
			return text_bad(t, "values are not in order");
	}
	return NS_OK;
}

/* A group goes on behind the last, with values that have no symbol yet. */
static int
get_group(struct codec *c, int id, struct text *t)
{
	struct sym_field *f = &c->sym->f[id];
	struct groups *g = &f->groups;
	struct value v[GROUP_SIZE];
	uint64_t n;
	uint32_t i;

	if (text_words(t, "group", 2) < 0 || text_u64(t, 1, GROUP_SIZE, &n) < 0)
		return NS_ECORRUPT;
	if (n < 1)
		return text_bad(t, "a group of nothing");
	if (get_list(c, id, (uint32_t)n, t, v) < 0)
		return NS_ECORRUPT;
	if (g->n > 0 && value_cmp(g->v[g->first[g->n] - 1], v[0]) >= 0)
		return text_bad(t, "groups are not in order");
	for (i = 0; i < n; i++) {
		if (alphabet_find(&f->values, v[i]) >= 0)
			return text_bad(t, "a value that comes twice");
		if (value_is_v4(v[i]) != value_is_v4(v[0]))
			return text_bad(t, "a group of two IP versions");
	}
	groups_add(g, v, (uint32_t)n);
	return NS_OK;
}

/* Words 3 and 4: how many values have symbols of their own, and how many groups. */
static int
get_known(struct codec *c, int id, struct text *t)
{
	struct sym_field *f = &c->sym->f[id];
	struct value v[ALPHABET_MAX];
	uint64_t n, groups, i;

	if (text_u64(t, 3, ALPHABET_MAX, &n) < 0 ||
	    text_u64(t, 4, GROUPS_MAX, &groups) < 0)
		return NS_ECORRUPT;
	if (groups > 0 && !sym_may_group(id))
		return text_bad(t, "no field for groups");
	if (f->open + n + groups > ALPHABET_MAX || f->open + n < 1)
		return text_bad(t, "an alphabet of nothing or too much");
	if (get_list(c, id, (uint32_t)n, t, v) < 0)
		return NS_ECORRUPT;
	f->how = SYM_VALUES;
	alphabet_set(&f->values, v, (uint32_t)n);
	for (i = 0; i < groups; i++)
		if (get_group(c, id, t) < 0)
			return NS_ECORRUPT;
	return NS_OK;
}

static bool
has_alphabet(int id)
{
	return sym_defs[id].kind == KIND_VALUES || sym_defs[id].kind == KIND_SEEN;
}

int
symbol_get_values(struct codec *c, int id, struct text *t)
{
	return has_alphabet(id) ? get_known(c, id, t)
				: text_bad(t, "no field for an alphabet");
}

/* Word 5: the octets that never change. */
static int
get_fixed(struct sym_field *f, struct text *t)
{
	const char *p = t->w[5];
	char digits[3] = "";
	char *rest;
	int k;

	if (strlen(p) != 2 * (size_t)f->octets)
		return text_bad(t, "octets of the wrong number");
	for (k = 0; k < f->octets; k++, p += 2) {
		memcpy(digits, p, 2);
		f->fixed[k] = -1;
		if (strcmp(digits, "..") == 0)
			continue;
		if (strspn(digits, "0123456789abcdef") != 2)
			return text_bad(t, "octets are not hexadecimal");
		f->fixed[k] = (int16_t)strtol(digits, &rest, 16);
	}
	return NS_OK;
}

int
symbol_get_open(struct codec *c, int id, struct text *t)
{
	struct sym_field *f = &c->sym->f[id];

	if (!has_alphabet(id) ||
	    (sym_defs[id].kind == KIND_SEEN && id != S_ICMP && id != S_PROTO))
		return text_bad(t, "no field for octets");
	f->open = true;
	f->octets = sym_octets(c, id);
	return get_fixed(f, t) < 0 ? NS_ECORRUPT : get_known(c, id, t);
}
