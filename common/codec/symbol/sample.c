#include "codec/symbol/sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

uint64_t
gcd_u64(uint64_t a, uint64_t b)
{
	uint64_t rest;

	while (b != 0) {
		rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

void
sample_init(struct sample *s, uint64_t seed, uint64_t stream)
{
	memset(s, 0, sizeof *s);
	s->min = UINT64_MAX;
	rng_init(&s->rng, seed, stream);
}

void
sample_free(struct sample *s)
{
	free(s->v);
	s->v = NULL;
}

void
sample_add(struct sample *s, uint64_t v)
{
	uint64_t at = s->n++;

	s->min = v < s->min ? v : s->min;
	s->max = v > s->max ? v : s->max;
	if (s->gcd != 1)
		s->gcd = gcd_u64(v, s->gcd);
	if (at >= SAMPLE_MAX) {
		at = (uint64_t)(rng_uniform(&s->rng) * (double)s->n);
		if (at >= SAMPLE_MAX)
			return;
	} else {
		xgrow(&s->v, &s->cap, (size_t)at + 1, sizeof *s->v);
	}
	s->v[at] = v;
}
