/*
 * Streams of random bytes: the key stream of RFC 8439, in any pieces.  Catches: a
 * counter that starts over at 2^32 blocks, one stream for two purposes or rounds, bytes
 * that depend on where a piece begins.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "dp/noise/noise.h"

static void
counting_key(struct dp_key *k)
{
	int i;

	for (i = 0; i < DP_KEY_BYTES; i++)
		k->byte[i] = (uint8_t)i;
}

/* Section 2.3.2: the nonce's 00 00 00 09 are purpose and upper bits of the block. */
static const uint8_t block_232[64] = {0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15,
    0x50, 0x0f, 0xdd, 0x1f, 0xa3, 0x20, 0x71, 0xc4, 0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0,
    0x68, 0x03, 0x04, 0x22, 0xaa, 0x9a, 0xc3, 0xd4, 0x6c, 0x4e, 0xd2, 0x82, 0x64, 0x46,
    0x07, 0x9f, 0xaa, 0x09, 0x14, 0xc2, 0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2, 0xb5, 0x12,
    0x9c, 0xd1, 0xde, 0x16, 0x4e, 0xb9, 0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e};

/* Section 2.4.2, from block 1 on. */
static const uint8_t stream_242[114] = {0x22, 0x4f, 0x51, 0xf3, 0x40, 0x1b, 0xd9, 0xe1,
    0x2f, 0xde, 0x27, 0x6f, 0xb8, 0x63, 0x1d, 0xed, 0x8c, 0x13, 0x1f, 0x82, 0x3d, 0x2c,
    0x06, 0xe2, 0x7e, 0x4f, 0xca, 0xec, 0x9e, 0xf3, 0xcf, 0x78, 0x8a, 0x3b, 0x0a, 0xa3,
    0x72, 0x60, 0x0a, 0x92, 0xb5, 0x79, 0x74, 0xcd, 0xed, 0x2b, 0x93, 0x34, 0x79, 0x4c,
    0xba, 0x40, 0xc6, 0x3e, 0x34, 0xcd, 0xea, 0x21, 0x2c, 0x4c, 0xf0, 0x7d, 0x41, 0xb7,
    0x69, 0xa6, 0x74, 0x9f, 0x3f, 0x63, 0x0f, 0x41, 0x22, 0xca, 0xfe, 0x28, 0xec, 0x4d,
    0xc4, 0x7e, 0x26, 0xd4, 0x34, 0x6d, 0x70, 0xb9, 0x8c, 0x73, 0xf3, 0xe9, 0xc5, 0x3a,
    0xc4, 0x0c, 0x59, 0x45, 0x39, 0x8b, 0x6e, 0xda, 0x1a, 0x83, 0x2c, 0x89, 0xc1, 0x67,
    0xea, 0xcd, 0x90, 0x1d, 0x7e, 0x2b, 0xf3, 0x63};

enum { ROUND = 0x4a000000 }; /* 00 00 00 4a 00 00 00 00 */

static void
known_answers(void **state)
{
	uint8_t got[114];
	struct dp_key k;

	(void)state;
	counting_key(&k);
	dp_random(&k, (enum dp_purpose)0, ROUND, (UINT64_C(9) << 54) + 64, got, 64);
	assert_memory_equal(got, block_232, 64);
	dp_random(&k, (enum dp_purpose)0, ROUND, 64, got, 114);
	assert_memory_equal(got, stream_242, 114);
}

/* Any piece is that piece of the whole, and nothing beside it is touched. */
static void
pieces(void **state)
{
	uint8_t whole[400], got[404];
	size_t at, n, i;
	struct dp_key k;

	(void)state;
	dp_key_insecure(&k, 1);
	dp_random(&k, DP_COUNTS, 3, 0, whole, sizeof whole);
	for (at = 0; at < 140; at++)
		for (n = 0; n < 260; n += n < 70 ? 1 : 19) {
			memset(got, 0x5a, sizeof got);
			dp_random(&k, DP_COUNTS, 3, at, got + 1, n);
			assert_memory_equal(got + 1, whole + at, n);
			for (i = n + 1; i < sizeof got; i++)
				assert_int_equal(got[i], 0x5a);
			assert_int_equal(got[0], 0x5a);
		}
}

/* The cipher's own counter ends at 2^32 blocks; the stream goes on with blocks that are
 * not those of its beginning. */
static void
beyond_the_counter(void **state)
{
	const uint64_t end = (UINT64_C(1) << 32) * 64;
	uint8_t across[192], first[64], last[64], next[64], start[64];
	struct dp_key k;

	(void)state;
	dp_key_insecure(&k, 2);
	dp_random(&k, DP_GRADIENT, 0, end - 100, across, sizeof across);
	dp_random(&k, DP_GRADIENT, 0, end - 64, last, 64);
	dp_random(&k, DP_GRADIENT, 0, end, next, 64);
	dp_random(&k, DP_GRADIENT, 0, 0, start, 64);
	assert_memory_equal(across + 36, last, 64);
	assert_memory_equal(across + 100, next, 64);
	assert_memory_not_equal(next, start, 64);
	dp_random(&k, DP_GRADIENT, 0, (UINT64_C(1) << 62) - 64, first, 64);
	assert_memory_not_equal(first, last, 64);
}

static void
streams_differ(void **state)
{
	static const struct {
		uint64_t seed, round;
		enum dp_purpose p;
	} of[] = {{1, 0, DP_SAMPLE}, {2, 0, DP_SAMPLE}, {1, 1, DP_SAMPLE},
	    {1, UINT64_C(1) << 32, DP_SAMPLE}, {1, UINT64_C(1) << 63, DP_SAMPLE},
	    {1, 0, DP_GRADIENT}, {1, 0, DP_COUNTS}, {1, 0, DP_START}, {1, 0, DP_FAKE}};
	uint8_t first[LEN(of)][64];
	struct dp_key k;
	size_t i, j;

	(void)state;
	for (i = 0; i < LEN(of); i++) {
		dp_key_insecure(&k, of[i].seed);
		dp_random(&k, of[i].p, of[i].round, 0, first[i], 64);
		for (j = 0; j < i; j++)
			assert_memory_not_equal(first[i], first[j], 64);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_answers),
	    cmocka_unit_test(pieces),
	    cmocka_unit_test(beyond_the_counter),
	    cmocka_unit_test(streams_differ),
	};

	return cmocka_run_group_tests_name("dp/stream", tests, NULL, NULL);
}
