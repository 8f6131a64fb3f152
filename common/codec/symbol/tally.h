/*
 * tally.h: how often each value occurs, in bounded memory.
 *
 * Up to TALLY_MAX different values are counted exactly.  When there are more, every
 * count is lowered by the median and values that come to nothing are forgotten, as in
 * the frequent-items algorithm of Misra and Gries (Science of Computer Programming 2,
 * 1982): a count is then at most as high as the true one, and a value that makes up
 * more than some 1 / TALLY_MAX of all is never lost.
 */
#ifndef CODEC_SYMBOL_TALLY_H
#define CODEC_SYMBOL_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TALLY_MAX (1u << 17) /* different values; 6 MiB of slots */

/* A number, or the 16 bytes of an address as two. */
struct value {
	uint64_t hi, lo;
};
static inline int
value_cmp(struct value a, struct value b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return (a.lo > b.lo) - (a.lo < b.lo);
}
/* value_is_v4: an address of IPv4, mapped; numbers here are none. */
static inline bool
value_is_v4(struct value v)
{
	return v.hi == 0 && v.lo >> 32 == 0xffff;
}

struct count {
	struct value v;
	uint64_t n; /* 0 = an empty slot */
};

struct tally {
	struct count *slot; /* (n_slots), a power of two, half full at most */
	size_t n_slots, used;
	uint64_t total;
	struct value first, varies; /* bits in which some value is not as the first */
	bool pruned;                /* counts are lower bounds, values may be missing */
};

void tally_add(struct tally *t, struct value v, uint64_t n);
/* tally_list: the values in order, (t->used), for the caller to free. */
struct count *tally_list(const struct tally *t);
void tally_free(struct tally *t);

#endif
