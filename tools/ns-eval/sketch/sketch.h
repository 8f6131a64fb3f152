/*
 * sketch.h: the sketches that telemetry is scored with, behind one interface and with
 * equal memory.
 */
#ifndef EVAL_SKETCH_H
#define EVAL_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sketch_kind {
	SKETCH_CM, /* countmin.h */
	SKETCH_CS, /* countsketch.h */
	SKETCH_UM, /* univmon.h */
	SKETCH_NS, /* nitro.h */
	SKETCHES
};

#define SKETCH_DEPTH 5 /* rows, of each level in UnivMon */
#define SKETCH_P 0.1   /* what NitroSketch samples of the (item, row) pairs */

/* sketch_linear: whether the estimates depend on each key's total weight alone, not on
 * how it comes in; NitroSketch samples, so it has to see every packet. */
bool sketch_linear(enum sketch_kind kind);

struct sketch;

/*
 * sketch_new: memory in cells of 8 bytes, counters and the heaps of UnivMon (two cells
 * a key), rounded down to a multiple of depth and the same for all kinds; at least
 * 3 depth.  What does not grow with the stream's size (hash functions, one total) is
 * not counted.  p in (0, 1] is NitroSketch's; the others do without.
 * sketch_free: NULL is allowed.
 */
struct sketch *sketch_new(enum sketch_kind kind, size_t memory, int depth,
    uint64_t seed, double p);
void sketch_free(struct sketch *s);
/* sketch_memory: the cells it has. */
size_t sketch_memory(const struct sketch *s);

/* sketch_update: keys below 2^61 - 1. */
void sketch_update(struct sketch *s, uint64_t key, uint64_t weight);
/* sketch_estimate: may be negative but for Count-Min. */
double sketch_estimate(const struct sketch *s, uint64_t key);

#endif
