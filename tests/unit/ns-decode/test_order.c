/* Order of time with equal times as they came, and the sequence numbers of TCP flows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-decode/decode.h"
#include "base/mem.h"
#include "base/rng.h"

#define FLOWS 300

static void
packet_of(struct packet *p, uint32_t flow, int64_t t, uint32_t len, int flags)
{
	memset(p, 0, sizeof *p);
	p->t_ns = t;
	addr_from_v4(p->key.src_ip, 0x0a000000 + flow);
	addr_from_v4(p->key.dst_ip, 0x0a000000);
	p->key.src_port = 1000;
	p->key.dst_port = 80;
	p->key.proto = flow % 5 == 0 ? PROTO_UDP : PROTO_TCP;
	p->ip_len = len;
	p->tcp_flags = (uint16_t)flags;
}

/* Random packets out of order; each TCP flow counts its own bytes. */
static void
check_order(size_t n, bool sequences, size_t memory)
{
	struct order *o = order_new(false, sequences, memory);
	uint32_t next[FLOWS] = {0}, flow;
	bool seen[FLOWS] = {false};
	const struct item *i;
	struct ns_err e;
	struct packet p;
	struct rng rng;
	uint64_t last_order = 0;
	int64_t last = INT64_MIN;
	size_t k;
	int rc;

	rng_init(&rng, n, 0);
	for (k = 0; k < n; k++) {
		packet_of(&p, rng_below(&rng, FLOWS), rng_below(&rng, 5000),
		    20 + rng_below(&rng, 100), (int)rng_below(&rng, 64));
		assert_int_equal(order_put_packet(o, &p, &e), NS_OK);
	}
	assert_int_equal(order_start(o, &e), NS_OK);
	for (k = 0; (rc = order_next(o, &i, &e)) > 0; k++) {
		assert_true(i->u.packet.t_ns >= last);
		assert_true(i->u.packet.t_ns > last || i->order > last_order);
		last = i->u.packet.t_ns;
		last_order = i->order;
		flow = addr_to_v4(i->u.packet.key.src_ip) - 0x0a000000;
		if (!sequences || i->u.packet.key.proto != PROTO_TCP)
			continue;
		if (!seen[flow])
			next[flow] = frame_seq_first(&i->u.packet.key);
		seen[flow] = true;
		assert_int_equal(i->seq, next[flow]);
		next[flow] += frame_seq_len(&i->u.packet);
	}
	assert_int_equal(rc, 0);
	assert_int_equal(k, n);
	order_free(o);
}

static void
by_time(void **state)
{
	(void)state;
	check_order(0, false, 1 << 20);
	check_order(1, true, 1 << 20);
	check_order(3000, false, 64 << 20);
	check_order(3000, true, 64 << 20);
	check_order(60000, true, 1 << 20);
}

static void
sequence_lengths(void **state)
{
	struct packet p;

	(void)state;
	packet_of(&p, 1, 0, 40, 0);
	assert_int_equal(frame_seq_len(&p), 0);
	packet_of(&p, 1, 0, 40, 2);
	assert_int_equal(frame_seq_len(&p), 1);
	packet_of(&p, 1, 0, 140, 16 | 1);
	assert_int_equal(frame_seq_len(&p), 101);
	packet_of(&p, 1, 0, 25, 16);
	assert_int_equal(frame_seq_len(&p), 0);
	packet_of(&p, 1, 0, 140, 16);
	p.frag_off = 10;
	assert_int_equal(frame_seq_len(&p), 0);
	memset(p.key.src_ip, 1, 16);
	memset(p.key.dst_ip, 1, 16);
	p.frag_off = 0;
	assert_int_equal(frame_seq_len(&p), 80);
	p.ip_id = 1;
	assert_int_equal(frame_seq_len(&p), 72);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_time),
	    cmocka_unit_test(sequence_lengths),
	};

	return cmocka_run_group_tests_name("ns-decode order", tests, NULL, NULL);
}
