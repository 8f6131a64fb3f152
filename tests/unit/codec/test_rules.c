/* Rules of packet lengths: repairs of what is generated, never of what was seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "codec/shared/rules.h"
#include "trace/header.h"

enum { MF = 1 };

static struct packet
v6_packet(uint8_t proto, uint8_t type, uint32_t len)
{
	struct packet p = {0};

	p.key.src_ip[0] = p.key.dst_ip[0] = 0x20;
	p.key.proto = proto;
	p.icmp_type = type;
	p.ip_len = len;
	return p;
}

static uint32_t
mended(const struct rules *r, struct packet p)
{
	uint32_t was = p.ip_len;
	unsigned changes = rules_mend_packet(r, &p);

	assert_int_equal(changes, p.ip_len != was);
	return p.ip_len;
}

static void
test_units(void **state)
{
	struct rules r;

	(void)state;
	rules_init(&r);
	/* A neighbour solicitation has 24 bytes and options of 8. */
	assert_int_equal(mended(&r, v6_packet(PROTO_ICMP6, 135, 40)), 64);
	assert_int_equal(mended(&r, v6_packet(PROTO_ICMP6, 135, 64)), 64);
	assert_int_equal(mended(&r, v6_packet(PROTO_ICMP6, 135, 65)), 72);
	assert_int_equal(mended(&r, v6_packet(PROTO_ICMP6, 135, 72)), 72);
	assert_int_equal(mended(&r, v6_packet(PROTO_ICMP6, 135, 9000)), 64 + 255 * 8);
	assert_int_equal(mended(&r, v6_packet(PROTO_ICMP6, 128, 65)), 65);
	assert_int_equal(mended(&r, v6_packet(PROTO_ICMP6, 143, 69)), 72);
	assert_int_equal(mended(&r, v6_packet(PROTO_SCTP, 0, 53)), 56);
	assert_int_equal(mended(&r, v6_packet(PROTO_SCTP, 0, 65575)), 65572);
	assert_int_equal(mended(&r, v6_packet(47, 0, 40)), 41);
	assert_int_equal(mended(&r, v6_packet(59, 0, 40)), 40);
}

/* One packet that does not obey keeps the rule from its protocol, not from others. */
static void
test_seen(void **state)
{
	struct packet odd = v6_packet(PROTO_SCTP, 0, 53), bare = v6_packet(47, 0, 40);
	struct rules r;

	(void)state;
	rules_init(&r);
	rules_see_packet(&r, &odd.key, &odd);
	rules_see_packet(&r, &bare.key, &bare);
	assert_true(r.off[RULE_LEN_UNIT][PROTO_SCTP]);
	assert_false(r.off[RULE_LEN_MIN][PROTO_SCTP]);
	assert_int_equal(mended(&r, odd), 53);
	assert_int_equal(mended(&r, bare), 40);
	assert_int_equal(mended(&r, v6_packet(PROTO_ICMP6, 135, 65)), 72);
}

static struct packet
random_packet(struct rng *r)
{
	static const uint8_t protos[] = {PROTO_SCTP, PROTO_ICMP6, 47, 59};
	struct packet p = v6_packet(protos[rng_below(r, 4)], 0, 0);

	if (p.key.proto == PROTO_ICMP6)
		p.icmp_type = (uint8_t)(128 + rng_below(r, 20));
	if (rng_below(r, 4) == 0)
		p.ip_flags = MF;
	p.ip_len = 40 + rng_below(r, rng_below(r, 8) == 0 ? 65536 : 200);
	return p;
}

/* Whatever is seen comes back; and with nothing seen all comes out well-formed. */
static void
test_no_change(void **state)
{
	struct rules none, some;
	struct packet p;
	struct rng rng;
	int i;

	(void)state;
	rng_init(&rng, 1, 0);
	rules_init(&none);
	for (i = 0; i < 100000; i++) {
		p = random_packet(&rng);
		rules_init(&some);
		rules_see_packet(&some, &p.key, &p);
		assert_int_equal(rules_mend_packet(&some, &p), 0);
		rules_mend_packet(&none, &p);
		assert_true(p.ip_len >= header_min_len(&p));
		assert_true(p.ip_len <= header_max_len(&p));
		assert_int_equal((p.ip_len - header_min_len(&p)) % header_len_unit(&p),
		    0);
		assert_int_equal(rules_mend_packet(&none, &p), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_units),
	    cmocka_unit_test(test_seen),
	    cmocka_unit_test(test_no_change),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
