/* struct packet to header bytes, checksums included. */
#include <assert.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/le.h"
#include "trace/build.h"

/* RFC 3692: set aside for experiments; behind it readers expect nothing. */
enum { PROTO_EXPERIMENT = 253, TCP_ACK = 16, EXT_FRAGMENT = 44 };

static uint32_t
sum_bytes(uint32_t sum, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		sum += get_be16(p + i);
	if (n % 2 != 0)
		sum += (uint32_t)p[n - 1] << 8;
	return sum;
}

static uint16_t
fold(uint32_t sum)
{
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Pseudo header (RFC 9293 3.1, RFC 8200 8.1) and the n bytes built; zeros follow. */
static uint16_t
l4_sum(const struct packet *p, const uint8_t *l4, size_t n, uint32_t len)
{
	uint32_t sum = p->key.proto;

	if (p->key.proto != PROTO_ICMP) {
		sum += (len >> 16) + (len & 0xffff);
		if (tuple_is_v4(&p->key)) {
			sum = sum_bytes(sum, p->key.src_ip + 12, 4);
			sum = sum_bytes(sum, p->key.dst_ip + 12, 4);
		} else {
			sum = sum_bytes(sum, p->key.src_ip, 16);
			sum = sum_bytes(sum, p->key.dst_ip, 16);
		}
	} else {
		sum = 0;
	}
	return fold(sum_bytes(sum, l4, n));
}

static void
put_v4(uint8_t *o, const uint8_t src[16], const uint8_t dst[16], uint8_t proto,
    uint32_t len)
{
	memset(o, 0, 20);
	o[0] = 0x45;
	put_be16(o + 2, (uint16_t)len);
	o[8] = 64;
	o[9] = proto;
	memcpy(o + 12, src + 12, 4);
	memcpy(o + 16, dst + 12, 4);
}

static void
put_v6(uint8_t *o, const uint8_t src[16], const uint8_t dst[16], uint8_t next,
    uint32_t len)
{
	memset(o, 0, 8);
	o[0] = 0x60;
	put_be16(o + 4, (uint16_t)(len - 40));
	o[6] = next;
	o[7] = 64;
	memcpy(o + 8, src, 16);
	memcpy(o + 24, dst, 16);
}

static void
put_fragment(uint8_t *o, const struct packet *p)
{
	o[0] = p->key.proto;
	o[1] = 0;
	put_be16(o + 2, (uint16_t)(p->frag_off << 3 | (p->ip_flags & MF)));
	put_be32(o + 4, p->ip_id);
}

static size_t
put_ip(uint8_t *o, const struct packet *p)
{
	const struct tuple *k = &p->key;

	if (tuple_is_v4(k)) {
		put_v4(o, k->src_ip, k->dst_ip, k->proto, p->ip_len);
		o[1] = p->tos;
		put_be16(o + 4, (uint16_t)p->ip_id);
		put_be16(o + 6, (uint16_t)(p->ip_flags << 13 | p->frag_off));
		o[8] = p->ttl;
		put_be16(o + 10, fold(sum_bytes(0, o, 20)));
		return 20;
	}
	put_v6(o, k->src_ip, k->dst_ip, k->proto, p->ip_len);
	o[0] |= p->tos >> 4;
	o[1] = (uint8_t)(p->tos << 4);
	o[7] = p->ttl;
	if (!build_has_fragment_header(p))
		return 40;
	o[6] = EXT_FRAGMENT;
	put_fragment(o + 40, p);
	return 48;
}

static void
put_tcp(uint8_t *o, const struct packet *p, uint32_t seq, uint32_t ack)
{
	put_be32(o + 4, seq);
	put_be32(o + 8, p->tcp_flags & TCP_ACK ? ack : 0);
	put_be16(o + 12, (uint16_t)(5u << 12 | p->tcp_flags));
	put_be16(o + 14, 65535);
}

/* The header that an error quotes: of a packet on its way from receiver to sender. */
static void
put_quoted(uint8_t *o, const struct packet *p)
{
	const struct tuple *k = &p->key;

	if (tuple_is_v4(k)) {
		put_v4(o, k->dst_ip, k->src_ip, PROTO_EXPERIMENT, 28);
		put_be16(o + 10, fold(sum_bytes(0, o, 20)));
	} else {
		put_v6(o, k->dst_ip, k->src_ip, PROTO_EXPERIMENT, 48);
	}
}

/* The inner packet of a tunnel, len bytes between addresses set aside for documentation
 * (RFC 5737, RFC 3849): nothing is known of it. */
static size_t
put_inner(uint8_t *o, const struct packet *p, uint32_t len)
{
	static const uint8_t a[16] = {0x20, 1, 0x0d, 0xb8, [15] = 1};
	static const uint8_t b[16] = {0x20, 1, 0x0d, 0xb8, [15] = 2};
	uint8_t src[16], dst[16];

	if (len < build_l4_len(p))
		return len;
	if (p->key.proto == PROTO_IPV6) {
		put_v6(o, a, b, PROTO_EXPERIMENT, len);
		return 40;
	}
	addr_from_v4(src, 0xc0000201);
	addr_from_v4(dst, 0xc0000202);
	put_v4(o, src, dst, PROTO_EXPERIMENT, len);
	put_be16(o + 10, fold(sum_bytes(0, o, 20)));
	return 20;
}

/* A message of neighbour discovery may hold options only, and none of length 0: one of
 * RFC 4727's experimental type covers the rest, as far as a length of 8 bits goes. */
static void
put_discovery(uint8_t *o, const struct packet *p, uint32_t len)
{
	uint32_t at = build_discovery_len(p), units = 0;

	if (len > at)
		units = (len - at) / DISCOVERY_UNIT;
	if (units > DISCOVERY_UNITS_MAX)
		units = DISCOVERY_UNITS_MAX;
	if (at >= 24)
		memcpy(o + 8, p->key.src_ip, 16);
	if (at == 40)
		memcpy(o + 24, p->key.dst_ip, 16);
	if (units > 0) {
		o[at] = 253;
		o[at + 1] = (uint8_t)units;
	}
}

/* A report holds records to its end: one takes all of it, as sources and auxiliary data
 * of zeros.  Lengths that are no multiple of 4 have no right report. */
static void
put_report(uint8_t *o, const struct packet *p, uint32_t len)
{
	uint32_t rest = len - 28;

	put_be16(o + 6, 1);
	o[8] = 4; /* change to exclude */
	o[9] = (uint8_t)(rest % 16 / 4);
	put_be16(o + 10, (uint16_t)(rest / 16));
	memcpy(o + 12, p->key.dst_ip, 16);
}

static size_t
put_icmp(uint8_t *o, const struct packet *p, uint32_t len)
{
	size_t n = build_icmp_len(p);

	o[0] = p->icmp_type;
	o[1] = p->icmp_code;
	if (build_is_icmp_error(p) && len >= n)
		put_quoted(o + 8, p);
	if (build_discovery_len(p) != 0 && len >= n) {
		put_discovery(o, p, len);
		n += len >= n + 2 ? 2 : 0;
	}
	if (p->key.proto == PROTO_ICMP6 && p->icmp_type == MLD2_REPORT && len >= n)
		put_report(o, p, len);
	return n;
}

/* SCTP checks by CRC-32C over the whole packet (RFC 9260 6.8), zeros included. */
static uint32_t
sctp_sum(const uint8_t *o, size_t n, uint32_t len)
{
	static const uint8_t zeros[1024];
	uint32_t crc = crc32c(0, o, n), left = len - (uint32_t)n, part;

	for (; left > 0; left -= part) {
		part = left < sizeof zeros ? left : (uint32_t)sizeof zeros;
		crc = crc32c(crc, zeros, part);
	}
	return crc;
}

/* The common header and a PAD chunk (RFC 4820) over the rest.  Where that is no
 * multiple of 4 there is no right packet; at least no bytes are left to be read as a
 * chunk. */
static size_t
put_sctp(uint8_t *o, uint32_t len)
{
	size_t n = len >= 16 ? 16 : 12;

	if (n == 16) {
		o[12] = 0x84;
		put_be16(o + 14, (uint16_t)(len - 12));
	}
	return n;
}

/* The header of the protocol without its checksum, in a buffer of zeros.  len: bytes
 * behind the IP header.  Returns its size, which may be beyond len. */
static size_t
put_l4(uint8_t *o, const struct packet *p, uint32_t len, uint32_t seq, uint32_t ack)
{
	uint8_t proto = p->key.proto;

	if (proto_has_ports(proto)) {
		put_be16(o, p->key.src_port);
		put_be16(o + 2, p->key.dst_port);
	}
	switch (proto) {
	case PROTO_TCP:
		put_tcp(o, p, seq, ack);
		return 20;
	case PROTO_UDP:
		put_be16(o + 4, (uint16_t)(len > 65535 ? 0 : len));
		return 8;
	case PROTO_UDPLITE:
		return 8;
	case PROTO_DCCP:
		o[4] = 3;      /* data offset in words */
		o[8] = 2 << 1; /* type Data, short sequence number */
		return 12;
	case PROTO_SCTP:
		return put_sctp(o, len);
	case PROTO_ICMP:
	case PROTO_ICMP6:
		return put_icmp(o, p, len);
	case PROTO_IPV4:
	case PROTO_IPV6:
		return put_inner(o, p, len);
	default:
		return 0;
	}
}

/* Offset of the 16-bit checksum, 0 = none. */
static size_t
sum_at(uint8_t proto)
{
	switch (proto) {
	case PROTO_TCP:
		return 16;
	case PROTO_UDP:
	case PROTO_UDPLITE:
	case PROTO_DCCP:
		return 6;
	case PROTO_ICMP:
	case PROTO_ICMP6:
		return 2;
	default:
		return 0;
	}
}

static void
put_sum(uint8_t *l4, const struct packet *p, size_t n, uint32_t len)
{
	size_t at = sum_at(p->key.proto);
	bool optional = p->key.proto == PROTO_UDP || p->key.proto == PROTO_UDPLITE;
	uint16_t sum;

	if (p->key.proto == PROTO_SCTP && n >= 12)
		put_le32(l4 + 8, sctp_sum(l4, n, len));
	if (at == 0 || n < at + 2)
		return;
	if (p->key.proto == PROTO_UDP && (p->ip_flags & MF) && tuple_is_v4(&p->key))
		return;
	sum = l4_sum(p, l4, n, len);
	put_be16(l4 + at, sum == 0 && optional ? 0xffff : sum);
}

size_t
header_build(uint8_t out[HEADER_MAX], const struct packet *p, uint32_t seq,
    uint32_t ack)
{
	uint8_t l4[HEADER_MAX] = {0};
	size_t ip, n;
	uint32_t len;

	assert(p->ip_len >= (tuple_is_v4(&p->key) ? 20 : 40));
	assert(p->ip_len <=
	    (tuple_is_v4(&p->key) ? HEADER_LEN_MAX_V4 : HEADER_LEN_MAX_V6));
	assert(addr_is_v4(p->key.src_ip) == addr_is_v4(p->key.dst_ip));
	ip = put_ip(out, p);
	if (p->ip_len <= ip)
		return p->ip_len;
	if (p->frag_off != 0)
		return ip;
	len = p->ip_len - (uint32_t)ip;
	n = put_l4(l4, p, len, seq, ack);
	if (n > len)
		n = len;
	put_sum(l4, p, n, len);
	memcpy(out + ip, l4, n);
	return ip + n;
}
