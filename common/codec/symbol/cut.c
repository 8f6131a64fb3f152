/* number_fit: which values become symbols of their own, and where the others are cut.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/symbol/number.h"

#define EXACT_ALL 255     /* values that are all symbols of their own, at most */
#define EXACT_MAX 127     /* among others */
#define EXACT_SHARE 2000  /* of all, one in so many at least */
#define BIN_LEAST 4       /* a bin holds so many times the least count */
#define SHAPE_PROBES 1024 /* values of a bin that its shape is judged by */

/* Numbers in order, on the axis without those that are symbols, and their range. */
struct rest {
	uint64_t *v;
	size_t n;
	uint64_t lo, hi; /* hi is beyond */
	size_t least;    /* of a bin or knot */
	bool linear;     /* no bin is in the logarithm */
};

static int
cmp_u64(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* More frequent first, of equals the lower value. */
static int
cmp_frequent(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return value_cmp(x->v, y->v);
}

/* Fills x->cell with the values that are symbols; returns whether they are all. */
static bool
take_exact(struct number *x, const struct tally *t, const struct number_rule *r)
{
	struct count *list = tally_list(t);
	uint64_t least = t->total / EXACT_SHARE;
	size_t i, n = 0;
	bool all;

	least = least > r->min_count ? least : r->min_count;
	qsort(list, t->used, sizeof *list, cmp_frequent);
	all = !t->pruned && t->used <= EXACT_ALL && t->used <= r->symbols &&
	    list[t->used - 1].n >= r->min_count;
	while (n < t->used && (all || (n < EXACT_MAX && list[n].n >= least)))
		n++;
	for (i = 0; i < n; i++)
		x->exact[i] = list[i].v.lo / x->unit;
	free(list);
	qsort(x->exact, n, sizeof *x->exact, cmp_u64);
	x->n = (uint32_t)n;
	for (i = 0; i < n; i++)
		x->cell[i] = (struct symbol_cell){.exact = true, .v = x->exact[i]};
	number_index(x);
	return all;
}

/* Values of their own below v, and whether v is one. */
static uint32_t
exact_below(const struct number *x, uint64_t v, bool *is)
{
	uint32_t i = 0;

	while (i < x->n_exact && x->exact[i] < v)
		i++;
	*is = i < x->n_exact && x->exact[i] == v;
	return i;
}

/* To four significant bits: extreme values of a trace are rare ones, which are nobody
 * else's business. */
static uint64_t
coarse_grain(uint64_t v)
{
	uint64_t grain = 1;

	while (v / grain >= 16)
		grain *= 2;
	return grain;
}

static uint64_t
round_down(uint64_t v)
{
	return v - v % coarse_grain(v);
}

static uint64_t
round_up(uint64_t v, uint64_t most)
{
	uint64_t grain = coarse_grain(v), over = v % grain;

	if (over == 0)
		return v;
	return most - v < grain - over ? most : v + (grain - over);
}

/* The bounds of the rest: as seen where they are frequent, else coarse. */
static void
bound_rest(struct rest *w, const struct number *x, const struct sample *s,
    const uint64_t *raw, const struct number_rule *r)
{
	uint64_t lo = s->min / x->unit, hi = s->max / x->unit;
	uint64_t most = number_most(x, r->limit);
	size_t same_lo = 0, same_hi = 0;
	bool is;

	if (sample_is_all(s) && w->n > 0) {
		lo = raw[0];
		hi = raw[w->n - 1];
	}
	while (same_lo < w->n && raw[same_lo] == lo)
		same_lo++;
	while (same_hi < w->n && raw[w->n - 1 - same_hi] == hi)
		same_hi++;
	if (same_lo < w->least)
		lo = round_down(lo);
	if (same_hi < w->least)
		hi = round_up(hi, most);
	hi += hi < UINT64_MAX;
	w->lo = lo - exact_below(x, lo, &is);
	w->hi = hi - exact_below(x, hi, &is);
	if (w->hi <= w->lo) /* a value that the sample missed lies between */
		w->hi = w->lo + 1;
}

static void
gather_rest(struct rest *w, const struct number *x, const struct sample *s,
    const struct number_rule *r)
{
	size_t i, n = sample_kept(s);
	uint64_t *raw = xcalloc(n + 1, sizeof *raw), v;
	uint32_t below;
	bool is;

	w->n = 0;
	w->linear = r->whole;
	w->least = r->min_count < SAMPLE_MAX ? (size_t)r->min_count : SAMPLE_MAX;
	for (i = 0; i < n; i++) {
		v = s->v[i] / x->unit;
		exact_below(x, v, &is);
		if (!is)
			raw[w->n++] = v;
	}
	qsort(raw, w->n, sizeof *raw, cmp_u64);
	if (r->whole) {
		w->lo = 0;
		w->hi = r->limit + 1;
	} else {
		bound_rest(w, x, s, raw, r);
	}
	for (i = 0; i < w->n; i++) {
		below = exact_below(x, raw[i], &is);
		raw[i] -= below;
	}
	w->v = raw;
}

/* The place nearest to want where v changes, behind from and before end by least. */
static size_t
change_near(const uint64_t *v, size_t from, size_t want, size_t end, size_t least)
{
	size_t up = want, down = want;

	while (up < end && v[up] == v[up - 1])
		up++;
	while (down > from && v[down] == v[down - 1])
		down--;
	if (down > from && down - from >= least && end - down >= least &&
	    want - down <= up - want)
		return down;
	if (up < end && up - from >= least && end - up >= least)
		return up;
	return down > from && down - from >= least && end - down >= least ? down : 0;
}

/* Cuts v[0 .. n) into at most k parts of like size, each of at least least values and
 * none between equal ones; writes where all but the first begin.  Returns how many. */
static size_t
cut(const uint64_t *v, size_t n, size_t k, size_t least, size_t *at)
{
	size_t i, place, from = 0, cuts = 0;

	for (i = 1; i < k; i++) {
		place = n * i / k;
		if (place <= from)
			continue;
		place = change_near(v, from, place, n, least);
		if (place <= from)
			continue;
		at[cuts++] = from = place;
	}
	return cuts;
}

/* Between two numbers, which are then not told. */
static uint64_t
between(uint64_t below, uint64_t above)
{
	return below + (above - below + 1) / 2;
}

/* How far the shares of the bin's values are from what its shape says. */
static double
misfit(struct number *one, const uint64_t *v, size_t n)
{
	size_t i, step = n / SHAPE_PROBES + 1;
	uint32_t symbol;
	double sum = 0;
	float pos;

	for (i = 0; i < n; i += step) {
		number_encode(one, v[i], &symbol, &pos);
		sum += fabs((double)pos - ((double)i + .5) / (double)n);
	}
	return sum;
}

static void
choose_scale(struct bin *b, const uint64_t *v, size_t n)
{
	struct symbol_cell c = {.exact = false, .bin = *b};
	struct number one = {.unit = 1, .n = 1, .cell = &c};
	double linear;

	number_index(&one);
	linear = misfit(&one, v, n);
	c.bin.log = true;
	b->log = misfit(&one, v, n) < linear;
}

static void
shape_bin(struct bin *b, const uint64_t *v, size_t n, uint64_t lo, uint64_t hi,
    const struct rest *w)
{
	size_t at[KNOTS_MAX], k = n / w->least, cuts, i;

	cuts = cut(v, n, k < KNOTS_MAX - 1 ? k : KNOTS_MAX - 1, w->least, at);
	b->log = false;
	b->n = (uint8_t)(cuts + 2);
	b->u[0] = lo;
	b->p[0] = 0;
	for (i = 0; i < cuts; i++) {
		b->u[i + 1] = between(v[at[i] - 1], v[at[i]]);
		b->p[i + 1] = (double)at[i] / (double)n;
	}
	b->u[cuts + 1] = hi;
	b->p[cuts + 1] = 1;
	if (!w->linear)
		choose_scale(b, v, n);
}

/* Appends the bins of the rest. */
static void
take_bins(struct number *x, const struct rest *w, uint32_t most)
{
	size_t at[SYMBOLS_MAX + 1], cuts, i, k = w->n / (BIN_LEAST * w->least);
	uint64_t lo = w->lo, hi;
	size_t from = 0, to;

	k = k < 1 ? 1 : k > most ? most : k;
	cuts = cut(w->v, w->n, k, w->least, at);
	for (i = 0; i <= cuts; i++) {
		to = i < cuts ? at[i] : w->n;
		hi = i < cuts ? between(w->v[to - 1], w->v[to]) : w->hi;
		shape_bin(&x->cell[x->n++].bin, w->v + from, to - from, lo, hi, w);
		from = to;
		lo = hi;
	}
}

/* Values before the bins that begin where they were taken out. */
static void
merge(struct number *x, uint32_t n_exact)
{
	struct symbol_cell *cell = xcalloc(x->n, sizeof *cell);
	uint32_t i = 0, j = n_exact, k = 0;

	while (k < x->n)
		if (j == x->n ||
		    (i < n_exact && x->cell[i].v - i <= x->cell[j].bin.u[0]))
			cell[k++] = x->cell[i++];
		else
			cell[k++] = x->cell[j++];
	free(x->cell);
	x->cell = cell;
	number_index(x);
}

void
number_fit(struct number *x, const struct sample *s, const struct tally *t,
    const struct number_rule *r)
{
	struct rest w;
	uint32_t n_exact;

	memset(x, 0, sizeof *x);
	x->unit = r->whole || s->gcd == 0 ? 1 : s->gcd;
	x->cell = xcalloc(SYMBOLS_MAX, sizeof *x->cell);
	if (!r->whole && take_exact(x, t, r))
		return;
	n_exact = x->n;
	gather_rest(&w, x, s, r);
	take_bins(x, &w, r->symbols - n_exact);
	free(w.v);
	merge(x, n_exact);
}
