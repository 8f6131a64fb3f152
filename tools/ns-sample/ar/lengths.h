/*
 * lengths.h: lengths for flows whose codes are known, out of a plan: how likely one is
 * goes by how many of it are left and how well it goes with the codes.
 */
#ifndef NS_SAMPLE_AR_LENGTHS_H
#define NS_SAMPLE_AR_LENGTHS_H

#include "ar/attrs.h"
#include "ar/plan.h"

/* Flows of which the symbols from first up to but not with end are known, and all
 * before them. */
struct known {
	const uint16_t *code; /* (n, P) */
	size_t n;
	int first, end;
};

/*
 * lengths_take: each of the flows, which are at most as many as the plan has, takes one
 * length out of it: drawn with the probability p(length in the plan) p(codes | length).
 * all: none but these take lengths of the plan, so a length that goes with few flows is
 * kept for them (balance.h), unless there are more than 8 million different pairs of
 * codes and lengths.  length (n) is written.
 */
void lengths_take(struct attrs *a, int chunk, struct plan *plan, const struct known *f,
    bool all, uint32_t *length, struct rng *r);

/* lengths_order: the places of length (n) in ascending order, equal ones as they stand;
 * to be freed. */
size_t *lengths_order(const uint32_t *length, size_t n);

#endif
