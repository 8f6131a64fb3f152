/* keyset.h: a set of keys of 127 bits, themselves hashes: two different things with one
 * key are not to be expected in any number of traces. */
#ifndef EVAL_LEAK_KEYSET_H
#define EVAL_LEAK_KEYSET_H

#include <stdbool.h>
#include <stddef.h>

#include "data/addrs.h"

struct digest {
	uint64_t a, b; /* b is odd; 0 is no key */
};

struct keyset {
	struct digest *slot; /* open addressing */
	size_t n_slots;      /* power of two, at least twice the keys */
};

/* keyset_init: room for n keys. */
void keyset_init(struct keyset *s, size_t n);
void keyset_free(struct keyset *s);
void keyset_add(struct keyset *s, struct digest k);
bool keyset_has(const struct keyset *s, struct digest k);

/* digest_start, digest_add: the key of a sequence of numbers, one after the other. */
static inline struct digest
digest_start(uint64_t v)
{
	return (struct digest){mix64(v + 1), mix64(~v) | 1};
}

static inline struct digest
digest_add(struct digest k, uint64_t v)
{
	k.a = mix64(k.a + v);
	k.b = mix64(k.b ^ v * UINT64_C(0x9e3779b97f4a7c15)) | 1;
	return k;
}

#endif
