/* passes.h: the matrix products of a critic's passes, of any kind that has critics. */
#ifndef BENCH_PASSES_H
#define BENCH_PASSES_H

#include "critic/critic.h"
#include "products.h"

/* Rows of different lengths. */
struct lengths {
	size_t n, cap;
	int *strips;
	double columns; /* of all rows together, without what fills up the strips */
};

/* lengths_add: a row of so many blocks of c's; lengths_free: none are left. */
void lengths_add(struct lengths *l, const struct critic *c, int blocks);
void lengths_free(struct lengths *l);

/* products_first: a product of these rows with the weights of c's first layer, in the
 * runs that training cuts; the rows are sorted. */
void products_first(struct products *q, const struct critic *c, struct lengths *l,
    enum turn turn, int times);
/* products_above: those of the layers above the first, of c's rows B, in so many rounds
 * and when the critic then judges; see iteration.h. */
void products_above(struct products *q, const struct critic *c, int rounds);

#endif
