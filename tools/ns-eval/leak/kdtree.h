/*
 * kdtree.h: the closest of many points, exactly.
 * Source: Arya and Mount, "Algorithms for fast vector quantization", DCC 1993, for the
 * search with distances that grow axis by axis; Maneewongvatana and Mount, "It's okay
 * to be skinny, if your friends are fat", 1999, for cells cut at the middle of their
 * widest side.
 */
#ifndef EVAL_LEAK_KDTREE_H
#define EVAL_LEAK_KDTREE_H

#include "base/pool.h"
#include "space.h"

struct kdtree;

struct near {
	double distance; /* Euclidean; INFINITY from no point */
	uint32_t id;     /* place of the point among those given; the least of equals */
};

/* kdtree_new: takes x (n, SPACE_DIMS), finite; n may be 0. */
struct kdtree *kdtree_new(float *x, size_t n);
void kdtree_free(struct kdtree *t);
/* kdtree_nearest: out[i] is what is closest to point i of q (n, SPACE_DIMS). */
void kdtree_nearest(const struct kdtree *t, struct pool *pool, const float *q, size_t n,
    struct near *out);

#endif
