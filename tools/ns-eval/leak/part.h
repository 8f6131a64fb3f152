/* part.h: some whole flows of a side. */
#ifndef EVAL_LEAK_PART_H
#define EVAL_LEAK_PART_H

#include "data/side.h"

/* Streams of the random numbers; apart from those of data/baseline.h. */
enum {
	LEAK_STREAM_TRAIN = 128,
	LEAK_STREAM_HELD,
	LEAK_STREAM_SYNTH,
	LEAK_STREAM_MEMBERS,
	LEAK_STREAM_OTHERS
};

struct part {
	const struct side *s;
	uint32_t *flow; /* numbers of the side's flows, rising */
	size_t n;
};

/* part_all: every flow of s.  part_some: n of them at random, n <= s->f.n. */
struct part part_all(const struct side *s);
struct part part_some(const struct side *s, size_t n, uint64_t seed, uint64_t stream);
/* part_cut: in takes n of from's flows at random, out the others. */
void part_cut(struct part *in, struct part *out, const struct part *from, size_t n,
    uint64_t seed, uint64_t stream);
void part_free(struct part *p);

#endif
