/*
 * adaboost.c: 50 trees of one split, each on weights that favour the rows the ones
 * before it got wrong: SAMME.R with learning rate 1.
 * Source: Zhu, Zou, Rosset and Hastie, "Multi-class AdaBoost", Statistics and Its
 * Interface 2 (2009), algorithm 4; details as scikit-learn 1.2's AdaBoostClassifier.
 */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cart.h"
#include "method.h"

#define ROUNDS 50

struct boost {
	const struct samples *s;
	struct ranked t;
	double *weight;         /* (n), sum 1 */
	struct cart_item *item; /* (n) room for a tree's rows */
	uint32_t *leaf;         /* room for the leaf of each row, of train or test */
	/* of the tree at hand, for each of its one or two leaves: the logarithms of the
	 * classes' shares less their mean, 1 / (K - 1) of the paper's h, and the
	 * likeliest class */
	double *lift; /* (2, classes) */
	uint32_t top[2];
};

static void
read_leaves(struct boost *b, const struct cart *c)
{
	int k = b->s->classes;

	for (size_t leaf = 0; leaf < c->leaves; leaf++) {
		const double *share = cart_shares(c, (uint32_t)leaf);
		double *lift = b->lift + leaf * (size_t)k, sum = 0;
		int best = 0;

		for (int j = 0; j < k; j++) {
			lift[j] = log(fmax(share[j], DBL_EPSILON));
			sum += lift[j];
			best = share[j] > share[best] ? j : best;
		}
		for (int j = 0; j < k; j++)
			lift[j] -= sum / k;
		b->top[leaf] = (uint32_t)best;
	}
}

static void
grow(struct boost *b, struct cart *c, struct rng *r)
{
	const struct samples *s = b->s;
	struct cart_rules rules = {s->classes, 1, s->d, 1};

	for (size_t i = 0; i < s->n; i++) {
		b->weight[i] = fmax(b->weight[i], DBL_EPSILON);
		b->item[i] = (struct cart_item){b->weight[i], (uint32_t)i, s->y[i]};
	}
	cart_grow(c, &b->t, b->item, s->n, &rules, r);
	read_leaves(b, c);
}

/* More weight for rows that the tree is wrong about; false where it is wrong nowhere or
 * the weights cannot be scaled any more: then it is the last tree. */
static bool
reweigh(struct boost *b, const struct cart *c)
{
	const struct samples *s = b->s;
	double sum = 0;
	bool wrong = false;

	cart_find(c, b->leaf, s->x, s->n, s->d);
	for (size_t i = 0; i < s->n; i++) {
		size_t leaf = b->leaf[i];

		/* (K - 1) / K times the inner product of the log shares and the code
		 * that is 1 for the row's class and -1 / (K - 1) for the others */
		b->weight[i] *= exp(-b->lift[leaf * (size_t)s->classes + s->y[i]]);
		sum += b->weight[i];
		wrong = wrong || b->top[leaf] != s->y[i];
	}
	if (!wrong || !(sum > 0 && isfinite(sum)))
		return false;
	for (size_t i = 0; i < s->n; i++)
		b->weight[i] /= sum;
	return true;
}

static void
vote(double *proba, struct boost *b, const struct cart *c, const struct samples *test)
{
	size_t k = (size_t)b->s->classes;

	cart_find(c, b->leaf, test->x, test->n, test->d);
	for (size_t i = 0; i < test->n; i++)
		for (size_t j = 0; j < k; j++)
			proba[i * k + j] += b->lift[b->leaf[i] * k + j];
}

static void
boost_init(struct boost *b, const struct samples *s, size_t n_test)
{
	size_t rows = s->n > n_test ? s->n : n_test;

	b->s = s;
	ranked_init(&b->t, s->x, s->n, s->d);
	b->weight = xmalloc(size_mul(s->n, sizeof *b->weight));
	b->item = xmalloc(size_mul(s->n, sizeof *b->item));
	b->leaf = xmalloc(size_mul(rows, sizeof *b->leaf));
	b->lift = xmalloc(size_mul((size_t)s->classes, 2 * sizeof *b->lift));
	for (size_t i = 0; i < s->n; i++)
		b->weight[i] = 1 / (double)s->n;
}

static void
boost_free(struct boost *b)
{
	ranked_free(&b->t);
	free(b->weight);
	free(b->item);
	free(b->leaf);
	free(b->lift);
}

int
method_adaboost(double *proba, const struct lesson *l, struct ns_err *e)
{
	size_t cells = l->test->n * (size_t)l->train->classes;
	struct boost b;
	int trees = 0;
	bool more = true;

	(void)e;
	boost_init(&b, l->train, l->test->n);
	memset(proba, 0, cells * sizeof *proba);
	for (; more && trees < ROUNDS; trees++) {
		struct cart c;
		struct rng r;

		rng_init(&r, l->seed, STREAM_ADABOOST + (uint64_t)trees);
		grow(&b, &c, &r);
		vote(proba, &b, &c, l->test);
		more = reweigh(&b, &c);
		cart_free(&c);
	}
	for (size_t i = 0; i < cells; i++)
		proba[i] /= trees;
	softmax_rows(proba, l->test->n, l->train->classes);
	boost_free(&b);
	return NS_OK;
}
