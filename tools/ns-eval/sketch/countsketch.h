/*
 * countsketch.h: the Count sketch: depth rows of width counters; a key adds its weight
 * with a sign, +1 or -1, so that what collides cancels on average.  The estimate is the
 * median of sign x counter over the rows.  Each row's estimate is unbiased with
 * variance at most L2^2 / width, L2 the length of the vector of counts.
 * Bucket and sign come from two 4-wise independent functions of each row.
 * Source: Charikar, Chen & Farach-Colton, "Finding frequent items in data streams",
 * ICALP 2002, section 3.
 */
#ifndef EVAL_COUNTSKETCH_H
#define EVAL_COUNTSKETCH_H

#include "hash.h"

#define COUNTSKETCH_MAX_DEPTH 32

struct countsketch {
	int depth;
	size_t width;
	struct countsketch_row {
		struct hash4 bucket, sign;
	} * row;        /* (depth) */
	uint64_t *cell; /* (depth, width); signed, in two's complement, so that sums
			   beyond 63 bits wrap */
};

/* countsketch_new: depth 1 .. COUNTSKETCH_MAX_DEPTH, width >= 1; the hash functions are
 * drawn from r.  countsketch_free: NULL is allowed. */
struct countsketch *countsketch_new(int depth, size_t width, struct rng *r);
void countsketch_free(struct countsketch *s);

void countsketch_update(struct countsketch *s, uint64_t key, uint64_t weight);
/* countsketch_update_row: one row only, for who samples them. */
void countsketch_update_row(struct countsketch *s, int row, uint64_t key,
    uint64_t weight);
/* countsketch_estimate: may be negative; of an even depth the mean of the middle two.
 */
double countsketch_estimate(const struct countsketch *s, uint64_t key);

#endif
