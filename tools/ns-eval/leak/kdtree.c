#include "kdtree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LEAF 12     /* points that are not cut any further */
#define QUERIES 128 /* of one job */

struct node {
	float cut;         /* left is at or below, right above */
	int axis;          /* -1: a leaf */
	uint32_t lo, hi;   /* points of a leaf */
	uint32_t child[2]; /* of the others */
};

struct kdtree {
	float *x;     /* (n, SPACE_DIMS), leaf by leaf */
	uint32_t *id; /* where each came from */
	size_t n;
	struct node *node;
	size_t n_nodes, cap;
};

static void
swap_points(struct kdtree *t, size_t i, size_t j)
{
	float tmp[SPACE_DIMS], *a = t->x + i * SPACE_DIMS, *b = t->x + j * SPACE_DIMS;
	uint32_t id = t->id[i];

	if (i == j)
		return;
	memcpy(tmp, a, sizeof tmp);
	memcpy(a, b, sizeof tmp);
	memcpy(b, tmp, sizeof tmp);
	t->id[i] = t->id[j];
	t->id[j] = id;
}

/* The axis on which the points lo .. hi-1 spread widest and the middle of it, at least
 * one point being above; -1 if they are all the same. */
static int
widest(const struct kdtree *t, size_t lo, size_t hi, float *cut)
{
	float least[SPACE_DIMS], most[SPACE_DIMS];
	int axis = 0;

	memcpy(least, t->x + lo * SPACE_DIMS, sizeof least);
	memcpy(most, least, sizeof most);
	for (size_t i = lo + 1; i < hi; i++) {
		const float *x = t->x + i * SPACE_DIMS;

		for (int c = 0; c < SPACE_DIMS; c++) {
			least[c] = x[c] < least[c] ? x[c] : least[c];
			most[c] = x[c] > most[c] ? x[c] : most[c];
		}
	}
	for (int c = 1; c < SPACE_DIMS; c++)
		if (most[c] - least[c] > most[axis] - least[axis])
			axis = c;
	*cut = least[axis] + (most[axis] - least[axis]) / 2;
	if (*cut >= most[axis])
		*cut = least[axis];
	return most[axis] > least[axis] ? axis : -1;
}

/* The node of the points lo .. hi-1, and all below it; returns its number. */
static uint32_t
build(struct kdtree *t, size_t lo, size_t hi)
{
	struct node node = {0, -1, (uint32_t)lo, (uint32_t)hi, {0, 0}};
	size_t self = t->n_nodes++, mid = lo;

	xgrow(&t->node, &t->cap, t->n_nodes, sizeof *t->node);
	if (hi - lo > LEAF)
		node.axis = widest(t, lo, hi, &node.cut);
	if (node.axis >= 0) {
		for (size_t i = lo; i < hi; i++)
			if (t->x[i * SPACE_DIMS + (size_t)node.axis] <= node.cut)
				swap_points(t, i, mid++);
		node.child[0] = build(t, lo, mid);
		node.child[1] = build(t, mid, hi);
	}
	t->node[self] = node;
	return (uint32_t)self;
}

struct kdtree *
kdtree_new(float *x, size_t n)
{
	struct kdtree *t = xcalloc(1, sizeof *t);

	t->x = x;
	t->n = n;
	t->id = xmalloc(size_mul(n + 1, sizeof *t->id));
	for (size_t i = 0; i < n; i++)
		t->id[i] = (uint32_t)i;
	build(t, 0, n);
	return t;
}

void
kdtree_free(struct kdtree *t)
{
	if (t == NULL)
		return;
	free(t->x);
	free(t->id);
	free(t->node);
	free(t);
}

struct search {
	const struct kdtree *t;
	const float *q;
	double off[SPACE_DIMS]; /* how far the present cell is from q on each axis */
	double best;            /* least square so far */
	uint32_t id;
};

static void
scan_leaf(struct search *s, const struct node *leaf)
{
	for (size_t i = leaf->lo; i < leaf->hi; i++) {
		const float *x = s->t->x + i * SPACE_DIMS;
		double sum = 0;

		for (int c = 0; c < SPACE_DIMS; c++) {
			double d = (double)x[c] - s->q[c];

			sum += d * d;
		}
		if (sum < s->best || (sum == s->best && s->t->id[i] < s->id)) {
			s->best = sum;
			s->id = s->t->id[i];
		}
	}
}

/* square: of the distance from q to the cell of the node. */
static void
visit(struct search *s, uint32_t number, double square)
{
	const struct node *node = &s->t->node[number];
	double d, was;
	int far;

	if (node->axis < 0) {
		scan_leaf(s, node);
		return;
	}
	d = (double)s->q[node->axis] - node->cut;
	far = d <= 0;
	visit(s, node->child[!far], square);
	was = s->off[node->axis];
	square += d * d - was * was;
	/* a little more, so that rounding hides no point */
	if (square * (1 - 1e-9) > s->best)
		return;
	s->off[node->axis] = d;
	visit(s, node->child[far], square);
	s->off[node->axis] = was;
}

struct queries {
	const struct kdtree *t;
	const float *q;
	size_t n;
	struct near *out;
};

static void
search_block(void *arg, int job)
{
	const struct queries *a = arg;
	size_t lo = (size_t)job * QUERIES,
	       hi = lo + QUERIES < a->n ? lo + QUERIES : a->n;

	for (size_t i = lo; i < hi; i++) {
		struct search s = {a->t, a->q + i * SPACE_DIMS, {0}, INFINITY,
		    UINT32_MAX};

		visit(&s, 0, 0);
		a->out[i].distance = sqrt(s.best);
		a->out[i].id = s.id;
	}
}

void
kdtree_nearest(const struct kdtree *t, struct pool *pool, const float *q, size_t n,
    struct near *out)
{
	struct queries a = {t, q, n, out};

	pool_run(pool, search_block, &a, (int)((n + QUERIES - 1) / QUERIES));
}
