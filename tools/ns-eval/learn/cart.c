#include "cart.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "split.h"

#define LANES 8

/* A part of the items that is still to become a node, or two and all below. */
struct part {
	size_t first, n;
	uint32_t node;
	int depth;
};

struct grower {
	struct cart *c;
	const struct ranked *t;
	const struct cart_rules *rules;
	struct splitter *splitter;
	double *total; /* (classes) of the part at hand */
	struct part *stack;
	size_t open, stack_cap;
};

static uint32_t
add_nodes(struct cart *c, size_t k)
{
	uint32_t first = (uint32_t)c->nodes;

	assert(c->nodes + k <= UINT32_MAX);
	xgrow(&c->node, &c->node_cap, c->nodes + k, sizeof *c->node);
	c->nodes += k;
	return first;
}

static void
push(struct grower *g, size_t first, size_t n, uint32_t node, int depth)
{
	xgrow(&g->stack, &g->stack_cap, g->open + 1, sizeof *g->stack);
	g->stack[g->open++] = (struct part){first, n, node, depth};
}

/* The weights of the part's classes into total; returns how many there are. */
static int
weigh(struct grower *g, const struct part *p)
{
	int seen = 0;

	splitter_weigh(g->splitter, p->first, p->n, g->total);
	for (int k = 0; k < g->rules->classes; k++)
		seen += g->total[k] > 0;
	return seen;
}

static void
make_leaf(struct cart *c, uint32_t node, const double *total)
{
	size_t k = (size_t)c->classes;
	double sum = 0, *share;

	xgrow(&c->share, &c->share_cap, (c->leaves + 1) * k, sizeof *c->share);
	share = c->share + c->leaves * k;
	for (size_t i = 0; i < k; i++)
		sum += total[i];
	for (size_t i = 0; i < k; i++)
		share[i] = total[i] / sum;
	c->node[node] = (struct cart_node){0, INFINITY, node, (uint32_t)c->leaves++};
}

/* The greatest float that is not above the midpoint of a and the greater b. */
static float
midpoint(float a, float b)
{
	double mid = (double)a / 2 + (double)b / 2;
	float f = (float)mid;

	return (double)f > mid ? nextafterf(f, a) : f;
}

static void
grow_part(struct grower *g, const struct part *p)
{
	const struct cart_rules *rules = g->rules;
	const float *value;
	struct split s;
	uint32_t child;

	if (weigh(g, p) < 2 || p->n / 2 < rules->min_leaf ||
	    (rules->depth > 0 && p->depth == rules->depth) ||
	    !splitter_best(g->splitter, p->first, p->n, g->total, &s)) {
		make_leaf(g->c, p->node, g->total);
		return;
	}
	splitter_divide(g->splitter, p->first, p->n, &s);
	value = g->t->value + (size_t)s.feature * g->t->n;
	child = add_nodes(g->c, 2);
	g->c->node[p->node] = (struct cart_node){s.feature,
	    midpoint(value[s.below], value[s.above]), child, 0};
	push(g, p->first + s.left, p->n - s.left, child + 1, p->depth + 1);
	push(g, p->first, s.left, child, p->depth + 1);
}

void
cart_grow(struct cart *c, const struct ranked *t, const struct cart_item *item,
    size_t n, const struct cart_rules *rules, struct rng *r)
{
	struct grower g = {.c = c, .t = t, .rules = rules};

	assert(n >= 1 && rules->min_leaf >= 1 && rules->features >= 1);
	*c = (struct cart){.classes = rules->classes};
	g.total = xmalloc(size_mul((size_t)rules->classes, sizeof *g.total));
	g.splitter = splitter_new(t, item, n, rules, r);
	push(&g, 0, n, add_nodes(c, 1), 0);
	while (g.open > 0) {
		struct part p = g.stack[--g.open];

		grow_part(&g, &p);
	}
	splitter_free(g.splitter);
	free(g.total);
	free(g.stack);
}

void
cart_free(struct cart *c)
{
	free(c->node);
	free(c->share);
	*c = (struct cart){0};
}

/* Down from the root for LANES rows at once, so that the processor need not wait for
 * one node before it asks for another. */
static void
walk(const struct cart *c, uint32_t *leaf, const float *const *x)
{
	uint32_t at[LANES] = {0}, moved;

	do {
		moved = 0;
		for (int i = 0; i < LANES; i++) {
			const struct cart_node *v = &c->node[at[i]];
			uint32_t to = v->child + (x[i][v->feature] > v->threshold);

			moved |= to ^ at[i];
			at[i] = to;
		}
	} while (moved != 0);
	for (int i = 0; i < LANES; i++)
		leaf[i] = c->node[at[i]].leaf;
}

void
cart_find(const struct cart *c, uint32_t *leaf, const float *x, size_t n, int d)
{
	for (size_t first = 0; first < n; first += LANES) {
		size_t k = n - first < LANES ? n - first : LANES;
		uint32_t found[LANES];
		const float *row[LANES];

		/* lanes that are left over follow the last row */
		for (size_t i = 0; i < LANES; i++)
			row[i] = x + (first + (i < k ? i : k - 1)) * (size_t)d;
		walk(c, found, row);
		memcpy(leaf + first, found, k * sizeof *leaf);
	}
}

const double *
cart_shares(const struct cart *c, uint32_t leaf)
{
	return c->share + leaf * (size_t)c->classes;
}
