#include "twosample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "forest.h"
#include "method.h"
#include "stats/roc.h"

#define FOLDS 4
#define ROWS_MIN 8
#define TREES 100
#define LEAF_MIN 5

/* The rows of a as class 0, those of b behind them as class 1. */
static void
join(struct samples *s, const float *a, size_t na, const float *b, size_t nb, int d)
{
	size_t width = (size_t)d;

	samples_alloc(s, size_add(na, nb), d, 2);
	memcpy(s->x, a, na * width * sizeof *a);
	memcpy(s->x + na * width, b, nb * width * sizeof *b);
	for (size_t i = na; i < s->n; i++)
		s->y[i] = 1;
}

/* A fold for each of n rows from first on: the same number of rows in each, give or
 * take one. */
static void
deal(uint8_t *fold, size_t first, size_t n, struct rng *r)
{
	uint32_t *row = xmalloc(size_mul(n, sizeof *row));

	for (size_t i = 0; i < n; i++)
		row[i] = (uint32_t)(first + i);
	rng_shuffle(r, row, n);
	for (size_t i = 0; i < n; i++)
		fold[row[i]] = (uint8_t)(i % FOLDS);
	free(row);
}

/* Learn from the other folds, judge the rows of fold k: their class 1 shares. */
static void
judge_fold(double *score, const struct samples *s, const struct ranked *t,
    const uint8_t *fold, int k, uint64_t seed, struct pool *pool)
{
	uint32_t *row = xmalloc(size_mul(s->n, sizeof *row));
	struct forest f = {TREES, LEAF_MIN, seed, 0};
	struct samples test;
	double *proba;
	size_t n = 0, m = s->n;

	/* rows to learn from at the front, rows to judge at the end */
	for (size_t i = 0; i < s->n; i++)
		row[fold[i] == k ? --m : n++] = (uint32_t)i;
	f.stream = STREAM_TWO_SAMPLE_TREES + (uint64_t)k * TREES;
	samples_pick(&test, s, row + n, s->n - n);
	proba = xmalloc(size_mul(test.n, 2 * sizeof *proba));
	forest_vote(proba, &f, s, t, row, n, test.x, test.n, pool);
	for (size_t i = 0; i < test.n; i++)
		score[row[n + i]] = proba[2 * i + 1];
	free(proba);
	samples_free(&test);
	free(row);
}

double
two_sample_auc(const float *a, size_t na, const float *b, size_t nb, int d,
    uint64_t seed, struct pool *pool)
{
	struct samples s;
	struct ranked t;
	struct rng r;
	uint8_t *fold;
	double *score, auc;

	if (na < ROWS_MIN || nb < ROWS_MIN)
		return NAN;
	join(&s, a, na, b, nb, d);
	ranked_init(&t, s.x, s.n, d);
	fold = xmalloc(s.n);
	score = xmalloc(size_mul(s.n, sizeof *score));
	rng_init(&r, seed, STREAM_FOLDS);
	deal(fold, 0, na, &r);
	deal(fold, na, nb, &r);
	for (int k = 0; k < FOLDS; k++)
		judge_fold(score, &s, &t, fold, k, seed, pool);
	auc = roc_auc(score, s.y, s.n);
	free(score);
	free(fold);
	ranked_free(&t);
	samples_free(&s);
	return auc;
}
