#include "part.h"

#include <stdlib.h>

#include "base/mem.h"

struct part
part_all(const struct side *s)
{
	struct part p = {s, xmalloc(size_mul(s->f.n, sizeof *p.flow)), s->f.n};

	for (size_t k = 0; k < p.n; k++)
		p.flow[k] = (uint32_t)k;
	return p;
}

struct part
part_some(const struct side *s, size_t n, uint64_t seed, uint64_t stream)
{
	struct part p = {s, NULL, n};
	struct rng r;

	rng_init(&r, seed, stream);
	p.flow = pick_rows(s->f.n, n, &r);
	return p;
}

void
part_cut(struct part *in, struct part *out, const struct part *from, size_t n,
    uint64_t seed, uint64_t stream)
{
	struct rng r;

	rng_init(&r, seed, stream);
	in->s = out->s = from->s;
	in->flow = pick_rows(from->n, n, &r);
	in->n = 0;
	out->flow = xmalloc(size_mul(from->n - n + 1, sizeof *out->flow));
	out->n = 0;
	/* the numbers picked are places in from: replace each as it is reached */
	for (size_t k = 0; k < from->n; k++) {
		if (in->n < n && in->flow[in->n] == k)
			in->flow[in->n++] = from->flow[k];
		else
			out->flow[out->n++] = from->flow[k];
	}
}

void
part_free(struct part *p)
{
	free(p->flow);
}
