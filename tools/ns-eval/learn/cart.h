/*
 * cart.h: classification trees: binary splits of one column at a time, the best by the
 * Gini impurity, at the midpoints between neighbouring values.  The engine behind tree,
 * forest and adaboost.
 * Source: Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees"
 * (1984); details where the book leaves a choice as in scikit-learn 1.2.
 */
#ifndef EVAL_CART_H
#define EVAL_CART_H

#include "base/rng.h"
#include "ranked.h"

/* One row that a tree learns from. */
struct cart_item {
	double weight; /* above 0 */
	uint32_t row;  /* of the ranked table */
	uint32_t y;    /* its class */
};

struct cart_rules {
	int classes;
	int depth;    /* of splits on the way to a leaf; 0: no limit */
	int features; /* columns looked at for a split, more only if all are constant */
	size_t min_leaf; /* items in a leaf, whatever they weigh; >= 1 */
};

/* A leaf leads to itself, whatever x is. */
struct cart_node {
	int32_t feature;
	float threshold; /* to the first child where x <= threshold */
	uint32_t child;  /* the first of two neighbours in node */
	uint32_t leaf;   /* number of a leaf */
};

/* struct cart: node[0] is the root. */
struct cart {
	int classes;
	struct cart_node *node;
	size_t nodes, node_cap;
	double *share; /* (leaves, classes): of the weight of the leaf's items */
	size_t leaves, share_cap;
};

/*
 * cart_grow: a tree from n >= 1 items, each of another row.  Columns are looked at in
 * an order drawn from r for each split, the first of equally good ones is taken.
 */
void cart_grow(struct cart *c, const struct ranked *t, const struct cart_item *item,
    size_t n, const struct cart_rules *rules, struct rng *r);
void cart_free(struct cart *c);

/* cart_find: leaf (n): the numbers of the leaves that the rows of x (n, d) fall into.
 * cart_shares: the classes' shares in a leaf (classes); lent by c. */
void cart_find(const struct cart *c, uint32_t *leaf, const float *x, size_t n, int d);
const double *cart_shares(const struct cart *c, uint32_t leaf);

#endif
