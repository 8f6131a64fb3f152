/* addr.h: an address as a number of 128 bits; IPv4 mapped, as in records. */
#ifndef ADDRESSES_ADDR_H
#define ADDRESSES_ADDR_H

#include <stdbool.h>
#include <stdint.h>

struct addr {
	uint64_t hi, lo;
};

static inline struct addr
addr_load(const uint8_t a[16])
{
	struct addr x = {0, 0};
	int i;

	for (i = 0; i < 8; i++) {
		x.hi = x.hi << 8 | a[i];
		x.lo = x.lo << 8 | a[8 + i];
	}
	return x;
}

static inline void
addr_store(uint8_t a[16], struct addr x)
{
	int i;

	for (i = 7; i >= 0; i--, x.hi >>= 8, x.lo >>= 8) {
		a[i] = (uint8_t)x.hi;
		a[8 + i] = (uint8_t)x.lo;
	}
}

static inline bool
addr_equal(struct addr a, struct addr b)
{
	return a.hi == b.hi && a.lo == b.lo;
}

static inline bool
addr_mapped_v4(struct addr a)
{
	return a.hi == 0 && a.lo >> 32 == 0xffff;
}

/* The last n bits, 0 <= n <= 128. */
static inline struct addr
addr_host_mask(int n)
{
	struct addr m;

	m.lo = n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
	m.hi = n <= 64 ? 0 : n == 128 ? UINT64_MAX : (UINT64_C(1) << (n - 64)) - 1;
	return m;
}

static inline struct addr
addr_and(struct addr a, struct addr b)
{
	return (struct addr){a.hi & b.hi, a.lo & b.lo};
}

static inline struct addr
addr_without(struct addr a, struct addr mask)
{
	return (struct addr){a.hi & ~mask.hi, a.lo & ~mask.lo};
}

static inline struct addr
addr_or(struct addr a, struct addr b)
{
	return (struct addr){a.hi | b.hi, a.lo | b.lo};
}

/* Modulo 2^128. */
static inline struct addr
addr_add(struct addr a, uint64_t n)
{
	uint64_t lo = a.lo + n;

	return (struct addr){a.hi + (lo < n), lo};
}

/* addr_hash: the same on every machine.  The finalizer of SplitMix64 (Steele, Lea and
 * Flood 2014) after each half. */
static inline uint64_t
addr_hash(struct addr a)
{
	const uint64_t half[2] = {a.hi, a.lo};
	uint64_t h = 0;
	int i;

	for (i = 0; i < 2; i++) {
		h = (h ^ half[i]) + 0x9e3779b97f4a7c15u;
		h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
		h = (h ^ h >> 27) * 0x94d049bb133111ebu;
		h ^= h >> 31;
	}
	return h;
}

#endif
