#include "codec/symbol/clients.h"

#include <math.h>
#include <stdlib.h>

#define EACH 8
#define BLOCKS 512
#define BLOCK_PORTS 128
#define DEVIATIONS 4
#define BY_CHANCE 1e-3    /* that any port of a block is so frequent */
#define SYSTEM_PORTS 1024 /* below are no ephemeral ones: RFC 6335, section 6 */

static int
cmp_pair(const void *a, const void *b)
{
	const struct port_pair *x = a, *y = b;

	return (x->ports > y->ports) - (x->ports < y->ports);
}

void
clients_count(struct tally *t, struct port_pair *pair, size_t n)
{
	uint64_t flows;
	size_t i, end;

	qsort(pair, n, sizeof *pair, cmp_pair);
	for (i = 0; i < n; i = end) {
		flows = 0;
		for (end = i; end < n && pair[end].ports == pair[i].ports; end++)
			flows += pair[end].starts;
		tally_add(t, (struct value){0, pair[i].ports & 0xffff},
		    1 + flows / EACH);
	}
}

/* The probability of n or more where mean are expected; Poisson.  Summed from n on: as
 * one less what is below, small ones would be lost, and from a mean of 745 on all. */
static double
at_least(uint64_t n, double mean)
{
	double k = (double)n, sum = 0, p;

	if (k <= mean) /* a half or more, which is no reason */
		return 1;
	p = exp(k * log(mean) - mean - lgamma(k + 1));
	for (; sum + p > sum; k++) {
		sum += p;
		p *= mean / (k + 1);
	}
	return sum;
}

/* Ports of one parity in a row of 256: Linux gives odd ones to others than even. */
struct block {
	uint64_t times;     /* there was any of its ports */
	uint32_t different; /* ports that there were */
};

static struct block *
block_of(struct block *all, const struct count *c)
{
	return &all[(c->v.lo >> 8 & 0xff) * 2 + (c->v.lo & 1)];
}

/* So few different ports that they are no draws from all of the block, but a list of
 * their own: by the mean and the variance of how many cells draws leave empty. */
static bool
is_list(const struct block *b)
{
	double mean = (double)b->times / BLOCK_PORTS, empty = exp(-mean);
	double variance = BLOCK_PORTS * empty * (1 - (1 + mean) * empty);

	return b->different <
	    BLOCK_PORTS * (1 - empty) - DEVIATIONS * sqrt(variance) - 1;
}

/* Beside all the others of its block: each of many has its chance to be frequent. */
static bool
is_frequent(const struct count *c, const struct block *b)
{
	double mean = (double)(b->times - c->n) / (BLOCK_PORTS - 1);

	return at_least(c->n, mean) < BY_CHANCE / b->different;
}

static bool
stands_out(const struct count *c, const struct block *b)
{
	return c->v.lo < SYSTEM_PORTS || is_list(b) || is_frequent(c, b);
}

uint32_t
clients_known(struct count *list, uint32_t n, size_t all)
{
	struct block block[BLOCKS] = {{0, 0}}, *b;
	struct count moved;
	uint32_t i, known = 0;
	size_t k;

	for (k = 0; k < all; k++) {
		b = block_of(block, &list[k]);
		b->times += list[k].n;
		b->different++;
	}
	for (i = 0; i < n; i++) {
		if (!stands_out(&list[i], block_of(block, &list[i])))
			continue;
		moved = list[known];
		list[known++] = list[i];
		list[i] = moved;
	}
	return known;
}
