/* codes.h: windows of the small model of reference.h, filled by chance. */
#ifndef TEST_CODES_H
#define TEST_CODES_H

#include "adv/codes.h"
#include "reference.h"

/* Codes of all lanes; masks are nothing to critics. */
static inline void
codes_random(struct codes *c, const struct world *w, struct rng *r)
{
	const struct symbol *y = w->m->sym.sym;
	int i, t, j;

	for (i = 0; i < LANES; i++) {
		codes_place(c, i, &w->lane[i]);
		for (j = 0; j < c->P; j++)
			codes_attr(c, i)[j] = (uint16_t)rng_below(r, (uint32_t)y[j].k);
		for (t = 0; t < WINDOW; t++)
			for (j = 0; j < c->M; j++)
				codes_step(c, i, t)[j] =
				    (uint16_t)rng_below(r, (uint32_t)y[c->P + j].k);
	}
}

#endif
