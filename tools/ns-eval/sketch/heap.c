#include "heap.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

void
heap_init(struct heap *h, size_t cap)
{
	assert(cap >= 1);
	h->n = 0;
	h->cap = cap;
	h->at = xcalloc(cap, sizeof *h->at);
}

void
heap_free(struct heap *h)
{
	free(h->at);
}

/* Place e at i or above. */
static void
rise(struct heap *h, size_t i, struct heap_entry e)
{
	for (; i > 0 && h->at[(i - 1) / 2].count > e.count; i = (i - 1) / 2)
		h->at[i] = h->at[(i - 1) / 2];
	h->at[i] = e;
}

/* Place e at i or below. */
static void
sink(struct heap *h, size_t i, struct heap_entry e)
{
	for (size_t c; (c = 2 * i + 1) < h->n; i = c) {
		if (c + 1 < h->n && h->at[c + 1].count < h->at[c].count)
			c++;
		if (h->at[c].count >= e.count)
			break;
		h->at[i] = h->at[c];
	}
	h->at[i] = e;
}

/* Where the key is; n if nowhere. */
static size_t
find(const struct heap *h, uint64_t key)
{
	size_t i = 0;

	while (i < h->n && h->at[i].key != key)
		i++;
	return i;
}

void
heap_offer(struct heap *h, uint64_t key, double count)
{
	struct heap_entry e = {key, count};
	size_t i;

	if (h->n == h->cap && count <= h->at[0].count)
		return;
	i = find(h, key);
	if (i < h->n && count >= h->at[i].count)
		sink(h, i, e);
	else if (i < h->n)
		rise(h, i, e);
	else if (h->n < h->cap)
		rise(h, h->n++, e);
	else
		sink(h, 0, e);
}
