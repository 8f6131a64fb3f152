/* The alphabets of numbers of steps: no gap, no overlap, no code too many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/ar/counts.h"
#include "tensor/tensor.h"

/* Codes one behind the other cover 1 .. TENSOR_STEPS_MAX; those behind are not used. */
static void
ranges_tile(void **state)
{
	uint32_t next = 1, lo, hi;
	int c, used = 0;

	(void)state;
	for (c = 0; c < LENGTH_CODES; c++) {
		length_range(c, &lo, &hi);
		if (next > TENSOR_STEPS_MAX) {
			assert_int_equal(lo, 0);
			continue;
		}
		assert_int_equal(lo, next);
		assert_true(hi >= lo && hi <= TENSOR_STEPS_MAX);
		assert_true(lo < 96 ? hi == lo : hi - lo < lo / 16);
		next = hi + 1;
		used++;
	}
	assert_true(next == TENSOR_STEPS_MAX + 1);
	assert_true(used < LENGTH_CODES);
}

static void
lengths_are_in_the_ranges_of_their_codes(void **state)
{
	uint32_t lo[LENGTH_CODES], hi[LENGTH_CODES], n;
	int c;

	(void)state;
	for (c = 0; c < LENGTH_CODES; c++)
		length_range(c, &lo[c], &hi[c]);
	for (n = 1; n <= TENSOR_STEPS_MAX; n++) {
		c = length_code(n);
		assert_true(c >= 0 && c < LENGTH_CODES);
		assert_true(lo[c] <= n && n <= hi[c]);
		assert_true(n > 96 || c == (int)n - 1);
	}
}

/* Every number up to the longest series, done or left; codes go up one by one. */
static void
places_go_up(void **state)
{
	uint32_t n, first = 0;
	int c, last = 0;

	(void)state;
	assert_int_equal(place_code(0), 0);
	for (n = 1; n <= TENSOR_STEPS_MAX; n++) {
		c = place_code(n);
		assert_true(c == last || c == last + 1);
		assert_true(n > 24 || c == (int)n);
		if (c == last)
			assert_true(n - first < first * 2 / 5);
		else
			first = n;
		last = c;
	}
	assert_true(last < PLACE_CODES);
}

/* What models that are stored count on. */
static void
codes_stay_as_they_are(void **state)
{
	const uint32_t n[] = {96, 101, 102, 1000, 65536, 1 << 20};
	const int length[] = {95, 95, 96, 134, 203, 249};
	const int place[] = {28, 28, 28, 35, 47, 55};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof n / sizeof n[0]; i++) {
		assert_int_equal(length_code(n[i]), length[i]);
		assert_int_equal(place_code(n[i]), place[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ranges_tile),
	    cmocka_unit_test(lengths_are_in_the_ranges_of_their_codes),
	    cmocka_unit_test(places_go_up),
	    cmocka_unit_test(codes_stay_as_they_are),
	};

	return cmocka_run_group_tests_name("counts of steps", tests, NULL, NULL);
}
