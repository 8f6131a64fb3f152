/* Headers: what header_build writes, header_parse reads; and packets made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crc32c.h"
#include "base/le.h"
#include "base/mem.h"
#include "base/rng.h"
#include "trace/header.h"

enum { MF = 1, DF = 2 };

static void
random_addr(struct rng *r, bool v4, uint8_t a[16])
{
	int i;

	if (v4) {
		addr_from_v4(a, rng_u32(r));
		return;
	}
	for (i = 0; i < 16; i++)
		a[i] = (uint8_t)rng_u32(r);
	a[0] = 0x20;
}

static uint8_t
random_proto(struct rng *r, bool v4)
{
	static const uint8_t common[] = {6, 17, 1, 58, 132, 33, 136, 47, 50, 89, 2};
	uint8_t p;

	if (rng_below(r, 4) != 0)
		return common[rng_below(r, LEN(common))];
	do
		p = (uint8_t)rng_u32(r);
	while (!v4 && (p == 0 || p == 43 || p == 44 || p == 51 || p == 60));
	return p;
}

/* A packet as header_parse could have given it. */
static void
random_packet(struct rng *r, struct packet *p)
{
	bool v4 = rng_below(r, 2);
	uint32_t least, most;

	memset(p, 0, sizeof *p);
	random_addr(r, v4, p->key.src_ip);
	random_addr(r, v4, p->key.dst_ip);
	p->key.proto = random_proto(r, v4);
	p->tos = (uint8_t)rng_u32(r);
	p->ttl = (uint8_t)rng_u32(r);
	p->ip_flags = (uint8_t)(v4 ? rng_below(r, 8) : rng_below(r, 2));
	p->frag_off = (uint16_t)(rng_below(r, 3) == 0 ? rng_below(r, 8000) : 0);
	if (v4)
		p->ip_id = rng_below(r, 65536);
	else if (p->frag_off != 0 || (p->ip_flags & MF) || rng_below(r, 4) == 0)
		p->ip_id = rng_u32(r);
	if (p->frag_off == 0 && proto_has_ports(p->key.proto)) {
		p->key.src_port = (uint16_t)rng_u32(r);
		p->key.dst_port = (uint16_t)rng_u32(r);
	}
	if (p->frag_off == 0 && (p->key.proto == 1 || p->key.proto == 58)) {
		p->icmp_type = (uint8_t)rng_u32(r);
		p->icmp_code = (uint8_t)rng_u32(r);
	}
	least = header_min_len(p);
	if (p->frag_off == 0 && p->key.proto == PROTO_TCP) {
		p->tcp_flags = (uint16_t)rng_below(r, 512);
		least = (v4 ? 20 : 48) + 20;
	}
	most = header_max_len(p);
	assert_true(most >= least);
	p->ip_len = least + (uint32_t)(rng_u64(r) % (most - least + 1));
}

static void
assert_same(const struct packet *a, const struct packet *b)
{
	assert_int_equal(tuple_cmp(&a->key, &b->key), 0);
	assert_int_equal(a->ip_len, b->ip_len);
	assert_int_equal(a->ip_id, b->ip_id);
	assert_int_equal(a->frag_off, b->frag_off);
	assert_int_equal(a->ip_flags, b->ip_flags);
	assert_int_equal(a->tos, b->tos);
	assert_int_equal(a->ttl, b->ttl);
	assert_int_equal(a->tcp_flags, b->tcp_flags);
	assert_int_equal(a->icmp_type, b->icmp_type);
	assert_int_equal(a->icmp_code, b->icmp_code);
}

static void
test_inverse(void **state)
{
	uint8_t bytes[HEADER_MAX];
	enum header_skip why;
	struct packet in, out;
	struct rng r;
	size_t n;
	int i;

	(void)state;
	rng_init(&r, 1, 0);
	for (i = 0; i < 100000; i++) {
		random_packet(&r, &in);
		n = header_build(bytes, &in, rng_u32(&r), rng_u32(&r));
		assert_true(n <= in.ip_len && n <= HEADER_MAX);
		memset(&out, 0xa5, sizeof out);
		assert_int_equal(header_parse(bytes, n, 0, &out, &why), 1);
		assert_same(&in, &out);
	}
}

