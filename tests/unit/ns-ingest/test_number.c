/* Numbers in text: exact, or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-ingest/number.h"
#include "base/mem.h"
#include "trace/record.h"

static int64_t
scaled(const char *text, int shift)
{
	int64_t v = -1;

	assert_int_equal(number_scaled(text, shift, &v), NUMBER_OK);
	return v;
}

static void
test_scaled(void **state)
{
	int64_t v;

	(void)state;
	assert_true(scaled("1458298072364000.0", 3) == INT64_C(1458298072364000000));
	assert_true(scaled("305.63599999999997", 9) == INT64_C(305636000000));
	assert_true(scaled("1.458298072364e+15", 3) == INT64_C(1458298072364000000));
	assert_true(scaled("1521118773.289502123", 9) == INT64_C(1521118773289502123));
	assert_true(scaled(".0000000005", 9) == 1);
	assert_true(scaled(".00000000049", 9) == 0);
	assert_true(scaled("-.0000000005", 9) == -1);
	assert_true(scaled("-2.5", 0) == -3);
	assert_true(scaled("9223372036854775807", 0) == INT64_MAX);
	assert_true(scaled("0e400", 9) == 0);
	assert_true(scaled("1e-399", 9) == 0);
	assert_true(scaled("+7", 0) == 7);
	assert_true(scaled("000000000000000000000000000012", 0) == 12);
	assert_int_equal(number_scaled("9223372036854775807.5", 0, &v), NUMBER_RANGE);
	assert_int_equal(number_scaled("9223372036854775808", 0, &v), NUMBER_RANGE);
	assert_int_equal(number_scaled("18446744073709551615.5", 0, &v), NUMBER_RANGE);
	assert_int_equal(number_scaled("1e300", 0, &v), NUMBER_RANGE);
	assert_int_equal(number_scaled("11573384332", 9, &v), NUMBER_RANGE);
}

static void
test_bad(void **state)
{
	static const char *const bad[] = {"", ".", "-", "+", "x12", "12x", "1e", "1e+",
	    "1.2.3", "0x10", " 1", "1 ", "nan", "inf", "1,5", "--1", "1e5.0"};
	uint8_t a[16];
	uint64_t u;
	int64_t v;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(bad); i++) {
		assert_int_equal(number_scaled(bad[i], 0, &v), NUMBER_BAD);
		assert_int_equal(number_whole(bad[i], UINT64_MAX, &u), NUMBER_BAD);
		assert_int_equal(number_address(bad[i], a), NUMBER_BAD);
	}
}

static void
test_whole(void **state)
{
	uint64_t u;

	(void)state;
	assert_int_equal(number_whole("62.0", 100, &u), NUMBER_OK);
	assert_int_equal(u, 62);
	assert_int_equal(number_whole("1.5e1", 100, &u), NUMBER_OK);
	assert_int_equal(u, 15);
	assert_int_equal(number_whole("-0", 100, &u), NUMBER_OK);
	assert_int_equal(number_whole("-1", 100, &u), NUMBER_RANGE);
	assert_int_equal(number_whole("101", 100, &u), NUMBER_RANGE);
	assert_int_equal(number_whole("62.5", 100, &u), NUMBER_FRACTION);
	assert_int_equal(number_whole("1e-1", 100, &u), NUMBER_FRACTION);
	assert_int_equal(number_whole("18446744073709551615", UINT64_MAX, &u),
	    NUMBER_OK);
	assert_true(u == UINT64_MAX);
	assert_int_equal(number_whole("18446744073709551616", UINT64_MAX, &u),
	    NUMBER_RANGE);
}

static void
check_address(const char *number, const char *text)
{
	uint8_t a[16];
	char got[46];

	assert_int_equal(number_address(number, a), NUMBER_OK);
	addr_text(a, got);
	assert_string_equal(got, text);
}

static void
test_address(void **state)
{
	uint8_t a[16];

	(void)state;
	check_address("1730436467", "103.36.93.115");
	check_address("4294967295.0", "255.255.255.255");
	check_address("42540766411282592856903984951653826561", "2001:db8::1");
	check_address("340282366920938463463374607431768211455",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	assert_int_equal(number_address("340282366920938463463374607431768211456", a),
	    NUMBER_RANGE);
	assert_int_equal(number_address("-1", a), NUMBER_RANGE);
	assert_int_equal(number_address("1.5", a), NUMBER_FRACTION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_scaled),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_address),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
