/*
 * Masks from what the codec knows: how values are written, and of the rules of valid
 * records those that no record of the trace broke.  So no record that the codec was
 * fitted to breaks a mask.
 */
#include <string.h>

#include "base/mem.h"
#include "codec/shared/public.h"
#include "codec/symbol/rows.h"
#include "trace/header.h"

#define FLAG_MF 1
#define FLAG_DF 2

/* What the codes of an earlier field stand for. */
struct given {
	int at; /* as in struct tensor_mask */
	uint32_t n;
	uint64_t v[ALPHABET_MAX];
};

/* A field whose values all have symbols, or one, or protocols. */
static void
given_values(const struct codec *c, int id, struct given *g)
{
	const struct sym_field *f = &c->sym->f[id];
	uint32_t i;

	memset(g, 0, sizeof *g);
	if (f->how == SYM_CONST) {
		g->at = MASK_ALWAYS;
		g->n = 1;
		g->v[0] = f->value.lo;
		return;
	}
	g->at = f->at;
	g->n = f->open + f->values.n;
	g->v[0] = PUBLIC_OTHER;
	for (i = 0; i < f->values.n; i++)
		g->v[f->open + i] = f->values.v[i].lo;
}

/* Is the rule on for all protocols of the trace? */
static bool
rule_on(const struct codec *c, enum rule rule)
{
	int p;

	for (p = 0; p < 256; p++)
		if (c->rules.seen[p] && c->rules.off[rule][p])
			return false;
	return true;
}

/* Where[i]: with code i of g, field id is w and nothing else. */
static void
only_value(struct codec *c, const struct given *g, const bool *where, int id,
    struct value w)
{
	rows_only(c, &c->masks, g->at, g->n, where, id, w);
}

static void
mask_ports(struct codec *c, const struct given *proto)
{
	static const struct value zero = {0, 0};
	bool where[ALPHABET_MAX] = {false};
	uint32_t i;

	for (i = 0; i < proto->n; i++)
		where[i] = !proto_has_ports((uint8_t)proto->v[i]) &&
		    !c->rules.off[RULE_PORTS][proto->v[i]];
	only_value(c, proto, where, S_DIRECTION, zero);
	only_value(c, proto, where, S_SERVICE, zero);
	only_value(c, proto, where, S_CLIENT, zero);
	for (i = 0; i < proto->n; i++)
		where[i] = proto->v[i] != PROTO_TCP &&
		    !c->rules.off[RULE_TCP_FLAGS][proto->v[i]];
	only_value(c, proto, where, S_TCP_FLAGS, zero);
}

/* Is the protocol IPv4's alone? */
static bool
needs_v4(const struct codec *c, uint64_t proto)
{
	if (proto == PROTO_ICMP)
		return !c->rules.off[RULE_ICMP_VERSION][proto];
	return header_is_extension((uint8_t)proto) &&
	    !c->rules.off[RULE_V6_NEXT][proto];
}

/* ICMP in IPv4, ICMPv6 in IPv6, and no extension header for a protocol there. */
static void
mask_version(struct codec *c, const struct given *proto)
{
	static const struct value v4 = {0, 4}, v6 = {0, 6};
	bool where[ALPHABET_MAX] = {false};
	uint32_t i;

	for (i = 0; i < proto->n; i++)
		where[i] = needs_v4(c, proto->v[i]);
	only_value(c, proto, where, S_IP_VERSION, v4);
	for (i = 0; i < proto->n; i++)
		where[i] = proto->v[i] == PROTO_ICMP6 &&
		    !c->rules.off[RULE_ICMP_VERSION][PROTO_ICMP6];
	only_value(c, proto, where, S_IP_VERSION, v6);
}

/* Packets of ICMP have a type and code that its kind has, others none. */
static void
mask_icmp(struct codec *c, const struct given *proto)
{
	const struct sym_field *f = &c->sym->f[S_ICMP];
	static const struct value none = {0, ICMP_NONE};
	bool where[ALPHABET_MAX] = {false};
	rows_t rows;
	uint32_t i, k;
	int kind;

	for (i = 0; i < proto->n; i++)
		where[i] = icmp_kind((uint8_t)proto->v[i]) < 0;
	only_value(c, proto, where, S_ICMP, none);
	if (f->how != SYM_VALUES)
		return;
	rows_fill(rows, proto->n, sym_symbols(f));
	for (i = 0; i < proto->n; i++) {
		kind = icmp_kind((uint8_t)proto->v[i]);
		if (kind < 0)
			continue;
		memset(rows[i], 0, MASK_BYTES);
		for (k = 0; k < sym_symbols(f); k++)
			if (sym_icmp_kinds(c, k) >> kind & 1)
				mask_set(rows[i], k);
	}
	rows_add(&c->masks, &c->schema, proto->at, proto->n, f->at, rows);
}

