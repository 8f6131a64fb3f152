/* From frames of each link type to the packet in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-ingest/link.h"
#include "base/le.h"
#include "base/mem.h"

/* A frame being put together. */
struct bytes {
	uint8_t p[256];
	size_t n;
};

static void
add(struct bytes *b, const void *p, size_t n)
{
	assert_true(b->n + n <= sizeof b->p);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void
add16(struct bytes *b, uint16_t v)
{
	uint8_t p[2];

	put_be16(p, v);
	add(b, p, 2);
}

/* UDP from port 1000 to port 53. */
static void
add_v4(struct bytes *b)
{
	static const uint8_t p[28] = {0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 192, 0,
	    2, 1, 192, 0, 2, 2, 0x03, 0xe8, 0, 53, 0, 8, 0, 0};

	add(b, p, sizeof p);
}

static void
add_v6(struct bytes *b)
{
	uint8_t p[48] = {0x60, 0, 0, 0, 0, 8, 17, 64, 0x20, 1};

	p[24] = 0x20;
	put_be16(p + 40, 1000);
	put_be16(p + 42, 53);
	add(b, p, sizeof p);
}

static enum skip
decode(uint32_t link, const struct bytes *b, size_t n, struct packet *p)
{
	uint8_t *exact = xmalloc(n);
	enum skip s;

	memcpy(exact, b->p, n);
	s = link_packet(link, exact, n, (uint32_t)n, p);
	free(exact);
	return s;
}

/* The whole frame is the packet; every shorter one is cut somewhere. */
static void
check_frame(uint32_t link, const struct bytes *b, bool v4)
{
	struct packet p;
	size_t n;

	assert_int_equal(decode(link, b, b->n, &p), SKIP_NONE);
	assert_int_equal(tuple_is_v4(&p.key), v4);
	assert_int_equal(p.key.dst_port, 53);
	assert_int_equal(p.ip_len, v4 ? 28 : 48);
	for (n = 0; n < b->n - 4; n++)
		assert_int_not_equal(decode(link, b, n, &p), SKIP_NONE);
}

static void
ethernet(struct bytes *b, uint16_t type)
{
	static const uint8_t addresses[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};

	b->n = 0;
	add(b, addresses, 12);
	add16(b, type);
}

static void
test_ethernet(void **state)
{
	struct bytes b;

	(void)state;
	ethernet(&b, 0x0800);
	add_v4(&b);
	check_frame(1, &b, true);
	ethernet(&b, 0x86dd);
	add_v6(&b);
	check_frame(1, &b, false);
}

static void
test_vlan(void **state)
{
	static const uint16_t outer[] = {0x8100, 0x88a8, 0x9100};
	struct bytes b;
	struct packet p;
	size_t i;
	int depth;

	(void)state;
	for (i = 0; i < LEN(outer); i++) {
		ethernet(&b, outer[i]);
		add16(&b, 7);
		add16(&b, 0x8100);
		add16(&b, 8);
		add16(&b, 0x86dd);
		add_v6(&b);
		check_frame(1, &b, false);
	}
	ethernet(&b, 0x8100);
	for (depth = 0; depth < LINK_VLAN_MAX; depth++) {
		add16(&b, 1);
		add16(&b, depth + 1 < LINK_VLAN_MAX ? 0x8100 : 0x0800);
	}
	add_v4(&b);
	check_frame(1, &b, true);
	ethernet(&b, 0x8100);
	for (depth = 0; depth < 50; depth++) {
		add16(&b, 1);
		add16(&b, 0x8100);
	}
	assert_int_equal(decode(1, &b, b.n, &p), SKIP_VLAN_DEPTH);
}

static void
test_others(void **state)
{
	static const struct {
		uint16_t type;
		enum skip why;
	} t[] = {{0x0806, SKIP_ARP}, {0x8847, SKIP_MPLS}, {0x8848, SKIP_MPLS},
	    {0x8863, SKIP_PPPOE}, {0x8864, SKIP_PPPOE}, {100, SKIP_LLC},
	    {1500, SKIP_LLC}, {0x88cc, SKIP_NON_IP},
	    {0x86dd, (enum skip)(SKIP_HEADER + HEADER_IP_VERSION)}};
	struct packet p;
	struct bytes b;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(t); i++) {
		ethernet(&b, t[i].type);
		add_v4(&b);
		assert_int_equal(decode(1, &b, b.n, &p), t[i].why);
	}
}

