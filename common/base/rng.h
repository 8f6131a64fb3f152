/*
 * rng.h: Philox4x32-10, a counter-based generator: equal seed and stream give equal
 * numbers on every machine, and streams are independent.
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 * Not for privacy noise.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	uint32_t key[2];
	uint32_t ctr[4]; /* ctr[0..1] block counter, ctr[2..3] stream */
	uint32_t out[4];
	int left; /* numbers of out not used yet */
};

/* philox4x32: one block, 10 rounds; known answers are in the tests. */
void philox4x32(uint32_t out[4], const uint32_t ctr[4], const uint32_t key[2]);

void rng_init(struct rng *r, uint64_t seed, uint64_t stream);
uint32_t rng_u32(struct rng *r);
/* rng_fill: n numbers as n calls of rng_u32 give them, faster. */
void rng_fill(struct rng *r, uint32_t *x, size_t n);
uint64_t rng_u64(struct rng *r);
double rng_uniform(struct rng *r); /* [0, 1), 53 bits */
double rng_normal(struct rng *r);  /* mean 0, variance 1; Box-Muller, stateless */
/* rng_below: unbiased integer in [0, n), n >= 1. */
uint32_t rng_below(struct rng *r, uint32_t n);
/* rng_shuffle: Fisher-Yates over n indices. */
void rng_shuffle(struct rng *r, uint32_t *v, size_t n);

#endif
