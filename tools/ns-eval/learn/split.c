#include "split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SMALL 24 /* items of a node that sorts for itself */
#define NONE UINT32_MAX

struct splitter {
	const struct ranked *t;
	const struct cart_item *item;
	const struct cart_rules *rules;
	struct rng *r;
	size_t n;
	int *order;            /* (d) the columns, the order of the last draw */
	double *left;          /* (classes) weights up to the cut */
	double *sign;          /* (n) of two classes: weight, below 0 for class 0 */
	uint64_t *column;      /* (d, n) rank << 32 | id */
	uint32_t *rank;        /* (n, d) by id */
	uint32_t *id;          /* (n) node by node */
	uint8_t *low;          /* (n) by id: goes to the front */
	void *spare;           /* (n) of 64 bits */
	uint64_t small[SMALL]; /* a column of a small node */
};

/* The sorted columns of the table, less the rows that are no items. */
static void
fill_columns(struct splitter *s)
{
	size_t n = s->t->n;
	uint32_t *id_of = xmalloc(size_mul(n, sizeof *id_of));

	memset(id_of, 0xff, n * sizeof *id_of);
	for (size_t i = 0; i < s->n; i++)
		id_of[s->item[i].row] = (uint32_t)i;
	for (int j = 0; j < s->t->d; j++) {
		const uint64_t *from = s->t->sorted + (size_t)j * n;
		uint64_t *to = s->column + (size_t)j * s->n;
		size_t k = 0;

		for (size_t i = 0; i < n && k < s->n; i++) {
			uint32_t id = id_of[(uint32_t)from[i]];

			to[k] = from[i] >> 32 << 32 | id;
			k += id != NONE;
		}
	}
	free(id_of);
}

struct splitter *
splitter_new(const struct ranked *t, const struct cart_item *item, size_t n,
    const struct cart_rules *rules, struct rng *r)
{
	struct splitter *s = xmalloc(sizeof *s);
	size_t d = (size_t)t->d;

	s->t = t;
	s->item = item;
	s->rules = rules;
	s->r = r;
	s->n = n;
	s->order = xmalloc(size_mul(d, sizeof *s->order));
	for (int j = 0; j < t->d; j++)
		s->order[j] = j;
	s->left = xmalloc(size_mul((size_t)rules->classes, sizeof *s->left));
	s->sign = xmalloc(size_mul(n, sizeof *s->sign));
	s->column = xmalloc(size_mul(size_mul(d, n), sizeof *s->column));
	s->id = xmalloc(size_mul(n, sizeof *s->id));
	s->low = xmalloc(n);
	s->spare = xmalloc(size_mul(n, sizeof(uint64_t)));
	s->rank = xmalloc(size_mul(size_mul(d, n), sizeof *s->rank));
	for (size_t i = 0; i < n; i++) {
		s->id[i] = (uint32_t)i;
		s->sign[i] = item[i].y == 0 ? -item[i].weight : item[i].weight;
		memcpy(s->rank + i * d, t->rank + item[i].row * d, d * sizeof *s->rank);
	}
	fill_columns(s);
	return s;
}

void
splitter_free(struct splitter *s)
{
	if (s == NULL)
		return;
	free(s->order);
	free(s->left);
	free(s->sign);
	free(s->column);
	free(s->rank);
	free(s->id);
	free(s->low);
	free(s->spare);
	free(s);
}

void
splitter_weigh(const struct splitter *s, size_t first, size_t n, double *total)
{
	const uint32_t *id = s->id + first;
	double w = 0, v = 0;

	if (s->rules->classes != 2) {
		memset(total, 0, (size_t)s->rules->classes * sizeof *total);
		for (size_t i = 0; i < n; i++)
			total[s->item[id[i]].y] += s->item[id[i]].weight;
		return;
	}
	/* equal sums up to the sign, and so an exact 0, where one class is missing */
	for (size_t i = 0; i < n; i++) {
		w += fabs(s->sign[id[i]]);
		v += s->sign[id[i]];
	}
	total[0] = (w - v) / 2;
	total[1] = (w + v) / 2;
}

/* Where num / den is above the best so far, with den > 0. */
static bool
better(const struct split *best, double num, double den)
{
	return num * best->den > best->num * den;
}

/*
 * Try every cut of a sorted column of two classes; best is replaced by what is better.
 * With w and v the sums of weights and of signed weights up to the cut, W and V those
 * of the node, the gain in Gini impurity is (v W - w V)^2 / (w (W - w)) times what does
 * not depend on the cut.
 */
static void
scan_two(struct splitter *s, const uint64_t *key, size_t n, int j, const double *total,
    struct split *best)
{
	double all = total[0] + total[1], signs = total[1] - total[0], w = 0, v = 0;
	size_t min = s->rules->min_leaf;

	for (size_t i = 0; i + min < n; i++) {
		double x = s->sign[(uint32_t)key[i]], num, den;

		w += fabs(x);
		v += x;
		if (key[i] >> 32 == key[i + 1] >> 32 || i + 1 < min)
			continue;
		num = (v * all - w * signs) * (v * all - w * signs);
		den = w * (all - w);
		if (den > 0 && better(best, num, den))
			*best = (struct split){j, (uint32_t)(key[i] >> 32),
			    (uint32_t)(key[i + 1] >> 32), i + 1, num, den};
	}
}

