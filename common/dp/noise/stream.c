/* The streams of noise.h: ChaCha20 as a counter generator. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/le.h"
#include "dp/noise/noise.h"

/*
 * Nonce: purpose, the upper 24 of 56 bits that count blocks, round.  The lower 32 are
 * the cipher's own counter.
 */
#define BLOCKS_MAX (UINT64_C(1) << 56)

enum { BLOCK = 64 };

static void
set_nonce(uint8_t nonce[12], enum dp_purpose p, uint64_t round, uint64_t block)
{
	put_le64(nonce, (uint64_t)p | block >> 32 << 8);
	put_le64(nonce + 4, round);
}

/* Blocks of a stream from one on, which are n bytes. */
static void
blocks(const struct dp_key *k, enum dp_purpose p, uint64_t round, uint64_t block,
    uint8_t *to, size_t n)
{
	uint8_t nonce[12];
	uint64_t left;
	size_t some;

	memset(to, 0, n);
	while (n > 0) {
		left = ((UINT64_C(1) << 32) - (block & UINT32_MAX)) * BLOCK;
		some = n < left ? n : (size_t)left;
		set_nonce(nonce, p, round, block);
		crypto_stream_chacha20_ietf_xor_ic(to, to, some, nonce, (uint32_t)block,
		    k->byte);
		to += some;
		n -= some;
		block += (some + BLOCK - 1) / BLOCK;
	}
}

/* The library has code for each processor and chooses when it is initialised; once is
 * enough, again costs nothing and any thread may. */
static void
choose_code(void)
{
	int rc = sodium_init();

	assert(rc >= 0);
	(void)rc;
}

void
dp_random(const struct dp_key *k, enum dp_purpose p, uint64_t round, uint64_t at,
    void *to, size_t n)
{
	uint8_t *out = to, whole[BLOCK];
	size_t skip = at % BLOCK, some = BLOCK - skip;

	assert((unsigned)p <= UINT8_MAX && at < BLOCKS_MAX * BLOCK &&
	    n <= BLOCKS_MAX * BLOCK - at);
	choose_code();
	if (skip != 0 && n > 0) {
		some = n < some ? n : some;
		blocks(k, p, round, at / BLOCK, whole, BLOCK);
		memcpy(out, whole + skip, some);
		sodium_memzero(whole, sizeof whole);
		out += some;
		n -= some;
		at += some;
	}
	blocks(k, p, round, at / BLOCK, out, n);
}
