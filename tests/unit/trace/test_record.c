/* Tuples, addresses, protocols and labels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "trace/record.h"

static struct tuple
tuple(uint32_t src, uint32_t dst, uint16_t sp, uint16_t dp, uint8_t proto)
{
	struct tuple k = {.src_port = sp, .dst_port = dp, .proto = proto};

	addr_from_v4(k.src_ip, src);
	addr_from_v4(k.dst_ip, dst);
	return k;
}

static void
test_cmp(void **state)
{
	/* each one smaller than the next, by the next field in turn */
	const struct tuple k[] = {tuple(1, 9, 9, 9, 9), tuple(2, 1, 9, 9, 9),
	    tuple(2, 2, 1, 9, 9), tuple(2, 2, 256, 1, 9), tuple(2, 2, 256, 256, 1),
	    tuple(2, 2, 256, 256, 2)};
	size_t i, j;

	(void)state;
	for (i = 0; i < LEN(k); i++)
		for (j = 0; j < LEN(k); j++) {
			int d = tuple_cmp(&k[i], &k[j]);

			assert_int_equal((d > 0) - (d < 0), (i > j) - (i < j));
		}
}

/* The values are those of a second program, written from the comment alone: they decide
 * which part of a trace a flow belongs to, so they must not change. */
static void
test_hash(void **state)
{
	const struct tuple a = tuple(0xc0000201, 0xc6336402, 1234, 443, PROTO_TCP);
	struct tuple b = a;

	(void)state;
	assert_true(tuple_hash(&a) == UINT64_C(0x795c515b169242af));
	memset(&b, 0, sizeof b);
	assert_true(tuple_hash(&b) == UINT64_C(0xdf2953f710700a02));
}

static void
test_address(void **state)
{
	const uint8_t six[16] = {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0,
	    1};
	uint8_t a[16];
	char text[46];

	(void)state;
	addr_from_v4(a, 0xc0000201);
	assert_true(addr_is_v4(a));
	assert_int_equal(addr_to_v4(a), 0xc0000201);
	addr_text(a, text);
	assert_string_equal(text, "192.0.2.1");
	addr_text(six, text);
	assert_string_equal(text, "2001:db8::1:0:0:1"); /* RFC 5952 section 4.2.3 */
	assert_false(addr_is_v4(six));
}

static void
test_proto(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 256; i++)
		if (proto_name((uint8_t)i) != NULL)
			assert_int_equal(proto_number(proto_name((uint8_t)i)), i);
	assert_string_equal(proto_name(58), "IPV6-ICMP");
	assert_int_equal(proto_number("tcp"), 6);
	assert_int_equal(proto_number("Gre"), 47);
	assert_int_equal(proto_number("255"), 255);
	assert_int_equal(proto_number("256"), -1);
	assert_int_equal(proto_number(""), -1);
	assert_int_equal(proto_number("ARP"), -1);
	assert_int_equal(proto_number("6x"), -1);
	assert_true(proto_has_ports(PROTO_SCTP));
	assert_false(proto_has_ports(PROTO_ICMP));
}

static void
test_labels(void **state)
{
	struct labels l;
	char text[LABEL_TEXT_MAX + 2];
	int i;

	(void)state;
	labels_init(&l);
	assert_int_equal(labels_intern(&l, ""), 0);
	for (i = 1; i <= LABELS_MAX; i++) {
		snprintf(text, sizeof text, "label %d", i);
		assert_int_equal(labels_intern(&l, text), i);
	}
	assert_int_equal(labels_intern(&l, "one more"), -1);
	assert_int_equal(labels_intern(&l, "label 77"), 77);
	assert_string_equal(labels_text(&l, 77), "label 77");
	labels_free(&l);
	labels_init(&l);
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_int_equal(labels_intern(&l, text), -1);
	text[LABEL_TEXT_MAX] = '\0';
	assert_int_equal(labels_intern(&l, text), 1);
	assert_int_equal(labels_intern(&l, "a\nb"), -1);
	assert_string_equal(labels_text(&l, 9), "");
	labels_free(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cmp),
	    cmocka_unit_test(test_hash),
	    cmocka_unit_test(test_address),
	    cmocka_unit_test(test_proto),
	    cmocka_unit_test(test_labels),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