/* The ones-complement sum over n bytes at p, the pseudo header's parts included. */
static uint32_t
sum(uint32_t s, const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		s += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	while (s > 0xffff)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

/* A whole packet with its zeros sums up to 0xffff, as RFC 1071 has it. */
static void
check_sums(const struct packet *p, const uint8_t *b, size_t n)
{
	bool v4 = tuple_is_v4(&p->key);
	size_t ip = v4 ? 20 : n > 40 && b[6] == 44 ? 48 : 40;
	uint8_t pseudo[8] = {0}, *whole = xcalloc(p->ip_len + 1, 1);
	uint32_t s = 0;

	memcpy(whole, b, n);
	if (v4)
		assert_int_equal(sum(0, whole, 20), 0xffff);
	put_be32(pseudo, p->ip_len - (uint32_t)ip);
	pseudo[7] = p->key.proto;
	if (p->key.proto != PROTO_ICMP) {
		s = sum(0, pseudo, 8);
		s = sum(s, p->key.src_ip + (v4 ? 12 : 0), v4 ? 4 : 16);
		s = sum(s, p->key.dst_ip + (v4 ? 12 : 0), v4 ? 4 : 16);
	}
	assert_int_equal(sum(s, whole + ip, p->ip_len - ip), 0xffff);
	free(whole);
}

static void
test_checksums(void **state)
{
	static const uint8_t protos[] = {6, 17, 1, 58, 33, 136};
	uint8_t bytes[HEADER_MAX];
	struct packet p;
	struct rng r;
	size_t n;
	int i;

	(void)state;
	rng_init(&r, 2, 0);
	for (i = 0; i < 3000; i++) {
		random_packet(&r, &p);
		p.key.proto = protos[i % (int)LEN(protos)];
		p.ip_flags &= DF;
		p.frag_off = 0;
		p.ip_len = header_min_len(&p) + rng_below(&r, 1500);
		n = header_build(bytes, &p, rng_u32(&r), rng_u32(&r));
		check_sums(&p, bytes, n);
	}
}

/* 192.0.2.1 to 192.0.2.2, with length and protocol. */
static void
v4(uint8_t *b, uint16_t len, uint8_t proto)
{
	memset(b, 0, 20);
	b[0] = 0x45;
	put_be16(b + 2, len);
	b[8] = 64;
	b[9] = proto;
	put_be32(b + 12, 0xc0000201);
	put_be32(b + 16, 0xc0000202);
}

static void
v6(uint8_t *b, uint16_t payload, uint8_t next)
{
	memset(b, 0, 40);
	b[0] = 0x60;
	put_be16(b + 4, payload);
	b[6] = next;
	b[7] = 64;
	b[8] = b[24] = 0x20;
	b[23] = 1;
	b[39] = 2;
}

static enum header_skip
parse(const uint8_t *b, size_t n, uint32_t wire, struct packet *p)
{
	enum header_skip why;
	uint8_t *exact = xmalloc(n);
	int rc;

	memcpy(exact, b, n);
	rc = header_parse(exact, n, wire, p, &why);
	assert_int_equal(rc, why == HEADER_OK);
	free(exact);
	return why;
}

static void
test_v4_reasons(void **state)
{
	uint8_t b[64] = {0};
	struct packet p;
	size_t n;

	(void)state;
	assert_int_equal(parse(b, 0, 0, &p), HEADER_IP_CUT);
	v4(b, 40, PROTO_TCP);
	for (n = 1; n < 20; n++)
		assert_int_equal(parse(b, n, 0, &p), HEADER_IP_CUT);
	for (; n < 24; n++)
		assert_int_equal(parse(b, n, 0, &p), HEADER_L4_CUT);
	b[33] = 0x12;
	assert_int_equal(parse(b, 33, 0, &p), HEADER_OK);
	assert_int_equal(p.tcp_flags, 0);
	assert_int_equal(parse(b, 34, 0, &p), HEADER_OK);
	assert_int_equal(p.tcp_flags, 0x12);
	v4(b, 22, PROTO_TCP);
	assert_int_equal(parse(b, 40, 0, &p), HEADER_L4_SHORT);
	v4(b, 19, PROTO_TCP);
	assert_int_equal(parse(b, 40, 0, &p), HEADER_IP_LEN);
	b[0] = 0x44;
	assert_int_equal(parse(b, 40, 0, &p), HEADER_IP_IHL);
	b[0] = 0x55;
	assert_int_equal(parse(b, 40, 0, &p), HEADER_IP_VERSION);
	v4(b, 40, PROTO_TCP);
	b[0] = 0x4f;
	assert_int_equal(parse(b, 40, 0, &p), HEADER_IP_LEN);
}

/* A length of 0 is filled in by the network card: what was on the wire counts. */
static void
test_tso(void **state)
{
	uint8_t b[64] = {0};
	struct packet p;

	(void)state;
	v4(b, 0, PROTO_TCP);
	assert_int_equal(parse(b, 40, 2960, &p), HEADER_OK);
	assert_int_equal(p.ip_len, 2960);
	assert_int_equal(parse(b, 40, 0, &p), HEADER_IP_LEN);
	assert_int_equal(parse(b, 40, 65536, &p), HEADER_IP_LEN);
	v6(b, 0, PROTO_UDP);
	assert_int_equal(parse(b, 48, 9000, &p), HEADER_OK);
	assert_int_equal(p.ip_len, 9000);
	assert_int_equal(parse(b, 48, 65576, &p), HEADER_IP_LEN);
	v6(b, 0, 59);
	assert_int_equal(parse(b, 40, 60, &p), HEADER_OK);
	assert_int_equal(p.ip_len, 40);
}

static void
test_options(void **state)
{
	uint8_t b[64] = {0};
	struct packet p;

	(void)state;
	v4(b, 60, PROTO_UDP);
	b[0] = 0x4a;
	put_be16(b + 40, 53);
	put_be16(b + 42, 1234);
	assert_int_equal(parse(b, 44, 0, &p), HEADER_OK);
	assert_int_equal(p.key.src_port, 53);
	assert_int_equal(p.key.dst_port, 1234);
	assert_int_equal(parse(b, 39, 0, &p), HEADER_IP_CUT);
}

/* Hop-by-hop, routing, fragment, destination, AH, then UDP. */
static void
test_v6_chain(void **state)
{
	uint8_t b[128] = {0};
	struct packet p;

	(void)state;
	v6(b, 64, 0);
	b[40] = 43;
	b[48] = 44;
	b[49] = 0;
	b[56] = 60;
	put_be16(b + 58, 1);
	put_be32(b + 60, 0xdeadbeef);
	b[64] = 51;
	b[72] = PROTO_UDP;
	b[73] = 2; /* (2 + 2) words */
	put_be16(b + 88, 500);
	put_be16(b + 90, 501);
	assert_int_equal(parse(b, 92, 0, &p), HEADER_OK);
	assert_int_equal(p.key.proto, PROTO_UDP);
	assert_int_equal(p.key.src_port, 500);
	assert_int_equal(p.ip_id, 0xdeadbeef);
	assert_int_equal(p.ip_flags, MF);
	assert_int_equal(parse(b, 91, 0, &p), HEADER_L4_CUT);
	assert_int_equal(parse(b, 80, 0, &p), HEADER_L4_CUT);
	assert_int_equal(parse(b, 79, 0, &p), HEADER_IP_CUT);
	/* In a later fragment nothing behind its header is one. */
	put_be16(b + 58, 8 << 3);
	assert_int_equal(parse(b, 92, 0, &p), HEADER_OK);
	assert_int_equal(p.key.proto, 60);
	assert_int_equal(p.frag_off, 8);
	assert_int_equal(p.key.src_port, 0);
}

static void
test_v6_reasons(void **state)
{
	uint8_t b[40 + 8 * 80] = {0};
	struct packet p;
	int i;

	(void)state;
	v6(b, 8 * 80, 0);
	assert_int_equal(parse(b, sizeof b, 0, &p), HEADER_IP6_CHAIN);
	for (i = 0; i < 63; i++)
		b[40 + 8 * i] = 60;
	b[40 + 8 * 63] = PROTO_TCP;
	assert_int_equal(parse(b, sizeof b, 0, &p), HEADER_OK);
	v6(b, 8, 60);
	b[41] = 1; /* 16 bytes in a payload of 8 */
	assert_int_equal(parse(b, sizeof b, 0, &p), HEADER_IP_LEN);
	v6(b, 8, 59);
	memset(b + 8, 0, 16);
	b[18] = b[19] = 0xff;
	assert_int_equal(parse(b, sizeof b, 0, &p), HEADER_V4_MAPPED);
	v6(b, 0, 0);
	b[42] = 0xc2;
	b[43] = 4;
	assert_int_equal(parse(b, sizeof b, 0, &p), HEADER_JUMBOGRAM);
}

static void
test_names(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HEADER_SKIPS; i++)
		assert_non_null(header_skip_name((enum header_skip)i));
	assert_string_equal(header_skip_name(HEADER_L4_SHORT), "l4_short");
}

