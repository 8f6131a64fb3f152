/* Each rule at its edges, and the counts over a trace. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "rules/rules.h"
#include "stream/schema.h"

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16, MF = 1, DF = 2, SPAN = 1000 };

/* A packet that no rule has anything against; TCP 1000 -> 22. */
static struct packet
good_packet(void)
{
	struct packet p = {0};

	addr_from_v4(p.key.src_ip, 0x0a000001);
	addr_from_v4(p.key.dst_ip, 0x0a000002);
	p.key.src_port = 1000;
	p.key.dst_port = 22;
	p.key.proto = PROTO_TCP;
	p.ip_len = 40;
	p.tcp_flags = ACK;
	p.ttl = 1;
	return p;
}

static struct flow
good_flow(void)
{
	struct flow f = {0};

	f.key = good_packet().key;
	f.n_pkts = 2;
	f.n_bytes = 80;
	f.dur_ns = 5;
	return f;
}

static void
v6(struct tuple *k)
{
	memset(k->src_ip, 0, 16);
	memset(k->dst_ip, 0, 16);
	k->src_ip[0] = k->dst_ip[0] = 0x20;
	k->dst_ip[15] = 1;
}

/* What rules_share says of a good record, which sets the trace's beginning to 0, with
 * the one given behind it, if any. */
static void
share_behind_good(const struct packet *p, const struct flow *f, bool alone,
    size_t *applies, size_t *passes)
{
	struct trace *t = trace_new("some", p != NULL ? NSR_PACKET : NSR_FLOW);
	struct packet first_packet = good_packet();
	struct flow first_flow = good_flow();
	struct tables tb;

	tables_init(&tb);
	if (p != NULL)
		trace_add_packet(t, &tb, &first_packet);
	else
		trace_add_flow(t, &tb, &first_flow);
	if (!alone && p != NULL)
		trace_add_packet(t, &tb, p);
	else if (!alone)
		trace_add_flow(t, &tb, f);
	rules_share(t, &tb, SPAN, applies, passes);
	trace_free(t);
	tables_free(&tb);
}

/* The verdict of one rule on one record: 'p'ass, 'f'ail, or '-', no say. */
static char
judge(enum rule_id rule, const struct packet *p, const struct flow *f)
{
	size_t applies[2][RULES], passes[2][RULES];

	for (int alone = 0; alone < 2; alone++)
		share_behind_good(p, f, alone, applies[alone], passes[alone]);
	assert_int_equal(applies[1][rule], passes[1][rule]);
	if (applies[0][rule] == applies[1][rule])
		return '-';
	return passes[0][rule] > passes[1][rule] ? 'p' : 'f';
}

static void
addresses(void **state)
{
	static const struct {
		uint32_t src, dst;
		char want;
	} in[] = {{0xdfffffff, 1u << 24, 'p'}, {0xe0000000, 1u << 24, 'f'},
	    {0xefffffff, 1u << 24, 'f'}, {0xf0000000, 1u << 24, 'p'},
	    {0xff000001, 1u << 24, 'f'}, {0, 0xffffffff, 'p'}, {1, 0x00ffffff, 'f'}};
	struct packet p = good_packet();

	(void)state;
	for (size_t i = 0; i < LEN(in); i++) {
		addr_from_v4(p.key.src_ip, in[i].src);
		addr_from_v4(p.key.dst_ip, in[i].dst);
		assert_int_equal(judge(RULE_ADDRESSES, &p, NULL), in[i].want);
	}
	v6(&p.key);
	assert_int_equal(judge(RULE_ADDRESSES, &p, NULL), 'p');
	p.key.src_ip[0] = 0xff;
	assert_int_equal(judge(RULE_ADDRESSES, &p, NULL), 'f');
	v6(&p.key);
	memset(p.key.dst_ip, 0, 16);
	assert_int_equal(judge(RULE_ADDRESSES, &p, NULL), 'f');
}

static void
sizes(void **state)
{
	static const struct {
		uint8_t proto;
		uint64_t pkts, bytes;
		char want;
	} in[] = {{PROTO_TCP, 3, 120, 'p'}, {PROTO_TCP, 3, 119, 'f'},
	    {PROTO_UDP, 3, 84, 'p'}, {PROTO_UDP, 3, 83, 'f'}, {PROTO_ICMP, 3, 60, 'p'},
	    {PROTO_ICMP, 3, 59, 'f'}, {PROTO_TCP, 2, 131070, 'p'},
	    {PROTO_TCP, 2, 131071, 'f'}, {PROTO_TCP, 0, 0, 'f'},
	    {PROTO_TCP, UINT64_MAX, 40, 'f'}, {PROTO_TCP, 1, UINT64_MAX, 'f'}};
	struct flow f = good_flow();
	struct packet p = good_packet();

	(void)state;
	for (size_t i = 0; i < LEN(in); i++) {
		f.key.proto = in[i].proto;
		f.n_pkts = in[i].pkts;
		f.n_bytes = in[i].bytes;
		assert_int_equal(judge(RULE_SIZES, NULL, &f), in[i].want);
	}
	f = good_flow();
	v6(&f.key);
	f.n_bytes = 119;
	assert_int_equal(judge(RULE_SIZES, NULL, &f), 'f');
	f.n_bytes = 120;
	assert_int_equal(judge(RULE_SIZES, NULL, &f), 'p');
	assert_int_equal(judge(RULE_SIZES, &p, NULL), '-');
}

