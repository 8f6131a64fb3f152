/*
 * hash.h: seeded hash functions over keys 0 .. 2^61-2 with proven independence:
 * polynomials over the field of p = 2^61 - 1 elements whose coefficients are drawn
 * from all of 0 .. p-1.  Degree 1 makes any two, degree 3 any four keys' values
 * independent and uniform.
 * Source: Carter & Wegman, "Universal classes of hash functions", JCSS 18 (1979), class
 * H1 (degree 1); Wegman & Carter, "New hash functions and their use in authentication
 * and set equality", JCSS 22 (1981) (any degree); Thorup & Zhang,
 * "Tabulation based 4-universal hashing", SODA 2004, for the Mersenne prime.
 */
#ifndef EVAL_HASH_H
#define EVAL_HASH_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

#define HASH_BITS 61
#define HASH_PRIME ((UINT64_C(1) << HASH_BITS) - 1)

/* Seeds are told apart by these streams of the generator, one for each sketch. */
enum hash_stream {
	HASH_STREAM_CM = 0x736b0001,
	HASH_STREAM_CS,
	HASH_STREAM_UM,
	HASH_STREAM_NS
};

__extension__ typedef unsigned __int128 hash_wide;

/* Coefficients, of the constant first. */
struct hash2 {
	uint64_t c[2];
};
struct hash4 {
	uint64_t c[4];
};

/* hash_step: h x + c modulo p, for h, x and c below p: the high and the low 61 bits of
 * the product add up to less than 2 p, since 2^61 = 1 modulo p. */
static inline uint64_t
hash_step(uint64_t h, uint64_t x, uint64_t c)
{
	hash_wide v = (hash_wide)h * x + c;
	uint64_t s = ((uint64_t)v & HASH_PRIME) + (uint64_t)(v >> HASH_BITS);

	return s >= HASH_PRIME ? s - HASH_PRIME : s;
}

/*
 * hash_spread: a fixed one-to-one map of 0 .. p-1: each step can be undone on 61 bits,
 * and what lands on p is mapped once more.  It costs no independence and breaks up runs
 * of key numbers, which a polynomial of degree 1 would turn into a lattice, with
 * collisions at equal distances.
 */
static inline uint64_t
hash_spread(uint64_t key)
{
	do {
		key = key * UINT64_C(0x9e3779b97f4a7c15) & HASH_PRIME;
		key ^= key >> 32;
		key = key * UINT64_C(0xd6e8feb86659fd93) & HASH_PRIME;
		key ^= key >> 29;
	} while (key == HASH_PRIME);
	return key;
}

/* hash2_of, hash4_of: 0 .. p-1. */
static inline uint64_t
hash2_of(const struct hash2 *f, uint64_t key)
{
	assert(key < HASH_PRIME);
	return hash_step(f->c[1], hash_spread(key), f->c[0]);
}

static inline uint64_t
hash4_of(const struct hash4 *f, uint64_t key)
{
	uint64_t h;

	assert(key < HASH_PRIME);
	h = hash_step(f->c[3], key, f->c[2]);
	h = hash_step(h, key, f->c[1]);
	return hash_step(h, key, f->c[0]);
}

/* hash_bucket: h of 0 .. p-1 scaled to 0 .. width-1; buckets get the same number of
 * values but for one, so a share is off by at most width / p, 2^-29 at 2^32. */
static inline size_t
hash_bucket(uint64_t h, size_t width)
{
	return (size_t)((hash_wide)h * width >> HASH_BITS);
}

/* hash_bit: 0 or 1, the same with two buckets. */
static inline unsigned
hash_bit(uint64_t h)
{
	return (unsigned)(h >> (HASH_BITS - 1));
}

/* hash_coefficient: uniform in 0 .. p-1; 61 bits of which one value is drawn again. */
static inline uint64_t
hash_coefficient(struct rng *r)
{
	uint64_t c;

	do {
		c = rng_u64(r) >> (64 - HASH_BITS);
	} while (c == HASH_PRIME);
	return c;
}

static inline void
hash2_draw(struct hash2 *f, struct rng *r)
{
	for (int i = 0; i < 2; i++)
		f->c[i] = hash_coefficient(r);
}

static inline void
hash4_draw(struct hash4 *f, struct rng *r)
{
	for (int i = 0; i < 4; i++)
		f->c[i] = hash_coefficient(r);
}

#endif
