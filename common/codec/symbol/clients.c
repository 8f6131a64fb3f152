#include "codec/symbol/clients.h"

#include <math.h>
#include <stdlib.h>

#define EACH 8
#define BLOCKS 256
#define BY_CHANCE 1e-3    /* a port this improbable is there for a reason */
#define SYSTEM_PORTS 1024 /* below are no ephemeral ones: RFC 6335, section 6 */

static int
cmp_pair(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void
clients_count(struct tally *t, uint32_t *pair, size_t n)
{
	size_t i, end;

	qsort(pair, n, sizeof *pair, cmp_pair);
	for (i = 0; i < n; i = end) {
		for (end = i + 1; end < n && pair[end] == pair[i];)
			end++;
		tally_add(t, (struct value){0, pair[i] & 0xffff}, 1 + (end - i) / EACH);
	}
}

/* The probability of n or more where mean are expected; Poisson. */
static double
at_least(uint64_t n, double mean)
{
	double p = exp(-mean), below = 0;
	uint64_t k;

	if (mean > 500) /* e^-mean is no number any more; six deviations are enough */
		return (double)n > mean + 6 * sqrt(mean) ? 0 : 1;
	for (k = 0; k < n && below + p > below; k++) {
		below += p;
		p *= mean / (double)(k + 1);
	}
	return k < n ? 0 : 1 - below;
}

/* block: how often there was any of its 256 ports. */
static bool
stands_out(const struct count *c, uint64_t block)
{
	return c->v.lo < SYSTEM_PORTS ||
	    at_least(c->n, (double)(block - c->n) / (BLOCKS - 1)) < BY_CHANCE;
}

uint32_t
clients_known(struct count *list, uint32_t n, size_t all)
{
	uint64_t block[BLOCKS] = {0};
	struct count moved;
	uint32_t i, known = 0;
	size_t k;

	for (k = 0; k < all; k++)
		block[list[k].v.lo >> 8 & 0xff] += list[k].n;
	for (i = 0; i < n; i++) {
		if (!stands_out(&list[i], block[list[i].v.lo >> 8 & 0xff]))
			continue;
		moved = list[known];
		list[known++] = list[i];
		list[i] = moved;
	}
	return known;
}
