/* IP packets to struct packet: RFC 791, 8200, 9293, 768, 792, 4443. */
#include "trace/header.h"

#include <string.h>

#include "base/le.h"

static const char *const skip_names[HEADER_SKIPS] = {"ok", "ip_cut", "ip_version",
    "ip_ihl", "ip_len", "ip6_chain", "v4_mapped", "jumbogram", "l4_cut", "l4_short"};

const char *
header_skip_name(enum header_skip why)
{
	return skip_names[why];
}

/* Where the packet's own bytes end and how many of them were captured. */
struct view {
	const uint8_t *p;
	size_t caplen;
	size_t at;     /* first byte behind the IP headers */
	bool no_ports; /* a later fragment, or nothing behind the headers */
};

static enum header_skip
parse_v4(struct view *v, uint32_t wire_len, struct packet *out)
{
	const uint8_t *p = v->p;
	size_t ihl;

	if (v->caplen < 20)
		return HEADER_IP_CUT;
	ihl = (size_t)(p[0] & 15) * 4;
	if (ihl < 20)
		return HEADER_IP_IHL;
	out->ip_len = get_be16(p + 2);
	if (out->ip_len == 0)
		out->ip_len = wire_len;
	if (out->ip_len < ihl || out->ip_len > HEADER_LEN_MAX_V4)
		return HEADER_IP_LEN;
	if (v->caplen < ihl)
		return HEADER_IP_CUT;
	out->tos = p[1];
	out->ip_id = get_be16(p + 4);
	out->ip_flags = p[6] >> 5;
	out->frag_off = get_be16(p + 6) & 0x1fff;
	out->ttl = p[8];
	out->key.proto = p[9];
	addr_from_v4(out->key.src_ip, get_be32(p + 12));
	addr_from_v4(out->key.dst_ip, get_be32(p + 16));
	v->at = ihl;
	v->no_ports = out->frag_off != 0;
	return HEADER_OK;
}

enum { EXT_HOP = 0, EXT_ROUTING = 43, EXT_FRAGMENT = 44, EXT_AH = 51, EXT_DST = 60 };

bool
header_is_extension(uint8_t proto)
{
	return proto == EXT_HOP || proto == EXT_ROUTING || proto == EXT_FRAGMENT ||
	    proto == EXT_AH || proto == EXT_DST;
}

static size_t
extension_len(uint8_t next, uint8_t len)
{
	if (next == EXT_FRAGMENT)
		return 8;
	if (next == EXT_AH)
		return ((size_t)len + 2) * 4;
	return ((size_t)len + 1) * 8;
}

static void
take_fragment(struct view *v, const uint8_t *p, struct packet *out)
{
	out->frag_off = get_be16(p + 2) >> 3;
	out->ip_flags = p[3] & 1;
	out->ip_id = get_be32(p + 4);
	v->no_ports = out->frag_off != 0;
}

/* Step over the extension headers; what a later fragment holds is no header. */
static enum header_skip
walk_chain(struct view *v, uint8_t next, struct packet *out)
{
	const uint8_t *p;
	size_t len;
	int n = 0;

	while (header_is_extension(next) && !v->no_ports) {
		if (n++ == HEADER_CHAIN_MAX)
			return HEADER_IP6_CHAIN;
		if (v->at + 8 > out->ip_len)
			return HEADER_IP_LEN;
		if (v->at + 8 > v->caplen)
			return HEADER_IP_CUT;
		p = v->p + v->at;
		len = extension_len(next, p[1]);
		if (v->at + len > out->ip_len)
			return HEADER_IP_LEN;
		if (next == EXT_FRAGMENT)
			take_fragment(v, p, out);
		v->at += len;
		next = p[0];
	}
	out->key.proto = next;
	return HEADER_OK;
}

/* Payload length 0 with a hop-by-hop header whose first option is the jumbo payload. */
static bool
is_jumbogram(const struct view *v)
{
	return v->caplen >= 48 && v->p[6] == EXT_HOP && v->p[42] == 0xc2 &&
	    v->p[43] == 4;
}

static enum header_skip
parse_v6(struct view *v, uint32_t wire_len, struct packet *out)
{
	const uint8_t *p = v->p;

	if (v->caplen < 40)
		return HEADER_IP_CUT;
	out->ip_len = (uint32_t)get_be16(p + 4) + 40;
	if (out->ip_len == 40 && is_jumbogram(v))
		return HEADER_JUMBOGRAM;
	if (out->ip_len == 40 && p[6] != 59 && wire_len > 40)
		out->ip_len = wire_len;
	if (out->ip_len > HEADER_LEN_MAX_V6)
		return HEADER_IP_LEN;
	out->tos = (uint8_t)(get_be16(p) >> 4);
	out->ip_id = 0;
	out->ip_flags = 0;
	out->frag_off = 0;
	out->ttl = p[7];
	memcpy(out->key.src_ip, p + 8, 16);
	memcpy(out->key.dst_ip, p + 24, 16);
	if (addr_is_v4(out->key.src_ip) || addr_is_v4(out->key.dst_ip))
		return HEADER_V4_MAPPED;
	v->at = 40;
	v->no_ports = false;
	return walk_chain(v, p[6], out);
}

/* n more bytes of the packet, or why not. */
static enum header_skip
need(const struct view *v, size_t n, const struct packet *out)
{
	if (v->at + n > out->ip_len)
		return HEADER_L4_SHORT;
	return v->at + n > v->caplen ? HEADER_L4_CUT : HEADER_OK;
}

static enum header_skip
parse_l4(const struct view *v, struct packet *out)
{
	const uint8_t *p = v->p + v->at;
	uint8_t proto = out->key.proto;
	enum header_skip why;

	if (proto_has_ports(proto)) {
		if ((why = need(v, 4, out)) != HEADER_OK)
			return why;
		out->key.src_port = get_be16(p);
		out->key.dst_port = get_be16(p + 2);
		if (proto == PROTO_TCP && need(v, 14, out) == HEADER_OK)
			out->tcp_flags = get_be16(p + 12) & 0x1ff;
	} else if (proto == PROTO_ICMP || proto == PROTO_ICMP6) {
		if ((why = need(v, 2, out)) != HEADER_OK)
			return why;
		out->icmp_type = p[0];
		out->icmp_code = p[1];
	}
	return HEADER_OK;
}

int
header_parse(const uint8_t *p, size_t caplen, uint32_t wire_len, struct packet *out,
    enum header_skip *why)
{
	struct view v = {p, caplen, 0, false};

	out->key.src_port = 0;
	out->key.dst_port = 0;
	out->tcp_flags = 0;
	out->icmp_type = 0;
	out->icmp_code = 0;
	if (caplen == 0)
		*why = HEADER_IP_CUT;
	else if (p[0] >> 4 == 4)
		*why = parse_v4(&v, wire_len, out);
	else if (p[0] >> 4 == 6)
		*why = parse_v6(&v, wire_len, out);
	else
		*why = HEADER_IP_VERSION;
	if (*why == HEADER_OK && !v.no_ports)
		*why = parse_l4(&v, out);
	return *why == HEADER_OK;
}
