/* addrs.h: addresses of 16 bytes as numbers 0, 1, ... in the order first seen. */
#ifndef EVAL_ADDRS_H
#define EVAL_ADDRS_H

#include <stddef.h>
#include <stdint.h>

struct addrs {
	uint8_t (*addr)[16]; /* by number */
	size_t n, cap;
	uint32_t *slot; /* open addressing, number + 1, 0 is free */
	size_t n_slots; /* power of two */
};

void addrs_init(struct addrs *a);
void addrs_free(struct addrs *a);
/* addrs_intern: the number of addr, a new one if not seen. */
uint32_t addrs_intern(struct addrs *a, const uint8_t addr[16]);

/* mix64: spreads all bits of v over all bits of the result. */
static inline uint64_t
mix64(uint64_t v)
{
	/* the finaliser of MurmurHash3 */
	v = (v ^ v >> 33) * UINT64_C(0xff51afd7ed558ccd);
	v = (v ^ v >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return v ^ v >> 33;
}

#endif
