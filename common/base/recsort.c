/*
 * Blocks that fit the processor's cache are sorted each for itself and then merged all
 * at once, so that a record is fetched from memory twice, not once a level.  Both steps
 * are stable.  Source of the tree of losers: Knuth, volume 3, section 5.4.1.
 */
#include "base/recsort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BLOCK_BYTES (256u << 10)

static void
merge_halves(const struct recs *r, const uint32_t *from, uint32_t *to, size_t lo,
    size_t mid, size_t hi)
{
	size_t a = lo, b = mid, o = lo;

	while (a < mid && b < hi) {
		if (r->cmp(recs_at(r, from[b]), recs_at(r, from[a]), r->arg) < 0)
			to[o++] = from[b++];
		else
			to[o++] = from[a++];
	}
	while (a < mid)
		to[o++] = from[a++];
	while (b < hi)
		to[o++] = from[b++];
}

/* Merge sort of order[0 .. n - 1], bottom up. */
static void
sort_block(const struct recs *r, uint32_t *order, uint32_t *scratch, size_t n)
{
	uint32_t *from = order, *to = scratch, *t;
	size_t i, width, mid, hi;

	for (width = 1; width < n; width *= 2) {
		for (i = 0; i < n; i += 2 * width) {
			mid = i + width < n ? i + width : n;
			hi = mid + width < n ? mid + width : n;
			merge_halves(r, from, to, i, mid, hi);
		}
		t = from;
		from = to;
		to = t;
	}
	if (from != order)
		memcpy(order, from, n * sizeof *order);
}

/* A tree of losers over k sorted blocks: leaf i is node k + i, the root is node 1. */
struct merge {
	const struct recs *r;
	const uint32_t *order;
	size_t k;
	size_t *pos, *end; /* (k) what is left of each block */
	size_t *loser;     /* (k) the block that lost at a node */
};

/* Block a comes before block b; the earlier one wins a tie, an empty one loses. */
static bool
block_before(const struct merge *m, size_t a, size_t b)
{
	const struct recs *r = m->r;
	int c;

	if (m->pos[a] == m->end[a])
		return false;
	if (m->pos[b] == m->end[b])
		return true;
	c = r->cmp(recs_at(r, m->order[m->pos[a]]), recs_at(r, m->order[m->pos[b]]),
	    r->arg);
	return c != 0 ? c < 0 : a < b;
}

/* Play the matches below a node; returns the winner.  Recursion is log2 k deep. */
static size_t
play(struct merge *m, size_t node)
{
	size_t a, b;

	if (node >= m->k)
		return node - m->k;
	a = play(m, 2 * node);
	b = play(m, 2 * node + 1);
	m->loser[node] = block_before(m, a, b) ? b : a;
	return m->loser[node] == b ? a : b;
}

static size_t
replay(struct merge *m, size_t winner)
{
	size_t node, t;

	for (node = (winner + m->k) / 2; node >= 1; node /= 2) {
		if (!block_before(m, m->loser[node], winner))
			continue;
		t = m->loser[node];
		m->loser[node] = winner;
		winner = t;
	}
	return winner;
}

static void
merge_blocks(const struct recs *r, const uint32_t *order, uint32_t *out, size_t per)
{
	struct merge m = {.r = r, .order = order, .k = (r->n - 1) / per + 1};
	size_t i, w;

	m.pos = xcalloc(m.k, 3 * sizeof *m.pos);
	m.end = m.pos + m.k;
	m.loser = m.end + m.k;
	for (i = 0; i < m.k; i++) {
		m.pos[i] = i * per;
		m.end[i] = r->n - i * per < per ? r->n : (i + 1) * per;
	}
	w = play(&m, 1);
	for (i = 0; i < r->n; i++) {
		out[i] = order[m.pos[w]++];
		w = replay(&m, w);
	}
	free(m.pos);
}

void
recsort(uint32_t *order, uint32_t *scratch, const struct recs *r)
{
	size_t per = BLOCK_BYTES / r->size + 1, i, n;

	for (i = 0; i < r->n; i++)
		order[i] = (uint32_t)i;
	for (i = 0; i < r->n; i += per) {
		n = r->n - i < per ? r->n - i : per;
		sort_block(r, order + i, scratch + i, n);
	}
	if (r->n <= per)
		return;
	merge_blocks(r, order, scratch, per);
	memcpy(order, scratch, r->n * sizeof *order);
}
