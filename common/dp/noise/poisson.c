/* Poisson sampling: one word of the stream decides over one unit. */
#include <assert.h>
#include <math.h>
#include <sodium.h>

#include "base/le.h"
#include "dp/noise/noise.h"

enum { WORDS = 512 };

/*
 * A word below q 2^64 samples its unit, which is so with probability q where q is a
 * multiple of 2^-64, as all from 2^-11 on are; of smaller ones less than 2^-64 is
 * missing, never too much.  q 2^64 is exact but does not fit where q is 1.
 */
size_t
dp_poisson(const struct dp_key *k, uint64_t round, double q, uint32_t n, uint32_t *list)
{
	uint8_t word[8 * WORDS];
	uint64_t below;
	size_t found = 0;
	uint32_t i, j, some;

	assert(q >= 0 && q <= 1);
	below = q < 1 ? (uint64_t)ldexp(q, 64) : 0;
	for (i = 0; i < n; i += some) {
		some = n - i < WORDS ? n - i : WORDS;
		dp_random(k, DP_SAMPLE, round, (uint64_t)i * 8, word, (size_t)some * 8);
		for (j = 0; j < some; j++) {
			/* found <= i + j: there is room, sampled or not */
			list[found] = i + j;
			found += get_le64(word + 8 * j) < below || q == 1;
		}
	}
	sodium_memzero(word, sizeof word);
	return found;
}
