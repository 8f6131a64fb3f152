#include "codec/symbol/ports.h"

#include <stdlib.h>

#include "base/mem.h"

struct ranked {
	uint64_t n;
	uint16_t port;
};

static int
cmp_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return (x->port > y->port) - (x->port < y->port);
}

void
ports_rank(struct ports *p, const uint64_t *count, uint64_t min_count)
{
	struct ranked *r = xcalloc(65536, sizeof *r);
	uint32_t i, n = 0;

	for (i = 0; i < 65536; i++)
		if (count[i] >= min_count)
			r[n++] = (struct ranked){count[i], (uint16_t)i};
	qsort(r, n, sizeof *r, cmp_ranked);
	for (i = 0; i < n && ports_add(p, r[i].port); i++)
		;
	free(r);
}

bool
ports_add(struct ports *p, uint16_t port)
{
	if (p->n == PORTS_KEPT || p->rank[port] != 0)
		return false;
	p->port[p->n++] = port;
	p->rank[port] = (uint16_t)p->n;
	return true;
}

bool
ports_service_is_src(const struct ports *p, uint16_t src, uint16_t dst)
{
	uint16_t a = p->rank[src], b = p->rank[dst];

	if (a == b) /* none has one, or they are equal */
		return src < dst;
	return a != 0 && (b == 0 || a < b);
}
