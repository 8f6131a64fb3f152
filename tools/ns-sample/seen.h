/* seen.h: which five-tuples a chunk has; 64 bits each, by hash. */
#ifndef NS_SAMPLE_SEEN_H
#define NS_SAMPLE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen {
	uint64_t *slot; /* 0 = free */
	size_t n, cap;  /* cap is a power of two */
};

/* seen_add: true if the n bytes at p were not there before; seen_has: they are there.
 * Zero-initialised is empty. */
bool seen_add(struct seen *s, const uint8_t *p, size_t n);
bool seen_has(const struct seen *s, const uint8_t *p, size_t n);
void seen_free(struct seen *s);

#endif
