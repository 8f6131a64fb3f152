/*
 * countmin.h: the Count-Min sketch: depth rows of width counters, each row with a hash
 * function of its own out of a pairwise independent family.  An estimate is never below
 * the count; it is more than e / width x total above it with probability at most
 * e^-depth.  Plain update: all rows get the weight (no conservative update), so the
 * counters do not depend on the order of the stream.
 * Source: Cormode & Muthukrishnan, "An improved data stream summary: the count-min
 * sketch and its applications", J. Algorithms 55 (2005), section 3 and theorem 1.
 */
#ifndef EVAL_COUNTMIN_H
#define EVAL_COUNTMIN_H

#include "hash.h"

struct countmin {
	int depth;
	size_t width;
	struct hash2 *row; /* (depth) */
	uint64_t *cell;    /* (depth, width); sums above 2^64 wrap */
};

/* countmin_new: depth and width >= 1.  countmin_free: NULL is allowed. */
struct countmin *countmin_new(int depth, size_t width, uint64_t seed);
void countmin_free(struct countmin *s);

void countmin_update(struct countmin *s, uint64_t key, uint64_t weight);
/* countmin_estimate: the least of the key's counters. */
uint64_t countmin_estimate(const struct countmin *s, uint64_t key);

#endif
