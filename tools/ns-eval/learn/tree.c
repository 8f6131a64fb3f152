/*
 * tree.c: one decision tree, grown until its leaves are pure.  Settings as scikit-learn
 * 1.2's DecisionTreeClassifier.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cart.h"
#include "method.h"

/* Every row once, with weight 1; to be freed. */
static struct cart_item *
all_rows(const struct samples *s)
{
	struct cart_item *item = xmalloc(size_mul(s->n, sizeof *item));

	for (size_t i = 0; i < s->n; i++)
		item[i] = (struct cart_item){1, (uint32_t)i, s->y[i]};
	return item;
}

int
method_tree(double *proba, const struct lesson *l, struct ns_err *e)
{
	const struct samples *s = l->train, *test = l->test;
	struct cart_rules rules = {s->classes, 0, s->d, 1};
	size_t k = (size_t)s->classes;
	struct cart_item *item = all_rows(s);
	uint32_t *leaf = xmalloc(size_mul(test->n, sizeof *leaf));
	struct ranked t;
	struct cart c;
	struct rng r;

	(void)e;
	rng_init(&r, l->seed, STREAM_TREE);
	ranked_init(&t, s->x, s->n, s->d);
	cart_grow(&c, &t, item, s->n, &rules, &r);
	cart_find(&c, leaf, test->x, test->n, test->d);
	for (size_t i = 0; i < test->n; i++)
		memcpy(proba + i * k, cart_shares(&c, leaf[i]), k * sizeof *proba);
	cart_free(&c);
	ranked_free(&t);
	free(leaf);
	free(item);
	return NS_OK;
}
