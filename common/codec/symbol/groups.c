#include "codec/symbol/groups.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The end of the values of one IP version that begin at i; numbers are one run. */
static uint32_t
run_end(const struct count *list, uint32_t n, uint32_t i)
{
	bool v4 = value_is_v4(list[i].v);

	while (i < n && value_is_v4(list[i].v) == v4)
		i++;
	return i;
}

/* Groups that the values from i on take at least. */
static uint32_t
needed(const struct count *list, uint32_t n, uint32_t i)
{
	uint32_t groups = 0, end;

	for (; i < n; i = end) {
		end = run_end(list, n, i);
		groups += (end - i + GROUP_SIZE - 1) / GROUP_SIZE;
	}
	return groups;
}

/* How many of list[0 .. n) add up to the count nearest to want, from least to most. */
static uint32_t
take(const struct count *list, uint64_t want, uint32_t least, uint32_t most)
{
	uint64_t sum = 0;
	uint32_t k = 0;

	while (k < most && (k < least || sum + list[k].n / 2 < want))
		sum += list[k++].n;
	return k;
}

void
groups_cut(struct groups *g, const struct count *list, uint32_t n)
{
	uint32_t i, k, end, room, least, most, left = GROUPS_MAX;
	uint64_t sum = 0;

	assert(n >= 1 && n <= GROUPED_MAX);
	memset(g, 0, sizeof *g);
	g->v = xcalloc(n, sizeof *g->v);
	for (i = 0; i < n; i++) {
		g->v[i] = list[i].v;
		sum += list[i].n;
	}
	for (i = 0; i < n; left--) {
		end = run_end(list, n, i);
		/* what the groups behind can hold of this run */
		room = GROUP_SIZE * (left - 1 - needed(list, n, end));
		least = end - i > room ? end - i - room : 1;
		most = end - i < GROUP_SIZE ? end - i : GROUP_SIZE;
		k = take(list + i, sum / left, least, most);
		for (end = i + k; i < end; i++)
			sum -= list[i].n;
		g->first[++g->n] = i;
	}
}

void
groups_add(struct groups *g, const struct value *v, uint32_t m)
{
	uint32_t at = g->first[g->n];
	size_t cap = at;

	assert(g->n < GROUPS_MAX && m >= 1 && m <= GROUP_SIZE);
	xgrow(&g->v, &cap, at + m, sizeof *g->v);
	memcpy(g->v + at, v, m * sizeof *v);
	g->first[++g->n] = at + m;
}

void
groups_free(struct groups *g)
{
	free(g->v);
	memset(g, 0, sizeof *g);
}

int
groups_find(const struct groups *g, struct value v, uint32_t *index)
{
	uint32_t lo = 0, hi = g->first[g->n], mid, i = 0;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (value_cmp(g->v[mid], v) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == g->first[g->n] || value_cmp(g->v[lo], v) != 0)
		return -1;
	while (g->first[i + 1] <= lo)
		i++;
	*index = lo - g->first[i];
	return (int)i;
}

uint32_t
groups_widest(const struct groups *g)
{
	uint32_t i, most = 0;

	for (i = 0; i < g->n; i++)
		most = groups_size(g, i) > most ? groups_size(g, i) : most;
	return most;
}
