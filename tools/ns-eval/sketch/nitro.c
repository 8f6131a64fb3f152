#include "nitro.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/*
 * Pairs skipped before the next sampled one: k with probability (1 - p)^k p.
 * Source: Devroye, "Non-uniform random variate generation" (1986), chapter X.2.
 */
static uint64_t
gap(struct nitro *s)
{
	double u = 1 - rng_uniform(&s->rng); /* (0, 1]: the logarithm is finite */
	double k;

	if (s->p >= 1)
		return 0;
	k = floor(log(u) / log1p(-s->p));
	return k < 0x1p62 ? (uint64_t)k : UINT64_C(1) << 62;
}

struct nitro *
nitro_new(int depth, size_t width, double p, uint64_t seed)
{
	struct nitro *s = xcalloc(1, sizeof *s);

	assert(p > 0 && p <= 1);
	rng_init(&s->rng, seed, HASH_STREAM_NS);
	s->rows = countsketch_new(depth, width, &s->rng);
	s->p = p;
	s->next = gap(s);
	return s;
}

void
nitro_free(struct nitro *s)
{
	if (s == NULL)
		return;
	countsketch_free(s->rows);
	free(s);
}

void
nitro_update(struct nitro *s, uint64_t key, uint64_t weight)
{
	uint64_t depth = (uint64_t)s->rows->depth;

	while (s->next < depth) {
		countsketch_update_row(s->rows, (int)s->next, key, weight);
		s->touched++;
		s->next += 1 + gap(s);
	}
	s->next -= depth;
}

double
nitro_estimate(const struct nitro *s, uint64_t key)
{
	return countsketch_estimate(s->rows, key) / s->p;
}