static void
test_min_len(void **state)
{
	struct packet p = {0};

	(void)state;
	addr_from_v4(p.key.src_ip, 1);
	addr_from_v4(p.key.dst_ip, 2);
	p.key.proto = PROTO_TCP;
	assert_int_equal(header_min_len(&p), 40);
	p.ip_flags = MF;
	assert_int_equal(header_min_len(&p), 28);
	p.ip_flags = 0;
	p.frag_off = 8000;
	assert_int_equal(header_min_len(&p), 21);
	assert_int_equal(header_max_len(&p), 65535 - 64000);
	p.frag_off = 0;
	p.key.proto = PROTO_ICMP;
	assert_int_equal(header_min_len(&p), 28);
	p.icmp_type = 3;
	assert_int_equal(header_min_len(&p), 48);
	p.key.proto = 47;
	assert_int_equal(header_min_len(&p), 20);
	p.key.src_ip[0] = p.key.dst_ip[0] = 0x20;
	p.key.proto = PROTO_UDP;
	assert_int_equal(header_min_len(&p), 48);
	p.ip_id = 1;
	assert_int_equal(header_min_len(&p), 56);
	p.key.proto = 47;
	assert_int_equal(header_min_len(&p), 48);
	p.ip_id = 0;
	assert_int_equal(header_min_len(&p), 41);
	p.key.proto = 59;
	assert_int_equal(header_min_len(&p), 40);
}

