/*
 * split.h: the best split of a node of a tree.  Every column is kept sorted within each
 * node: a split divides all of them, in order, between the two children.  Small nodes
 * keep only the list of their items and sort what they look at.
 *
 * A node is the part [first, first + n) of the items; its number in the list of the
 * tree's items is an item's id.
 */
#ifndef EVAL_SPLIT_H
#define EVAL_SPLIT_H

#include <stdbool.h>

#include "cart.h"

/* A cut of one column between two ranks that are neighbours in the node. */
struct split {
	int feature;
	uint32_t below, above;
	size_t left; /* items up to the cut */
	/* num / den: the greater, the less the weighted Gini impurity of the two sides;
	 * compared without dividing */
	double num, den;
};

/* splitter_new: one part of all n items; t, item, rules and r are lent. */
struct splitter *splitter_new(const struct ranked *t, const struct cart_item *item,
    size_t n, const struct cart_rules *rules, struct rng *r);
void splitter_free(struct splitter *s);

/* splitter_weigh: the weight of each class in a node into total (classes). */
void splitter_weigh(const struct splitter *s, size_t first, size_t n, double *total);

/* splitter_best: of a node whose classes weigh total; false where no cut leaves
 * min_leaf items on both sides. */
bool splitter_best(struct splitter *s, size_t first, size_t n, const double *total,
    struct split *best);

/* splitter_divide: the items up to the cut to the front of the node. */
void splitter_divide(struct splitter *s, size_t first, size_t n,
    const struct split *at);

#endif