/* Addresses are of the version of the series. */
static void
mask_address(struct codec *c, const struct given *version, int id)
{
	const struct sym_field *f = &c->sym->f[id];
	rows_t rows;
	uint32_t i, k;
	int o;

	if (f->how != SYM_VALUES || version->n != 2)
		return;
	for (i = 0; i < 2; i++) {
		memset(rows[i], 0, MASK_BYTES);
		if (f->open)
			mask_set(rows[i], 0);
		for (k = f->open; k < sym_symbols(f); k++)
			if (value_is_v4(sym_known(f, k, 0)) == (version->v[i] == 4))
				mask_set(rows[i], k);
	}
	rows_add(&c->masks, &c->schema, version->at, 2, f->at, rows);
	for (o = 0; o < f->octets && o < 12; o++) {
		rows_fill(rows, 2, 256);
		memset(rows[version->v[0] == 4 ? 0 : 1], 0, MASK_BYTES);
		mask_set(rows[version->v[0] == 4 ? 0 : 1], o < 10 ? 0 : 0xff);
		rows_add(&c->masks, &c->schema, version->at, 2, sym_octet_at(f, o),
		    rows);
	}
}

/* With code i of g a number is from lo[i] to hi[i]: symbols wholly outside are out. */
static void
mask_number(struct codec *c, const struct given *g, int id, const uint64_t *lo,
    const uint64_t *hi)
{
	const struct sym_field *f = &c->sym->f[id];
	uint64_t least, most;
	rows_t rows;
	uint32_t i, k;

	if (f->how != SYM_NUMBER)
		return;
	for (i = 0; i < g->n; i++) {
		memset(rows[i], 0, MASK_BYTES);
		for (k = 0; k < f->number.n; k++) {
			number_bounds(&f->number, k, &least, &most);
			if (most >= lo[i] && least <= hi[i])
				mask_set(rows[i], k + sym_offset(id));
		}
	}
	rows_add(&c->masks, &c->schema, g->at, g->n, f->at, rows);
}

static bool
has_fragments(const struct codec *c)
{
	const struct sym_field *off = &c->sym->f[S_FRAG_OFF];
	struct given flags;
	uint32_t i;

	if (off->how != SYM_CONST || off->value.lo != 0)
		return true;
	given_values(c, S_IP_FLAGS, &flags);
	for (i = 0; i < flags.n; i++)
		if (flags.v[i] & FLAG_MF)
			return true;
	return false;
}

/* Least length of a packet of the protocol, whatever else it is. */
static uint32_t
least_length(const struct codec *c, uint8_t proto, uint8_t icmp_type, bool fragments)
{
	struct packet p;
	uint32_t least, fragment = (c->v4 ? 20 : 40) + 1;

	memset(&p, 0, sizeof p);
	p.key.proto = proto;
	p.icmp_type = icmp_type;
	if (c->v4) {
		addr_from_v4(p.key.src_ip, 0);
		addr_from_v4(p.key.dst_ip, 0);
	}
	least = header_min_len(&p);
	return fragments && fragment < least ? fragment : least;
}

static void
mask_length(struct codec *c, const struct given *proto)
{
	uint64_t lo[ALPHABET_MAX] = {0}, hi[ALPHABET_MAX];
	bool fragments = has_fragments(c);
	uint32_t i;

	for (i = 0; i < proto->n; i++) {
		hi[i] = UINT64_MAX;
		if (!c->rules.off[RULE_LEN_MIN][proto->v[i]])
			lo[i] = least_length(c, (uint8_t)proto->v[i], 0, fragments);
	}
	mask_number(c, proto, S_IP_LEN, lo, hi);
}

/* Messages of ICMP that are longer than the shortest. */
static void
mask_icmp_length(struct codec *c)
{
	static const uint8_t protos[ICMP_KINDS] = {PROTO_ICMP, PROTO_ICMP6};
	uint64_t lo[ALPHABET_MAX] = {0}, hi[ALPHABET_MAX], least;
	struct given g;
	uint32_t i;
	int k;

	if (c->sym->f[S_ICMP].how != SYM_VALUES || c->sym->f[S_ICMP].open ||
	    has_fragments(c) || !rule_on(c, RULE_LEN_MIN))
		return;
	given_values(c, S_ICMP, &g);
	for (i = 0; i < g.n; i++) {
		hi[i] = UINT64_MAX;
		lo[i] = c->icmp_kinds[i] != 0 ? UINT64_MAX : 0;
		for (k = 0; k < ICMP_KINDS; k++) {
			if (!(c->icmp_kinds[i] >> k & 1))
				continue;
			least =
			    least_length(c, protos[k], (uint8_t)(g.v[i] >> 8), false);
			lo[i] = least < lo[i] ? least : lo[i];
		}
	}
	mask_number(c, &g, S_IP_LEN, lo, hi);
}