/* A packet between 2000::1 and 2000::2. */
static struct packet
v6_packet(uint8_t proto, uint8_t type)
{
	struct packet p = {0};

	p.key.src_ip[0] = p.key.dst_ip[0] = 0x20;
	p.key.src_ip[15] = 1;
	p.key.dst_ip[15] = 2;
	p.key.proto = proto;
	p.icmp_type = type;
	p.ttl = 255;
	return p;
}

/* Messages of neighbour discovery are their fixed part and whole options. */
static void
test_discovery(void **state)
{
	static const uint8_t fixed[] = {8, 16, 24, 24, 40};
	uint8_t whole[40 + 40 + 255 * 8 + HEADER_MAX];
	struct packet p;
	uint32_t at;
	size_t n;
	int i;

	(void)state;
	for (i = 0; i < (int)LEN(fixed); i++) {
		p = v6_packet(PROTO_ICMP6, (uint8_t)(133 + i));
		assert_int_equal(header_len_unit(&p), 8);
		at = 40u + fixed[i];
		assert_int_equal(header_min_len(&p), at);
		assert_int_equal(header_max_len(&p), at + 255 * 8);
		for (p.ip_len = at; p.ip_len <= header_max_len(&p); p.ip_len += 8) {
			memset(whole, 0, sizeof whole);
			n = header_build(whole, &p, 0, 0);
			assert_int_equal(n, p.ip_len > at ? at + 2 : at);
			assert_int_equal(whole[at + 1] * 8u, p.ip_len - at);
			check_sums(&p, whole, n);
		}
		p.ip_flags = MF;
		assert_int_equal(header_len_unit(&p), 1);
	}
	p = v6_packet(PROTO_ICMP6, 143);
	assert_int_equal(header_len_unit(&p), 4);
	p.icmp_type = 128;
	assert_int_equal(header_len_unit(&p), 1);
}

/* Chunks fill an SCTP packet, and its CRC is right with all the zeros. */
static void
test_sctp(void **state)
{
	uint8_t whole[4096 + HEADER_MAX];
	struct packet p = v6_packet(PROTO_SCTP, 0);
	uint32_t l4, sent;
	size_t n;

	(void)state;
	p.key.src_port = 36412;
	p.key.dst_port = 36422;
	assert_int_equal(header_len_unit(&p), 4);
	for (l4 = 12; l4 <= 4000; l4 += 4) {
		p.ip_len = 40 + l4;
		memset(whole, 0, sizeof whole);
		n = header_build(whole, &p, 0, 0);
		assert_int_equal(n, l4 > 12 ? 56 : 52);
		if (l4 > 12) {
			assert_int_equal(whole[52], 0x84);
			assert_int_equal(get_be16(whole + 54), l4 - 12);
		}
		sent = get_le32(whole + 48);
		put_le32(whole + 48, 0);
		assert_int_equal(sent, crc32c(0, whole + 40, l4));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_inverse),
	    cmocka_unit_test(test_checksums),
	    cmocka_unit_test(test_v4_reasons),
	    cmocka_unit_test(test_tso),
	    cmocka_unit_test(test_options),
	    cmocka_unit_test(test_v6_chain),
	    cmocka_unit_test(test_v6_reasons),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_min_len),
	    cmocka_unit_test(test_discovery),
	    cmocka_unit_test(test_sctp),
	};

	return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
