/* What a user asks for as masks. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "codec/symbol/rows.h"

static const bool here[ALPHABET_MAX] = {true};

static int
cannot(const char *field, const char *value, struct ns_err *e)
{
	return ns_fail(e, NS_EKIND, "the codec knows no %s '%s'", field, value);
}

/* Field id is w in every series. */
static bool
always(const struct codec *c, struct tensor_masks *m, int id, struct value w)
{
	const struct sym_field *f = &c->sym->f[id];

	if (f->how == SYM_CONST)
		return value_cmp(f->value, w) == 0;
	return rows_only(c, m, MASK_ALWAYS, 1, here, id, w);
}

static int
given_proto(const struct codec *c, const char *field, const char *value,
    struct tensor_masks *m, struct ns_err *e)
{
	int proto = proto_number(value);

	if (proto < 0)
		return ns_fail(e, NS_EUSAGE, "'%s' is no protocol", value);
	return always(c, m, S_PROTO, (struct value){0, (uint64_t)proto})
	    ? NS_OK
	    : cannot(field, value, e);
}

static int
given_text(const struct codec *c, const char *field, const char *value,
    struct tensor_masks *m, struct ns_err *e)
{
	int id = strcmp(field, "label") == 0 ? S_LABEL : S_TYPE, i;
	const struct sym_field *f = &c->sym->f[id];
	rows_t rows;

	if (!sym_in(c, id) || (i = texts_find(&f->texts, value)) < 0)
		return cannot(field, value, e);
	if (f->how == SYM_CONST)
		return NS_OK;
	memset(rows[0], 0, MASK_BYTES);
	mask_set(rows[0], (uint32_t)i);
	rows_add(m, &c->schema, MASK_ALWAYS, 1, f->at, rows);
	return NS_OK;
}

static bool
is_known(const struct sym_field *f, struct value w)
{
	uint32_t index;

	return f->how == SYM_VALUES && sym_find(f, w, &index) >= 0;
}

/* Can the field be w? */
static bool
can_be(const struct sym_field *f, struct value w)
{
	if (f->how == SYM_CONST)
		return value_cmp(f->value, w) == 0;
	return f->open || is_known(f, w);
}

/* Where the port is in a series of that direction. */
static int
side_of(bool src, uint64_t direction)
{
	return src == (direction == 1) ? S_SERVICE : S_CLIENT;
}

/* A port that services of the trace have: with a symbol of its own, or with others as
 * no client has it. */
static bool
is_service(const struct symbol *y, struct value w)
{
	const struct sym_field *f = &y->f[S_SERVICE];

	return is_known(f, w) &&
	    (alphabet_find(&f->values, w) >= 0 || !is_known(&y->f[S_CLIENT], w));
}

/*
 * The direction that makes a port the service's is the one where it is a known service;
 * of others the codec goes by what the direction is drawn as.
 */
static int
given_port(const struct codec *c, const char *field, const char *value,
    struct tensor_masks *m, struct ns_err *e)
{
	const struct sym_field *d = &c->sym->f[S_DIRECTION];
	bool src = strcmp(field, "src_port") == 0, may[2],
	     where[ALPHABET_MAX] = {false};
	struct value w = {0, 0};
	char *rest;
	int k;

	errno = 0;
	w.lo = strtoul(value, &rest, 10);
	if (*value < '0' || *value > '9' || *rest != '\0' || errno != 0 || w.lo > 65535)
		return ns_fail(e, NS_EUSAGE, "'%s' is no port", value);
	for (k = 0; k < 2; k++)
		may[k] = can_be(&c->sym->f[side_of(src, (uint64_t)k)], w) &&
		    (d->how != SYM_CONST || d->value.lo == (uint64_t)k);
	if (may[src] && is_service(c->sym, w))
		may[!src] = false;
	if (!may[0] && !may[1])
		return cannot(field, value, e);
	if (may[0] != may[1])
		return always(c, m, S_DIRECTION, (struct value){0, may[1]}) &&
			always(c, m, side_of(src, may[1]), w)
		    ? NS_OK
		    : cannot(field, value, e);
	for (k = 0; k < 2; k++) { /* the alphabet of directions is 0 and 1 */
		where[k] = true;
		where[!k] = false;
		rows_only(c, m, d->at, 2, where, side_of(src, (uint64_t)k), w);
	}
	return NS_OK;
}

/* An address and how many of its bits count. */
struct prefix {
	uint8_t a[16];
	int bits;
};

