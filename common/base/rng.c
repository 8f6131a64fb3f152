#include "base/rng.h"

#include <math.h>

#include "base/vector.h"

void
philox4x32(uint32_t out[4], const uint32_t ctr[4], const uint32_t key[2])
{
	uint32_t c0 = ctr[0], c1 = ctr[1], c2 = ctr[2], c3 = ctr[3];
	uint32_t k0 = key[0], k1 = key[1];
	uint64_t a, b;
	int i;

	for (i = 0; i < 10; i++) {
		a = (uint64_t)0xD2511F53u * c0;
		b = (uint64_t)0xCD9E8D57u * c2;
		c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
		c1 = (uint32_t)b;
		c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
		c3 = (uint32_t)a;
		k0 += 0x9E3779B9u;
		k1 += 0xBB67AE85u;
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

/* Blocks counter .. counter + LANES - 1 of a stream, side by side; out[4 i .. 4 i + 3]
 * is what philox4x32 gives for counter + i. */
enum { LANES = 8 };

VECTOR_CLONES static void
philox_lanes(uint32_t out[4 * LANES], const uint32_t ctr[4], const uint32_t key[2])
{
	uint32_t c[4][LANES], k0 = key[0], k1 = key[1];
	uint64_t counter = ctr[0] | (uint64_t)ctr[1] << 32, a, b;
	int round, i;

	for (i = 0; i < LANES; i++) {
		c[0][i] = (uint32_t)(counter + (uint64_t)i);
		c[1][i] = (uint32_t)((counter + (uint64_t)i) >> 32);
		c[2][i] = ctr[2];
		c[3][i] = ctr[3];
	}
	for (round = 0; round < 10; round++) {
		for (i = 0; i < LANES; i++) {
			a = (uint64_t)0xD2511F53u * c[0][i];
			b = (uint64_t)0xCD9E8D57u * c[2][i];
			c[0][i] = (uint32_t)(b >> 32) ^ c[1][i] ^ k0;
			c[1][i] = (uint32_t)b;
			c[2][i] = (uint32_t)(a >> 32) ^ c[3][i] ^ k1;
			c[3][i] = (uint32_t)a;
		}
		k0 += 0x9E3779B9u;
		k1 += 0xBB67AE85u;
	}
	for (i = 0; i < LANES; i++) {
		out[4 * i] = c[0][i];
		out[4 * i + 1] = c[1][i];
		out[4 * i + 2] = c[2][i];
		out[4 * i + 3] = c[3][i];
	}
}

void
rng_init(struct rng *r, uint64_t seed, uint64_t stream)
{
	r->key[0] = (uint32_t)seed;
	r->key[1] = (uint32_t)(seed >> 32);
	r->ctr[0] = r->ctr[1] = 0;
	r->ctr[2] = (uint32_t)stream;
	r->ctr[3] = (uint32_t)(stream >> 32);
	r->left = 0;
}

uint32_t
rng_u32(struct rng *r)
{
	if (r->left == 0) {
		philox4x32(r->out, r->ctr, r->key);
		if (++r->ctr[0] == 0)
			r->ctr[1]++;
		r->left = 4;
	}
	return r->out[4 - r->left--];
}

void
rng_fill(struct rng *r, uint32_t *x, size_t n)
{
	uint64_t counter;

	while (n > 0 && r->left > 0) {
		*x++ = rng_u32(r);
		n--;
	}
	for (; n >= 4 * LANES; n -= 4 * LANES, x += 4 * LANES) {
		philox_lanes(x, r->ctr, r->key);
		counter = (r->ctr[0] | (uint64_t)r->ctr[1] << 32) + LANES;
		r->ctr[0] = (uint32_t)counter;
		r->ctr[1] = (uint32_t)(counter >> 32);
	}
	while (n-- > 0)
		*x++ = rng_u32(r);
}

uint64_t
rng_u64(struct rng *r)
{
	uint64_t lo = rng_u32(r);

	return lo | (uint64_t)rng_u32(r) << 32;
}

double
rng_uniform(struct rng *r)
{
	return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

double
rng_normal(struct rng *r)
{
	double u = 1 - rng_uniform(r); /* (0, 1]: the logarithm is finite */
	double v = rng_uniform(r);

	return sqrt(-2 * log(u)) * cos(6.283185307179586476925 * v);
}

uint32_t
rng_below(struct rng *r, uint32_t n)
{
	/* Lemire 2019: the biased low part of the product is drawn again. */
	uint32_t bound = (uint32_t)(0u - n) % n;
	uint64_t m;

	do {
		m = (uint64_t)rng_u32(r) * n;
	} while ((uint32_t)m < bound);
	return (uint32_t)(m >> 32);
}

void
rng_shuffle(struct rng *r, uint32_t *v, size_t n)
{
	uint32_t j, t;
	size_t i;

	for (i = n; i > 1; i--) {
		j = rng_below(r, (uint32_t)i);
		t = v[i - 1];
		v[i - 1] = v[j];
		v[j] = t;
	}
}
