#include "forest.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cart.h"
#include "method.h"

#define TREES 100 /* of the learner */
#define BATCH 20  /* trees in memory at a time */
#define BLOCK 512 /* rows that one job asks about */

struct run {
	const struct forest *f;
	const struct samples *s;
	const struct ranked *t;
	const uint32_t *row;
	size_t n;
	const float *x;
	size_t m;
	double *proba;
	struct cart tree[BATCH];
	int done, grown; /* trees of batches before, trees of this batch */
};

/* Draw n of the rows with repeats: each row once, with the number of draws as weight.
 * Returns how many rows were drawn. */
static size_t
bootstrap(struct cart_item *item, const struct run *a, struct rng *r)
{
	uint32_t *times = xcalloc(a->n, sizeof *times);
	size_t k = 0;

	for (size_t i = 0; i < a->n; i++)
		times[rng_below(r, (uint32_t)a->n)]++;
	for (size_t i = 0; i < a->n; i++) {
		if (times[i] == 0)
			continue;
		item[k].weight = times[i];
		item[k].row = a->row[i];
		item[k++].y = a->s->y[a->row[i]];
	}
	free(times);
	return k;
}

static void
grow_tree(void *arg, int job)
{
	struct run *a = arg;
	struct cart_rules rules = {.classes = a->s->classes,
	    .min_leaf = a->f->min_leaf};
	struct cart_item *item = xmalloc(size_mul(a->n, sizeof *item));
	struct rng r;
	size_t n;

	rng_init(&r, a->f->seed, a->f->stream + (uint64_t)(a->done + job));
	rules.features = (int)sqrt((double)a->s->d);
	n = bootstrap(item, a, &r);
	cart_grow(&a->tree[job], a->t, item, n, &rules, &r);
	free(item);
}

/* Add the votes of the batch's trees for one block of rows. */
static void
ask_trees(void *arg, int job)
{
	const struct run *a = arg;
	size_t d = (size_t)a->s->d, classes = (size_t)a->s->classes;
	size_t first = (size_t)job * BLOCK;
	size_t end = first + BLOCK < a->m ? first + BLOCK : a->m;
	uint32_t leaf[BLOCK];

	for (int k = 0; k < a->grown; k++) {
		const struct cart *c = &a->tree[k];

		cart_find(c, leaf, a->x + first * d, end - first, a->s->d);
		for (size_t i = first; i < end; i++) {
			const double *share = cart_shares(c, leaf[i - first]);

			for (size_t j = 0; j < classes; j++)
				a->proba[i * classes + j] += share[j];
		}
	}
}

void
forest_vote(double *proba, const struct forest *f, const struct samples *s,
    const struct ranked *t, const uint32_t *row, size_t n, const float *x, size_t m,
    struct pool *pool)
{
	struct run a = {f, s, t, row, n, x, m, proba, .done = 0};
	size_t cells = size_mul(m, (size_t)s->classes);

	assert(n >= 1 && n <= UINT32_MAX && f->trees >= 1);
	memset(proba, 0, size_mul(cells, sizeof *proba));
	for (; a.done < f->trees; a.done += a.grown) {
		a.grown = f->trees - a.done < BATCH ? f->trees - a.done : BATCH;
		pool_run(pool, grow_tree, &a, a.grown);
		pool_run(pool, ask_trees, &a, (int)((m + BLOCK - 1) / BLOCK));
		for (int k = 0; k < a.grown; k++)
			cart_free(&a.tree[k]);
	}
	for (size_t i = 0; i < cells; i++)
		proba[i] /= f->trees;
}

int
method_forest(double *proba, const struct lesson *l, struct ns_err *e)
{
	const struct samples *s = l->train;
	struct forest f = {TREES, 1, l->seed, STREAM_FOREST};
	uint32_t *row = xmalloc(size_mul(s->n, sizeof *row));
	struct ranked t;

	(void)e;
	for (size_t i = 0; i < s->n; i++)
		row[i] = (uint32_t)i;
	ranked_init(&t, s->x, s->n, s->d);
	forest_vote(proba, &f, s, &t, row, s->n, l->test->x, l->test->n, l->pool);
	ranked_free(&t);
	free(row);
	return NS_OK;
}
