/*
 * sample.h: numbers of a trace, of which a sample is kept.
 *
 * Source of the sampling: algorithm R, Vitter, "Random sampling with a reservoir", ACM
 * TOMS 11, 1985.
 */
#ifndef CODEC_SYMBOL_SAMPLE_H
#define CODEC_SYMBOL_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

#define SAMPLE_MAX (1u << 20) /* values kept, 8 MiB */

struct sample {
	uint64_t *v; /* (n kept), all where n <= SAMPLE_MAX */
	size_t cap;
	uint64_t n; /* seen */
	uint64_t min, max;
	uint64_t gcd; /* of all, 0 when all are 0 */
	struct rng rng;
};

/* sample_init: equal seed, stream and values give an equal sample. */
void sample_init(struct sample *s, uint64_t seed, uint64_t stream);
void sample_free(struct sample *s);
void sample_add(struct sample *s, uint64_t v);
static inline size_t
sample_kept(const struct sample *s)
{
	return s->n < SAMPLE_MAX ? (size_t)s->n : SAMPLE_MAX;
}
static inline bool
sample_is_all(const struct sample *s)
{
	return s->n <= SAMPLE_MAX;
}
/* gcd_u64: greatest common divisor; that of 0 and a is a. */
uint64_t gcd_u64(uint64_t a, uint64_t b);

#endif
