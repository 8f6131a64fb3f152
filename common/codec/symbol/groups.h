/*
 * groups.h: values that share a symbol with their neighbours: cut where the numbers
 * stand, so that a group is a prefix or a range of ports rather than a mixture.
 */
#ifndef CODEC_SYMBOL_GROUPS_H
#define CODEC_SYMBOL_GROUPS_H

#include "codec/symbol/tally.h"

#define GROUPS_MAX 128
#define GROUP_SIZE 256 /* values of a group, at most */
/* Values in all: two groups are not full where IPv6, IPv4 and IPv6 again meet. */
#define GROUPED_MAX ((GROUPS_MAX - 2) * GROUP_SIZE)

struct groups {
	uint32_t n;                     /* 0: there are none */
	uint32_t first[GROUPS_MAX + 1]; /* where each begins, and the end of the last */
	struct value *v;                /* (first[n]), ascending */
};

/* groups_cut: n values in order, copied, n from 1 to GROUPED_MAX, into groups of about
 * equal count; of addresses each has those of one IP version alone. */
void groups_cut(struct groups *g, const struct count *list, uint32_t n);
/* groups_add: one more group, of m values in order, copied; for who reads a codec. */
void groups_add(struct groups *g, const struct value *v, uint32_t m);
void groups_free(struct groups *g);
/* groups_find: the group of v, and its place in that; -1 = none. */
int groups_find(const struct groups *g, struct value v, uint32_t *index);
static inline uint32_t
groups_size(const struct groups *g, uint32_t i)
{
	return g->first[i + 1] - g->first[i];
}
/* groups_widest: values of the largest group, 0 if there are none. */
uint32_t groups_widest(const struct groups *g);

#endif
