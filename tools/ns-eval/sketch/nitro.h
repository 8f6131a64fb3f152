/*
 * nitro.h: NitroSketch over a Count sketch: of the (item, row) pairs of a stream, each
 * is sampled with probability p, and only sampled pairs touch a counter, with weight
 * 1/p times as great.  The next pair is found by drawing how many to skip (geometric),
 * so an item of which no row is sampled costs one comparison.  The estimate is the
 * median over the rows.
 * Counters hold the sum of the sampled weights; 1/p is multiplied in as they are read,
 * which is the same and keeps them whole numbers.
 * Source: Liu et al., "NitroSketch: robust and general sketch-based monitoring in
 * software switches", SIGCOMM 2019, algorithm 1 with a fixed p.
 */
#ifndef EVAL_NITRO_H
#define EVAL_NITRO_H

#include "countsketch.h"

struct nitro {
	struct countsketch *rows;
	struct rng rng; /* of the gaps */
	double p;
	uint64_t next;    /* pairs from the next item's first row to the next sampled */
	uint64_t touched; /* pairs sampled so far */
};

/* nitro_new: p in (0, 1]; depth and width as of countsketch_new.  nitro_free: NULL is
 * allowed. */
struct nitro *nitro_new(int depth, size_t width, double p, uint64_t seed);
void nitro_free(struct nitro *s);

void nitro_update(struct nitro *s, uint64_t key, uint64_t weight);
double nitro_estimate(const struct nitro *s, uint64_t key);

#endif