/* No fragment says "do not fragment"; IPv6 has no flag but MF. */
static void
mask_flags(struct codec *c, const struct given *version)
{
	const struct sym_field *f = &c->sym->f[S_IP_FLAGS];
	static const struct value zero = {0, 0};
	bool where[ALPHABET_MAX] = {false};
	struct given flags;
	rows_t rows;
	uint32_t i, k;

	given_values(c, S_IP_FLAGS, &flags);
	for (i = 0; i < flags.n; i++)
		where[i] = (flags.v[i] & FLAG_DF) != 0 && rule_on(c, RULE_FRAG_DF);
	only_value(c, &flags, where, S_FRAG_OFF, zero);
	if (f->how != SYM_VALUES || version->n != 2 || !rule_on(c, RULE_V6_FLAGS))
		return;
	rows_fill(rows, 2, f->values.n);
	for (i = 0; i < 2; i++) {
		if (version->v[i] == 4)
			continue;
		memset(rows[i], 0, MASK_BYTES);
		for (k = 0; k < f->values.n; k++)
			if ((f->values.v[k].lo & ~(uint64_t)FLAG_MF) == 0)
				mask_set(rows[i], k);
	}
	rows_add(&c->masks, &c->schema, version->at, 2, f->at, rows);
}

/* The fewest and most bytes a packet has in any flow of the trace. */
static void
bytes_a_packet(const struct rules *r, uint64_t *least, uint64_t *most)
{
	int p;

	*least = UINT64_MAX;
	*most = 0;
	for (p = 0; p < 256; p++) {
		*least = r->bytes_min[p] < *least ? r->bytes_min[p] : *least;
		*most = r->bytes_max[p] > *most ? r->bytes_max[p] : *most;
	}
}

static uint64_t
product(uint64_t a, uint64_t b)
{
	return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

/* What goes with a number of packets: bytes, and a duration where there are two. */
static void
mask_packets(struct codec *c)
{
	const struct sym_field *f = &c->sym->f[S_N_PKTS];
	uint64_t lo[ALPHABET_MAX], hi[ALPHABET_MAX], from[ALPHABET_MAX],
	    to[ALPHABET_MAX], least, most;
	bool one = rule_on(c, RULE_ONE_NO_DUR), more = rule_on(c, RULE_MORE_DUR);
	struct given g = {.at = MASK_ALWAYS, .n = 1};
	uint32_t i;

	if (f->how == SYM_NUMBER) {
		g.at = f->at;
		g.n = f->number.n;
	}
	bytes_a_packet(&c->rules, &least, &most);
	for (i = 0; i < g.n; i++) {
		from[i] = to[i] = f->value.lo;
		if (f->how == SYM_NUMBER)
			number_bounds(&f->number, i, &from[i], &to[i]);
		lo[i] = from[i] == 0 ? 0 : product(from[i], least);
		hi[i] = from[i] == 0 ? UINT64_MAX : product(to[i], most);
	}
	mask_number(c, &g, S_N_BYTES, lo, hi);
	for (i = 0; i < g.n; i++) {
		lo[i] = from[i] > 1 && more;
		hi[i] = from[i] == 1 && to[i] == 1 && one ? 0 : UINT64_MAX;
	}
	mask_number(c, &g, S_DUR, lo, hi);
}

/* The first step of a series has no gap before it, the others have. */
static void
mask_gap(struct codec *c)
{
	const struct sym_field *f = &c->sym->f[S_IAT];
	rows_t rows;

	if (f->how != SYM_NUMBER)
		return;
	memset(rows[0], 0, MASK_BYTES);
	mask_set(rows[0], 0);
	mask_set_all(rows[1], f->number.n + 1);
	rows[1][0] &= 0xfe;
	rows_add(&c->masks, &c->schema, MASK_STEP, 2, f->at, rows);
}

/* What only answers have they have, and no others. */
static void
mask_answers(struct codec *c)
{
	static const int ids[] = {S_OPENER_STEPS, S_DELAY};
	const struct sym_field *f, *role = &c->sym->f[S_ROLE];
	rows_t rows;
	uint32_t i, k;

	for (i = 0; i < LEN(ids); i++) {
		f = &c->sym->f[ids[i]];
		if (role->how != SYM_VALUES || f->how != SYM_NUMBER)
			continue;
		for (k = 0; k < role->values.n; k++) {
			memset(rows[k], 0, MASK_BYTES);
			mask_set(rows[k], 0);
		}
		mask_set_all(rows[ROLE_ANSWER], f->number.n + 1);
		rows[ROLE_ANSWER][0] &= 0xfe;
		rows_add(&c->masks, &c->schema, role->at, role->values.n, f->at, rows);
	}
}

void
symbol_masks(struct codec *c)
{
	struct given proto, version;
	int id;

	given_values(c, S_PROTO, &proto);
	given_values(c, S_IP_VERSION, &version);
	for (id = 0; id < S_COUNT; id++)
		if (c->sym->f[id].how == SYM_VALUES)
			masks_values(c, id);
	mask_version(c, &proto);
	mask_ports(c, &proto);
	mask_address(c, &version, S_SRC_IP);
	mask_address(c, &version, S_DST_IP);
	mask_gap(c);
	mask_answers(c);
	if (c->of_flows) {
		mask_packets(c);
		return;
	}
	mask_icmp(c, &proto);
	mask_flags(c, &version);
	mask_length(c, &proto);
	mask_icmp_length(c);
}