static void
min_length(void **state)
{
	static const struct {
		uint8_t proto;
		uint16_t frag_off;
		bool six;
		uint32_t least;
	} in[] = {{PROTO_TCP, 0, false, 40}, {PROTO_UDP, 0, false, 28},
	    {PROTO_ICMP, 0, false, 28}, {47, 0, false, 20}, {PROTO_TCP, 1, false, 21},
	    {PROTO_TCP, 0, true, 60}, {PROTO_ICMP6, 0, true, 48},
	    {PROTO_UDP, 1, true, 49}};

	(void)state;
	for (size_t i = 0; i < LEN(in); i++) {
		struct packet p = good_packet();

		if (in[i].six)
			v6(&p.key);
		p.key.proto = in[i].proto;
		p.frag_off = in[i].frag_off;
		p.ip_len = in[i].least;
		assert_int_equal(judge(RULE_MIN_LENGTH, &p, NULL), 'p');
		p.ip_len--;
		assert_int_equal(judge(RULE_MIN_LENGTH, &p, NULL), 'f');
	}
}

static void
ports(void **state)
{
	static const struct {
		uint16_t src, dst;
		uint8_t proto;
		char port_proto, icmp_ports;
	} in[] = {{2000, 22, PROTO_TCP, 'p', '-'}, {2000, 22, PROTO_UDP, 'f', '-'},
	    {161, 2000, PROTO_UDP, 'p', '-'}, {161, 2000, PROTO_TCP, 'f', '-'},
	    {2000, 53, PROTO_TCP, 'p', '-'}, {2000, 443, PROTO_UDP, 'p', '-'},
	    {53, 25, PROTO_UDP, 'f', '-'}, {2000, 3000, PROTO_UDP, '-', '-'},
	    {2000, 22, PROTO_SCTP, '-', '-'}, {0, 0, PROTO_ICMP, '-', 'p'},
	    {0, 22, PROTO_ICMP, '-', 'f'}, {8, 0, 47, '-', 'f'}};
	struct packet p = good_packet();

	(void)state;
	for (size_t i = 0; i < LEN(in); i++) {
		p.key.src_port = in[i].src;
		p.key.dst_port = in[i].dst;
		p.key.proto = in[i].proto;
		assert_int_equal(judge(RULE_PORT_PROTO, &p, NULL), in[i].port_proto);
		assert_int_equal(judge(RULE_ICMP_PORTS, &p, NULL), in[i].icmp_ports);
	}
}

static void
ports_of_one_protocol(void **state)
{
	static const uint16_t tcp[] = {21, 22, 23, 25, 110, 143, 445, 3389};
	static const uint16_t udp[] = {67, 68, 69, 123, 161, 514, 1900, 5353};
	struct packet p = good_packet();

	(void)state;
	for (size_t i = 0; i < LEN(tcp); i++) {
		p.key.proto = PROTO_UDP;
		p.key.dst_port = tcp[i];
		assert_int_equal(judge(RULE_PORT_PROTO, &p, NULL), 'f');
		p.key.proto = PROTO_TCP;
		assert_int_equal(judge(RULE_PORT_PROTO, &p, NULL), 'p');
		p.key.dst_port = udp[i];
		assert_int_equal(judge(RULE_PORT_PROTO, &p, NULL), 'f');
		p.key.proto = PROTO_UDP;
		assert_int_equal(judge(RULE_PORT_PROTO, &p, NULL), 'p');
	}
}

static void
duration_and_times(void **state)
{
	struct flow f = good_flow();
	struct packet p = good_packet();

	(void)state;
	assert_int_equal(judge(RULE_DURATION, NULL, &f), 'p');
	f.dur_ns = 0;
	assert_int_equal(judge(RULE_DURATION, NULL, &f), 'f');
	f.n_pkts = 1;
	assert_int_equal(judge(RULE_DURATION, NULL, &f), 'p');
	f.dur_ns = 1;
	assert_int_equal(judge(RULE_DURATION, NULL, &f), 'f');
	f.t_start_ns = SPAN;
	assert_int_equal(judge(RULE_TIMES, NULL, &f), 'p');
	p.t_ns = SPAN + 1;
	assert_int_equal(judge(RULE_TIMES, &p, NULL), 'f');
	p.t_ns = INT64_MAX;
	assert_int_equal(judge(RULE_TIMES, &p, NULL), 'f');
}

