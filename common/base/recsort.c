/*
 * Keys are brought to 32 bits that keep their order, and these sorted digit by digit,
 * least first, which is stable; the few records that 32 bits do not tell apart are
 * merged by comparison.  Source: Knuth, volume 3, sections 5.2.5 and 5.2.4.
 */
#include "base/recsort.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

#define DIGIT_BITS 11
#define DIGITS 3
#define DIGIT_VALUES (1u << DIGIT_BITS)

static uint32_t
digit(uint32_t key, int d)
{
	return key >> d * DIGIT_BITS & (DIGIT_VALUES - 1);
}

/* Cut the keys to 32 bits; returns by how many. */
static int
cut_keys(struct place *order, const struct recs *r)
{
	uint64_t key, least = UINT64_MAX, most = 0;
	int shift = 0;
	size_t i;

	for (i = 0; i < r->n; i++) {
		key = rec_key(recs_at(r, order[i].at));
		least = key < least ? key : least;
		most = key > most ? key : most;
	}
	while (r->n > 0 && (most - least) >> shift > UINT32_MAX)
		shift++;
	for (i = 0; i < r->n; i++) {
		key = rec_key(recs_at(r, order[i].at));
		order[i].key = (uint32_t)((key - least) >> shift);
	}
	return shift;
}

static void
count_digits(uint32_t count[DIGITS][DIGIT_VALUES], const struct place *order, size_t n)
{
	size_t i;
	int d;

	memset(count, 0, DIGITS * sizeof count[0]);
	for (i = 0; i < n; i++)
		for (d = 0; d < DIGITS; d++)
			count[d][digit(order[i].key, d)]++;
}

static void
move_by_digit(struct place *to, const struct place *from, size_t n, int d,
    uint32_t count[DIGIT_VALUES])
{
	uint32_t i, v, next = 0;
	size_t k;

	for (i = 0; i < DIGIT_VALUES; i++) {
		v = count[i];
		count[i] = next;
		next += v;
	}
	for (k = 0; k < n; k++)
		to[count[digit(from[k].key, d)]++] = from[k];
}

static void
sort_digits(struct place *order, struct place *scratch, size_t n)
{
	uint32_t count[DIGITS][DIGIT_VALUES];
	struct place *from = order, *to = scratch, *t;
	int d;

	count_digits(count, order, n);
	for (d = 0; d < DIGITS; d++) {
		if (n == 0 || count[d][digit(order[0].key, d)] == n)
			continue; /* all have the same digit */
		move_by_digit(to, from, n, d, count[d]);
		t = from;
		from = to;
		to = t;
	}
	if (from != order)
		memcpy(order, from, n * sizeof *order);
}

static int
compare(const struct recs *r, struct place a, struct place b)
{
	const unsigned char *x = recs_at(r, a.at), *y = recs_at(r, b.at);
	uint64_t kx = rec_key(x), ky = rec_key(y);

	if (kx != ky)
		return kx < ky ? -1 : 1;
	return r->cmp != NULL ? r->cmp(x, y) : 0;
}

static void
merge_halves(const struct recs *r, const struct place *from, struct place *to,
    size_t lo, size_t mid, size_t hi)
{
	size_t a = lo, b = mid, o = lo;

	while (a < mid && b < hi)
		to[o++] = compare(r, from[b], from[a]) < 0 ? from[b++] : from[a++];
	memcpy(to + o, from + a, (mid - a) * sizeof *to);
	memcpy(to + o + (mid - a), from + b, (hi - b) * sizeof *to);
}

/* Merge sort of order[0 .. n - 1], bottom up. */
static void
merge_sort(const struct recs *r, struct place *order, struct place *scratch, size_t n)
{
	struct place *from = order, *to = scratch, *t;
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

/* Records of equal 32 bits, which mostly went in in their order. */
static void
sort_equals(const struct recs *r)
{
	const struct place *o = r->order;
	size_t i, first = 0;
	bool sorted = true;

	for (i = 1; i <= r->n; i++) {
		recs_fetch(r, i);
		if (i < r->n && o[i].key == o[i - 1].key) {
			sorted = sorted && compare(r, o[i - 1], o[i]) <= 0;
			continue;
		}
		if (!sorted)
			merge_sort(r, r->order + first, r->scratch + first, i - first);
		first = i;
		sorted = true;
	}
}

void
recs_put(struct recs *r, const void *rec, size_t bytes)
{
	xgrow(&r->p, &r->cap, r->used + bytes, 1);
	xgrow(&r->order, &r->cap_order, r->n + 1, sizeof *r->order);
	memcpy(r->p + r->used, rec, bytes);
	r->order[r->n++].at = (uint32_t)(r->used / RECORD_UNIT);
	r->used += bytes;
}

void
recs_sort(struct recs *r)
{
	int shift = cut_keys(r->order, r);

	xgrow(&r->scratch, &r->cap_scratch, r->n, sizeof *r->scratch);
	sort_digits(r->order, r->scratch, r->n);
	if (shift > 0 || r->cmp != NULL)
		sort_equals(r);
}

void
recs_clear(struct recs *r)
{
	r->n = r->used = 0;
}

void
recs_free(struct recs *r)
{
	free(r->p);
	free(r->order);
	free(r->scratch);
	*r = (struct recs){.cmp = r->cmp};
}
