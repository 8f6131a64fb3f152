/*
 * lengths.h: lengths for flows whose codes are known, out of a plan: how likely one is
 * goes by how many of it are left and how well it goes with the codes.
 */
#ifndef NS_SAMPLE_AR_LENGTHS_H
#define NS_SAMPLE_AR_LENGTHS_H

#include "ar/attrs.h"
#include "ar/plan.h"

/*
 * lengths_take: each of n flows, at most the plan's n, takes one length out of it:
 * drawn with the probability p(length in the plan) p(codes | length), where codes are
 * those of the symbols from first up to but not with end, and code (n, P) has all of
 * them up to there.  length (n) is written.
 */
void lengths_take(struct attrs *a, int chunk, struct plan *plan, const uint16_t *code,
    int first, int end, size_t n, uint32_t *length, struct rng *r);

/* lengths_order: the places of length (n) in ascending order, equal ones as they stand;
 * to be freed. */
size_t *lengths_order(const uint32_t *length, size_t n);

#endif