static void
tcp_flags(void **state)
{
	static const struct {
		uint8_t proto;
		uint16_t flags, frag_off;
		char want;
	} in[] = {{PROTO_TCP, SYN, 0, 'p'}, {PROTO_TCP, SYN | ACK, 0, 'p'},
	    {PROTO_TCP, SYN | FIN, 0, 'f'}, {PROTO_TCP, SYN | RST | ACK, 0, 'f'},
	    {PROTO_TCP, FIN | RST, 0, 'p'}, {PROTO_TCP, 0, 0, 'f'},
	    {PROTO_TCP, 0, 7, '-'}, {PROTO_UDP, 0, 0, 'p'}, {PROTO_UDP, ACK, 0, 'f'}};
	struct packet p = good_packet();
	struct flow f = good_flow();

	(void)state;
	for (size_t i = 0; i < LEN(in); i++) {
		p.key.proto = in[i].proto;
		p.tcp_flags = in[i].flags;
		p.frag_off = in[i].frag_off;
		assert_int_equal(judge(RULE_TCP_FLAGS, &p, NULL), in[i].want);
	}
	f.tcp_flags = SYN | FIN;
	assert_int_equal(judge(RULE_TCP_FLAGS, NULL, &f), '-');
	f.key.proto = PROTO_UDP;
	assert_int_equal(judge(RULE_TCP_FLAGS, NULL, &f), 'f');
}

static void
fragments_and_ttl(void **state)
{
	static const struct {
		uint16_t frag_off;
		uint8_t flags;
		bool six;
		uint32_t len;
		char want;
	} in[] = {{0, DF, false, 40, '-'}, {0, MF, false, 44, 'p'},
	    {0, MF, false, 45, 'f'}, {0, MF, false, 20, 'f'},
	    {0, MF | DF, false, 44, 'f'}, {5, 0, false, 45, 'p'},
	    {8000, 0, false, 1535, 'p'}, {8000, 0, false, 1536, 'f'},
	    {0, MF, true, 56, 'p'}, {0, MF, true, 60, 'f'}, {8000, 0, true, 1583, 'p'},
	    {8000, 0, true, 1584, 'f'}};
	struct packet p;

	(void)state;
	for (size_t i = 0; i < LEN(in); i++) {
		p = good_packet();
		if (in[i].six)
			v6(&p.key);
		p.frag_off = in[i].frag_off;
		p.ip_flags = in[i].flags;
		p.ip_len = in[i].len;
		assert_int_equal(judge(RULE_FRAGMENTS, &p, NULL), in[i].want);
	}
	p.ttl = 0;
	assert_int_equal(judge(RULE_TTL, &p, NULL), 'f');
	assert_int_equal(judge(RULE_TTL, NULL, &(struct flow){0}), '-');
}

/* Ten good packets, one with two faults, one with one. */
static void
all_counts_records_once(void **state)
{
	struct trace *t = trace_new("all", NSR_PACKET);
	size_t applies[RULES], passes[RULES];
	struct tables tb;

	(void)state;
	tables_init(&tb);
	for (int i = 0; i < 12; i++) {
		struct packet p = good_packet();

		p.ttl = i < 10;
		p.ip_len = i == 11 ? 39 : 40;
		trace_add_packet(t, &tb, &p);
	}
	rules_share(t, &tb, 0, applies, passes);
	assert_int_equal(applies[RULE_TTL], 12);
	assert_int_equal(passes[RULE_TTL], 10);
	assert_int_equal(passes[RULE_MIN_LENGTH], 11);
	assert_int_equal(applies[RULE_ALL], 12);
	assert_int_equal(passes[RULE_ALL], 10);
	assert_true(fabs(rules_ratio(12, 10) - 10 / 12.0) < 1e-15);
	assert_true(isnan(rules_ratio(applies[RULE_SIZES], passes[RULE_SIZES])));
	trace_free(t);
	tables_free(&tb);
}

/* A source without TCP flags at all breaks nothing. */
static void
absent_flags_are_no_fault(void **state)
{
	struct trace *t = trace_new("bare", NSR_PACKET);
	size_t applies[RULES], passes[RULES];
	struct packet p = good_packet();
	struct tables tb;

	(void)state;
	tables_init(&tb);
	p.tcp_flags = 0;
	trace_add_packet(t, &tb, &p);
	rules_share(t, &tb, 0, applies, passes);
	assert_int_equal(applies[RULE_TCP_FLAGS], 0);
	assert_int_equal(passes[RULE_ALL], 1);
	trace_free(t);
	tables_free(&tb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(min_length),
	    cmocka_unit_test(ports),
	    cmocka_unit_test(ports_of_one_protocol),
	    cmocka_unit_test(duration_and_times),
	    cmocka_unit_test(tcp_flags),
	    cmocka_unit_test(fragments_and_ttl),
	    cmocka_unit_test(all_counts_records_once),
	    cmocka_unit_test(absent_flags_are_no_fault),
	};

	return cmocka_run_group_tests_name("eval_rules", tests, NULL, NULL);
}
