/* Positions that were drawn among all, among those that are wanted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ar/places.h"
#include "base/le.h"

enum { POS = 3 };

static uint32_t
put(const struct places *p, uint16_t code, uint32_t at)
{
	const uint16_t attr[] = {7, code};
	uint8_t rec[POS + 5];
	float pos;

	memset(rec, 0xa5, sizeof rec);
	put_lef32(rec + POS, (float)at / START_PLACES);
	places_put(p, attr, rec);
	assert_true(rec[POS - 1] == 0xa5 && rec[POS + 4] == 0xa5);
	pos = get_lef32(rec + POS);
	assert_true(pos >= 0 && pos < 1);
	return (uint32_t)(pos * START_PLACES);
}

static void
within_the_part(void **state)
{
	const struct places p = {.windowed = true,
	    .symbol = 1,
	    .pos = POS,
	    .at = {.first = {0, 12345, START_PLACES - 1, 77},
		.n = {START_PLACES, 1000, 1, 3}}};
	const uint32_t last = START_PLACES - 1;
	uint32_t at, before;

	(void)state;
	for (at = 0; at < START_PLACES; at += 999)
		assert_int_equal(put(&p, 0, at), at);
	assert_int_equal(put(&p, 0, last), last);
	for (at = 0, before = 12345; at < START_PLACES; at += 9999) {
		assert_in_range(put(&p, 1, at), before, before + 1);
		before = put(&p, 1, at);
	}
	assert_int_equal(put(&p, 1, last), 12345 + 999);
	assert_int_equal(put(&p, 2, 0), last);
	assert_int_equal(put(&p, 2, last), last);
	assert_int_equal(put(&p, 3, START_PLACES / 3), 77);
	assert_int_equal(put(&p, 3, START_PLACES / 3 + 1), 78);
	assert_int_equal(put(&p, 3, last), 79);
}

static void
parts(void **state)
{
	const struct places p = {.at = {.n = {START_PLACES, START_PLACES / 2, 1}}};

	(void)state;
	assert_true(places_part(&p, 0) == 1);
	assert_true(places_part(&p, 1) == (real).5);
	assert_true(places_part(&p, 2) * START_PLACES == 1);
	assert_true(places_part(&p, 3) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(within_the_part),
	    cmocka_unit_test(parts),
	};

	return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