static void
test_raw(void **state)
{
	static const uint32_t any[] = {12, 14, 101};
	struct packet p;
	struct bytes four = {.n = 0}, six = {.n = 0};
	size_t i;

	(void)state;
	add_v4(&four);
	add_v6(&six);
	for (i = 0; i < LEN(any); i++) {
		check_frame(any[i], &four, true);
		check_frame(any[i], &six, false);
	}
	check_frame(228, &four, true);
	check_frame(229, &six, false);
	assert_int_equal(decode(228, &six, six.n, &p), SKIP_HEADER + HEADER_IP_VERSION);
	assert_int_equal(decode(229, &four, four.n, &p),
	    SKIP_HEADER + HEADER_IP_VERSION);
	assert_int_equal(decode(105, &four, four.n, &p), SKIP_LINK_TYPE);
	assert_false(link_known(105));
}

static void
test_cooked(void **state)
{
	const uint8_t one[14] = {0, 0, 0, 1, 0, 6}, two[18] = {0, 0, 0, 0, 0, 1};
	struct packet p;
	struct bytes b = {.n = 0};

	(void)state;
	add(&b, one, 14);
	add16(&b, 0x0800);
	add_v4(&b);
	check_frame(113, &b, true);
	b.n = 0;
	add(&b, one, 14);
	add16(&b, 0x8100);
	add16(&b, 5);
	add16(&b, 0x86dd);
	add_v6(&b);
	check_frame(113, &b, false);
	b.n = 0;
	add16(&b, 0x86dd);
	add(&b, two, 18);
	add_v6(&b);
	check_frame(276, &b, false);
	put_be16(b.p, 4);
	assert_int_equal(decode(276, &b, b.n, &p), SKIP_LLC);
}

static void
test_loopback(void **state)
{
	static const uint8_t six[] = {10, 24, 28, 30};
	struct packet p;
	struct bytes b;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(six); i++) {
		b.n = 4;
		put_le32(b.p, six[i]);
		add_v6(&b);
		check_frame(0, &b, false);
		put_be32(b.p, six[i]);
		check_frame(0, &b, false);
		check_frame(108, &b, false);
	}
	b.n = 4;
	put_be32(b.p, 2);
	add_v4(&b);
	check_frame(0, &b, true);
	put_be32(b.p, 7);
	assert_int_equal(decode(0, &b, b.n, &p), SKIP_NON_IP);
}

static void
test_tally(void **state)
{
	struct tally t = {.skipped[SKIP_ARP] = 2, .skipped[SKIP_MPLS] = 10};
	char text[1000], small[12];
	int i;

	(void)state;
	t.skipped[SKIP_HEADER + HEADER_L4_CUT] = 2;
	tally_text(&t, text, sizeof text);
	assert_string_equal(text, "mpls 10, arp 2, l4_cut 2");
	assert_int_equal(tally_skipped(&t), 14);
	tally_text(&t, small, sizeof small);
	for (i = 0; i < SKIP_REASONS; i++)
		t.skipped[i] = UINT64_MAX / SKIP_REASONS;
	tally_text(&t, text, sizeof text);
	assert_true(strlen(text) < sizeof text - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ethernet),
	    cmocka_unit_test(test_vlan),
	    cmocka_unit_test(test_others),
	    cmocka_unit_test(test_raw),
	    cmocka_unit_test(test_cooked),
	    cmocka_unit_test(test_loopback),
	    cmocka_unit_test(test_tally),
	};

	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
