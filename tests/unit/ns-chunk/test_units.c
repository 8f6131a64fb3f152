/* Which unit a record belongs to, and the numbers of units. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-chunk/chunk.h"
#include "base/rng.h"

static void
random_packet(struct packet *p, struct rng *r, uint32_t hosts, uint32_t ports)
{
	memset(p, 0, sizeof *p);
	addr_from_v4(p->key.src_ip, 0x0a000000 + rng_below(r, hosts));
	addr_from_v4(p->key.dst_ip, 0x0a000000 + rng_below(r, hosts));
	p->key.src_port = (uint16_t)(rng_below(r, ports) * 257);
	p->key.dst_port = (uint16_t)(rng_below(r, ports) * 257);
	p->key.proto = rng_below(r, 2) ? PROTO_TCP : PROTO_UDP;
	p->t_ns = rng_below(r, 100);
	p->ip_len = 40;
}

static bool
one_unit(enum unit_kind u, const struct tuple *a, const struct tuple *b)
{
	struct tuple back = tuple_reverse(b);

	if (u == UNIT_SRC_IP)
		return memcmp(a->src_ip, b->src_ip, 16) == 0;
	return tuple_cmp(a, b) == 0 || tuple_cmp(a, &back) == 0;
}

static void
make_rec(struct flow_rec *rec, enum unit_kind u, const struct packet *p)
{
	uint8_t key[UNIT_KEY];

	memset(rec, 0, sizeof *rec);
	packet_put(rec->record, p);
	unit_key(u, record_tuple(rec->record, false), key);
	rec->hash = unit_hash(key);
}

/* Few hosts and ports, so that equal, reverse and own five-tuples come often. */
static void
against_tuples(enum unit_kind u)
{
	extsort_cmp *order = unit_order(u, false);
	uint8_t ka[UNIT_KEY], kb[UNIT_KEY];
	struct packet pa, pb;
	struct flow_rec a, b;
	bool one, same_flow;
	struct rng r;
	int i, c;

	rng_init(&r, 8, u);
	for (i = 0; i < 200000; i++) {
		random_packet(&pa, &r, 3, 3);
		random_packet(&pb, &r, 3, 3);
		make_rec(&a, u, &pa);
		make_rec(&b, u, &pb);
		unit_key(u, record_tuple(a.record, false), ka);
		unit_key(u, record_tuple(b.record, false), kb);
		one = one_unit(u, &pa.key, &pb.key);
		same_flow = tuple_cmp(&pa.key, &pb.key) == 0;
		assert_int_equal(one, memcmp(ka, kb, sizeof ka) == 0);
		assert_true(!one || a.hash == b.hash);
		c = order(&a, &b);
		assert_true((c < 0) == (order(&b, &a) > 0));
		if (same_flow)
			assert_int_equal((c > 0) - (c < 0),
			    (pa.t_ns > pb.t_ns) - (pa.t_ns < pb.t_ns));
		else
			assert_true(c != 0);
	}
}

static void
test_keys(void **state)
{
	(void)state;
	against_tuples(UNIT_FLOW);
	against_tuples(UNIT_SRC_IP);
}

/* Sorted, the records of a unit are together, and in it those of a flow. */
static void
test_order(void **state)
{
	enum { N = 3000 };
	struct flow_rec *rec = calloc(N, sizeof *rec);
	struct packet *p = calloc(N, sizeof *p);
	uint8_t(*ended)[UNIT_KEY] = calloc(N, sizeof *ended), key[UNIT_KEY];
	uint8_t last[UNIT_KEY] = {0};
	size_t i, k, n = 0;
	struct rng r;

	(void)state;
	rng_init(&r, 9, 0);
	for (i = 0; i < N; i++) {
		random_packet(&p[i], &r, 6, 4);
		make_rec(&rec[i], UNIT_FLOW, &p[i]);
		rec[i].hash = 0; /* as if all hashes were equal */
	}
	qsort(rec, N, sizeof *rec, unit_order(UNIT_FLOW, false));
	for (i = 0; i < N; i++) {
		unit_key(UNIT_FLOW, record_tuple(rec[i].record, false), key);
		if (i > 0 && memcmp(key, last, sizeof key) == 0)
			continue;
		for (k = 0; k < n; k++)
			assert_memory_not_equal(ended[k], key, sizeof key);
		memcpy(ended[n++], key, sizeof key);
		memcpy(last, key, sizeof key);
	}
	assert_true(n > 100);
	free(rec);
	free(p);
	free(ended);
}

/* Equal hashes, and those that the pushed ones reach, have numbers of their own. */
static void
test_numbers(void **state)
{
	static const uint64_t hash[] = {0, 0, 3, 4, 8, 9, 4000, UINT64_MAX, UINT64_MAX};
	struct unit_numbers n = {.any = false};
	uint64_t last = 0, number;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof hash / sizeof *hash; i++) {
		number = unit_number(&n, hash[i]);
		assert_true(number < UNIT_END);
		assert_true(i == 0 || number > last);
		if (hash[i] == 4000)
			assert_true(number == 1000);
		last = number;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests_name("ns-chunk/units", tests, NULL, NULL);
}
