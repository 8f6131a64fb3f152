/*
 * univmon.h: UnivMon, one sketch for many statistics: level 0 sees all keys, level l
 * those whose l hash bits, one of a function of each level 1 .. l, are all 1, so half
 * of the keys of the level before.  Each level has a Count sketch and a heap of its
 * keys with the greatest estimates.  A sum of g(count) over all keys is worked out
 * from the last level to the first:
 *
 *   Y_l = 2 Y_(l+1) + sum over heap l of (1 - 2 bit_(l+1)(key)) g(estimate_l(key))
 *
 * Source: Liu et al., "One sketch to rule them all: rethinking network flow monitoring
 * with UnivMon", SIGCOMM 2016, algorithms 1 and 2; Braverman & Ostrovsky, "Generalizing
 * the layering method of Indyk and Woodruff: recursive sketches for frequency-based
 * vectors on streams", APPROX 2013.
 *
 * Memory is shared out by its amount alone.  An eighth goes to the heaps, the same to
 * each level, HEAP_CELLS a key.  The rest goes to the counters: widths w, w/2, w/4 ...
 * down to w / 2^UNIVMON_HALVINGS and no further, what is left over to level 0.  Widths
 * that go on halving keep pace with the number of keys, so no level would be sparse
 * enough for its heap to hold all it should, and the sums would be lost: the entropy
 * of a stream of 20,000 keys by 80,000 cells is then off by 25 %, not 2.
 * More keys than 2^(levels - 1) times those of a heap leave the sums low.
 */
#ifndef EVAL_UNIVMON_H
#define EVAL_UNIVMON_H

#include "countsketch.h"
#include "heap.h"

#define UNIVMON_LEVELS 14 /* less where memory is short */
#define UNIVMON_HALVINGS 4

struct univmon {
	int levels;
	struct univmon_level {
		struct hash2 bit; /* whether a key comes here from the level before */
		struct countsketch *sketch;
		struct heap heap;
	} level[UNIVMON_LEVELS];
	double total; /* of all weights */
};

/* univmon_new: memory in cells, a multiple of depth and >= 3 depth.  univmon_free: NULL
 * is allowed. */
struct univmon *univmon_new(int depth, size_t memory, uint64_t seed);
void univmon_free(struct univmon *s);
/* univmon_memory: cells of counters and heaps; equals what was given. */
size_t univmon_memory(const struct univmon *s);

void univmon_update(struct univmon *s, uint64_t key, uint64_t weight);
/* univmon_estimate: of one key, by level 0. */
double univmon_estimate(const struct univmon *s, uint64_t key);

/*
 * Sums over the stream so far; none is below 0.
 * univmon_entropy: of the keys' shares, in nats: ln total - sum(x ln x) / total; 0 for
 * an empty stream.  univmon_distinct: number of keys, g(x) = 1.  univmon_l2: the length
 * of the vector of counts, g(x) = x^2.
 */
double univmon_entropy(const struct univmon *s);
double univmon_distinct(const struct univmon *s);
double univmon_l2(const struct univmon *s);

#endif
