#include "codec/symbol/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SLOTS_FIRST 64

static size_t
first_slot(const struct tally *t, struct value v)
{
	uint64_t h = (v.lo ^ v.hi * 0xff51afd7ed558ccdu) * 0x9e3779b97f4a7c15u;

	return (size_t)(h >> 32 ^ h) & (t->n_slots - 1);
}

/* The slot of v, or the empty one where it belongs. */
static struct count *
find(struct tally *t, struct value v)
{
	size_t i = first_slot(t, v);

	while (t->slot[i].n != 0 && value_cmp(t->slot[i].v, v) != 0)
		i = (i + 1) & (t->n_slots - 1);
	return &t->slot[i];
}

/* All counts above less, lowered by it, in a table of n slots. */
static void
rebuild(struct tally *t, size_t n, uint64_t less)
{
	struct count *old = t->slot, *c;
	size_t i, n_old = t->n_slots;

	t->slot = xcalloc(n, sizeof *t->slot);
	t->n_slots = n;
	t->used = 0;
	for (i = 0; i < n_old; i++) {
		if (old[i].n <= less)
			continue;
		c = find(t, old[i].v);
		c->v = old[i].v;
		c->n = old[i].n - less;
		t->used++;
	}
	free(old);
}

static int
cmp_counts(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
prune(struct tally *t)
{
	uint64_t *n = xcalloc(t->used, sizeof *n);
	size_t i, k = 0;

	for (i = 0; i < t->n_slots; i++)
		if (t->slot[i].n != 0)
			n[k++] = t->slot[i].n;
	qsort(n, k, sizeof *n, cmp_counts);
	rebuild(t, t->n_slots, n[k / 2]);
	free(n);
	t->pruned = true;
}

void
tally_add(struct tally *t, struct value v, uint64_t n)
{
	struct count *c;

	if (t->n_slots == 0)
		rebuild(t, SLOTS_FIRST, 0);
	if (t->total == 0)
		t->first = v;
	t->varies.hi |= v.hi ^ t->first.hi;
	t->varies.lo |= v.lo ^ t->first.lo;
	t->total += n;
	c = find(t, v);
	if (c->n == 0) {
		if (t->used == TALLY_MAX)
			prune(t);
		else if (2 * (t->used + 1) > t->n_slots)
			rebuild(t, 2 * t->n_slots, 0);
		c = find(t, v);
		c->v = v;
		t->used++;
	}
	c->n += n;
}

static int
cmp_values(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	return value_cmp(x->v, y->v);
}

struct count *
tally_list(const struct tally *t)
{
	struct count *list = xcalloc(t->used + 1, sizeof *list);
	size_t i, k = 0;

	for (i = 0; i < t->n_slots; i++)
		if (t->slot[i].n != 0)
			list[k++] = t->slot[i];
	qsort(list, k, sizeof *list, cmp_values);
	return list;
}

void
tally_free(struct tally *t)
{
	free(t->slot);
	memset(t, 0, sizeof *t);
}
