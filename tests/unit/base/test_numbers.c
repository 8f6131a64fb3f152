/* Known answers of the generator and the checksum, and the statistics of the draws. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crc32c.h"
#include "base/rng.h"

/* Random123's kat_vectors for philox4x32, 10 rounds. */
static void
philox_known_answers(void **state)
{
	static const uint32_t in[3][6] = {{0}, {~0u, ~0u, ~0u, ~0u, ~0u, ~0u},
	    {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0}};
	static const uint32_t want[3][4] = {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c,
						0x9b00dbd8},
	    {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
	    {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}};
	uint32_t out[4];
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		philox4x32(out, in[i], in[i] + 4);
		assert_memory_equal(out, want[i], sizeof out);
	}
}

/* RFC 3720 appendix B.4, and the check value of the CRC catalogue. */
static void
crc_known_answers(void **state)
{
	uint8_t b[32];
	int i;

	(void)state;
	memset(b, 0, sizeof b);
	assert_int_equal(crc32c(0, b, 32), 0x8a9136aa);
	memset(b, 0xff, sizeof b);
	assert_int_equal(crc32c(0, b, 32), 0x62a8ab43);
	for (i = 0; i < 32; i++)
		b[i] = (uint8_t)i;
	assert_int_equal(crc32c(0, b, 32), 0x46dd794e);
	assert_int_equal(crc32c(crc32c(0, b, 11), b + 11, 21), 0x46dd794e);
	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
	assert_int_equal(crc32c_by_table(0, "123456789", 9), 0xe3069283);
}

/* Any length, from any address, in parts. */
static void
crc_both_ways(void **state)
{
	uint8_t b[300];
	uint32_t crc;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof b; i++)
		b[i] = (uint8_t)(i * i + 7 * i);
	for (n = 0; n <= 256; n++) {
		crc = crc32c_by_table(1, b + n % 9, n);
		assert_int_equal(crc32c(1, b + n % 9, n), crc);
		crc = crc32c(1, b + n % 9, n / 3);
		crc = crc32c(crc, b + n % 9 + n / 3, n - n / 3);
		assert_int_equal(crc32c_by_table(1, b + n % 9, n), crc);
	}
}

static void
streams_differ_and_repeat(void **state)
{
	struct rng a, b, c;
	int i, same = 0;

	(void)state;
	rng_init(&a, 7, 1);
	rng_init(&b, 7, 1);
	rng_init(&c, 7, 2);
	for (i = 0; i < 1000; i++) {
		uint32_t v = rng_u32(&a);

		assert_int_equal(v, rng_u32(&b));
		same += v == rng_u32(&c);
	}
	assert_true(same <= 1);
}

static void
draws_have_their_moments(void **state)
{
	double u = 0, n1 = 0, n2 = 0, v;
	int count[10] = {0}, i;
	struct rng r;

	(void)state;
	rng_init(&r, 3, 0);
	for (i = 0; i < 200000; i++) {
		u += rng_uniform(&r);
		v = rng_normal(&r);
		n1 += v;
		n2 += v * v;
		count[rng_below(&r, 10)]++;
	}
	assert_true(fabs(u / 200000 - .5) < .003);
	assert_true(fabs(n1 / 200000) < .01);
	assert_true(fabs(n2 / 200000 - 1) < .02);
	for (i = 0; i < 10; i++)
		assert_in_range(count[i], 19300, 20700);
}

static void
shuffle_is_a_permutation(void **state)
{
	uint32_t v[500], seen[500] = {0}, i;
	struct rng r;

	(void)state;
	for (i = 0; i < 500; i++)
		v[i] = i;
	rng_init(&r, 1, 1);
	rng_shuffle(&r, v, 500);
	for (i = 0; i < 500; i++)
		seen[v[i]]++;
	for (i = 0; i < 500; i++)
		assert_int_equal(seen[i], 1);
}

/* Many at once are the same numbers, wherever they start; the counter carries over. */
static void
filled_as_drawn(void **state)
{
	uint32_t v[100];
	struct rng a, b;
	int n, i;

	(void)state;
	for (n = 0; n < 100; n++) {
		rng_init(&a, 1, 2);
		a.ctr[0] = UINT32_MAX - 5;
		b = a;
		for (i = 0; i < n % 7; i++)
			assert_int_equal(rng_u32(&a), rng_u32(&b));
		rng_fill(&a, v, (size_t)n);
		for (i = 0; i < n; i++)
			assert_int_equal(v[i], rng_u32(&b));
		assert_int_equal(rng_u32(&a), rng_u32(&b));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(philox_known_answers),
	    cmocka_unit_test(filled_as_drawn),
	    cmocka_unit_test(crc_known_answers),
	    cmocka_unit_test(crc_both_ways),
	    cmocka_unit_test(streams_differ_and_repeat),
	    cmocka_unit_test(draws_have_their_moments),
	    cmocka_unit_test(shuffle_is_a_permutation),
	};

	return cmocka_run_group_tests_name("base/numbers", tests, NULL, NULL);
}