/* Squares of the class weights on both sides of the cut, each over the side's weight.
 */
static void
gain_of(const struct splitter *s, const double *total, double *num, double *den)
{
	double w[2] = {0, 0}, q[2] = {0, 0};

	for (int k = 0; k < s->rules->classes; k++) {
		double l = s->left[k], r = total[k] - l;

		w[0] += l;
		w[1] += r;
		q[0] += l * l;
		q[1] += r * r;
	}
	*num = q[0] * w[1] + q[1] * w[0];
	*den = w[0] * w[1];
}

/* The same for any number of classes. */
static void
scan_many(struct splitter *s, const uint64_t *key, size_t n, int j, const double *total,
    struct split *best)
{
	size_t min = s->rules->min_leaf;

	memset(s->left, 0, (size_t)s->rules->classes * sizeof *s->left);
	for (size_t i = 0; i + min < n; i++) {
		const struct cart_item *it = &s->item[(uint32_t)key[i]];
		double num, den;

		s->left[it->y] += it->weight;
		if (key[i] >> 32 == key[i + 1] >> 32 || i + 1 < min)
			continue;
		gain_of(s, total, &num, &den);
		if (den > 0 && better(best, num, den))
			*best = (struct split){j, (uint32_t)(key[i] >> 32),
			    (uint32_t)(key[i + 1] >> 32), i + 1, num, den};
	}
}

/* Column j of a small node, sorted. */
static const uint64_t *
sort_small(struct splitter *s, size_t first, size_t n, int j)
{
	const uint32_t *rank = s->rank + j;
	size_t d = (size_t)s->t->d;

	for (size_t i = 0; i < n; i++) {
		uint32_t id = s->id[first + i];
		uint64_t k = (uint64_t)rank[id * d] << 32 | id;
		size_t at = i;

		for (; at > 0 && s->small[at - 1] > k; at--)
			s->small[at] = s->small[at - 1];
		s->small[at] = k;
	}
	return s->small;
}

/* Draw the next column: the k first of order are drawn already. */
static int
draw(struct splitter *s, int k)
{
	int at = k + (int)rng_below(s->r, (uint32_t)(s->t->d - k));
	int j = s->order[at];

	s->order[at] = s->order[k];
	s->order[k] = j;
	return j;
}

bool
splitter_best(struct splitter *s, size_t first, size_t n, const double *total,
    struct split *best)
{
	bool varies = false;

	*best = (struct split){.num = -1, .den = 1};
	for (int k = 0; k < s->t->d && (k < s->rules->features || !varies); k++) {
		int j = draw(s, k);
		const uint64_t *key = n <= SMALL ? sort_small(s, first, n, j)
						 : s->column + (size_t)j * s->n + first;

		if (key[0] >> 32 == key[n - 1] >> 32)
			continue;
		varies = true;
		if (s->rules->classes == 2)
			scan_two(s, key, n, j, total, best);
		else
			scan_many(s, key, n, j, total, best);
	}
	return best->num >= 0;
}

/* What is low to the front, both sides in the order they had. */
static void
divide_column(const struct splitter *s, uint64_t *key, size_t n)
{
	uint64_t *spare = s->spare;
	size_t left = 0, right = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t k = key[i];
		uint8_t low = s->low[(uint32_t)k];

		/* both are written, one is kept: no branch to guess */
		key[left] = k;
		spare[right] = k;
		left += low;
		right += !low;
	}
	memcpy(key + left, spare, right * sizeof *key);
}

static void
divide_ids(const struct splitter *s, uint32_t *id, size_t n)
{
	uint32_t *spare = s->spare;
	size_t left = 0, right = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t k = id[i];
		uint8_t low = s->low[k];

		id[left] = k;
		spare[right] = k;
		left += low;
		right += !low;
	}
	memcpy(id + left, spare, right * sizeof *id);
}

/* Whose items are low. */
static void
mark(struct splitter *s, size_t first, size_t n, const struct split *at)
{
	const uint32_t *rank = s->rank + at->feature;
	const uint64_t *key = s->column + (size_t)at->feature * s->n + first;
	const uint32_t *id = s->id + first;
	size_t d = (size_t)s->t->d;

	if (n > SMALL)
		for (size_t i = 0; i < n; i++)
			s->low[(uint32_t)key[i]] = i < at->left;
	else
		for (size_t i = 0; i < n; i++)
			s->low[id[i]] = rank[id[i] * d] <= at->below;
}

void
splitter_divide(struct splitter *s, size_t first, size_t n, const struct split *at)
{
	mark(s, first, n, at);
	divide_ids(s, s->id + first, n);
	if (at->left <= SMALL && n - at->left <= SMALL)
		return;
	for (int j = 0; j < s->t->d; j++) {
		uint64_t *key = s->column + (size_t)j * s->n + first;

		/* a column that is constant here is so in all parts: never read again
		 */
		if (j != at->feature && key[0] >> 32 != key[n - 1] >> 32)
			divide_column(s, key, n);
	}
}