static int
get_prefix(struct prefix *p, const char *value, struct ns_err *e)
{
	const char *slash = strchr(value, '/');
	size_t n = slash != NULL ? (size_t)(slash - value) : strlen(value);
	char text[46], *rest;
	struct in_addr v4;
	int most = 128;
	long bits;

	if (n >= sizeof text)
		return ns_fail(e, NS_EUSAGE, "'%s' is no address", value);
	memcpy(text, value, n);
	text[n] = '\0';
	if (inet_pton(AF_INET, text, &v4) == 1) {
		addr_from_v4(p->a, ntohl(v4.s_addr));
		most = 32;
	} else if (inet_pton(AF_INET6, text, p->a) != 1) {
		return ns_fail(e, NS_EUSAGE, "'%s' is no address", value);
	}
	bits = slash != NULL ? strtol(slash + 1, &rest, 10) : most;
	if (slash != NULL && (rest == slash + 1 || *rest != '\0'))
		bits = -1;
	if (bits < 0 || bits > most)
		return ns_fail(e, NS_EUSAGE, "'%s' is no prefix", value);
	p->bits = 128 - most + (int)bits;
	return NS_OK;
}

/* Bits of octet k that count. */
static uint8_t
octet_mask(const struct prefix *p, int k)
{
	int bits = p->bits - 8 * k;

	return bits >= 8 ? 0xff : bits <= 0 ? 0 : (uint8_t)(0xff00u >> bits);
}

static bool
in_prefix(const struct prefix *p, struct value v)
{
	uint8_t a[16];
	int k;

	sym_address_bytes(a, v);
	for (k = 0; k < 16; k++)
		if ((a[k] ^ p->a[k]) & octet_mask(p, k))
			return false;
	return true;
}

/* With symbol 0 the octets begin so. */
static void
mask_other(const struct codec *c, const struct sym_field *f, const struct prefix *p,
    struct tensor_masks *m)
{
	int first = 16 - f->octets, k;
	uint32_t i, n = sym_symbols(f);
	uint8_t mask;
	rows_t rows;

	for (k = first; k < 16; k++) {
		mask = octet_mask(p, k);
		rows_fill(rows, n, 256);
		memset(rows[0], 0, MASK_BYTES);
		for (i = 0; i < 256; i++)
			if (((i ^ p->a[k]) & mask) == 0)
				mask_set(rows[0], i);
		rows_add(m, &c->schema, f->at, n, sym_octet_at(f, k - first), rows);
	}
}

/* Known addresses that begin so, and the octets of all others. */
static int
mask_prefix(const struct codec *c, int id, const struct prefix *p,
    struct tensor_masks *m)
{
	const struct sym_field *f = &c->sym->f[id];
	uint32_t i, k, n = sym_symbols(f);
	rows_t symbol, index;

	if (p->bits == 128)
		return always(c, m, id, sym_address(p->a)) ? 0 : -1;
	memset(symbol[0], 0, MASK_BYTES);
	memset(index, 0, sizeof index);
	if (f->open) {
		mask_set(symbol[0], 0);
		mask_set(index[0], 0);
	}
	for (i = f->open; i < n; i++)
		for (k = 0; k < sym_count(f, i); k++)
			if (in_prefix(p, sym_known(f, i, k))) {
				mask_set(symbol[0], i);
				mask_set(index[i], k);
			}
	if (mask_count(symbol[0]) == 0)
		return -1;
	rows_add(m, &c->schema, MASK_ALWAYS, 1, f->at, symbol);
	if (f->groups.n > 0)
		rows_add(m, &c->schema, f->at, n, f->at + 1, index);
	if (f->open)
		mask_other(c, f, p, m);
	return 0;
}

static int
given_address(const struct codec *c, const char *field, const char *value,
    struct tensor_masks *m, struct ns_err *e)
{
	int id = strcmp(field, "src_ip") == 0 ? S_SRC_IP : S_DST_IP;
	const struct sym_field *f = &c->sym->f[id];
	static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};
	struct prefix p;
	bool v4, v6; /* that is all it can be */

	if (get_prefix(&p, value, e) < 0)
		return e->code;
	v4 = p.bits >= 96 && addr_is_v4(p.a);
	v6 = !v4 && !in_prefix(&p, sym_address(mapped));
	if ((v4 && !c->v4) || (v6 && !c->v6))
		return cannot(field, value, e);
	if (f->how == SYM_CONST)
		return in_prefix(&p, f->value) ? NS_OK : cannot(field, value, e);
	if (mask_prefix(c, id, &p, m) < 0)
		return cannot(field, value, e);
	if (v4 || v6)
		always(c, m, S_IP_VERSION, (struct value){0, v4 ? 4 : 6});
	return NS_OK;
}

int
symbol_given(const struct codec *c, const char *field, const char *value,
    struct tensor_masks *m, struct ns_err *e)
{
	static const struct {
		const char *field;
		int (*get)(const struct codec *c, const char *field, const char *value,
		    struct tensor_masks *m, struct ns_err *e);
	} known[] = {
	    {"proto", given_proto},
	    {"src_ip", given_address},
	    {"dst_ip", given_address},
	    {"src_port", given_port},
	    {"dst_port", given_port},
	    {"label", given_text},
	    {"type", given_text},
	};
	size_t i;

	for (i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(field, known[i].field) == 0)
			return known[i].get(c, field, value, m, e);
	return ns_fail(e, NS_EUSAGE,
	    "'%s' cannot be given; these can: proto, src_ip, dst_ip, src_port, "
	    "dst_port, "
	    "label, type",
	    field);
}
