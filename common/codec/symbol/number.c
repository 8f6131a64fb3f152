#include "codec/symbol/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The greatest float below 1. */
#define POS_MAX 0x1.fffffep-1f

void
number_free(struct number *x)
{
	free(x->cell);
	memset(x, 0, sizeof *x);
}

void
number_index(struct number *x)
{
	uint32_t i, bins = 0;

	x->n_exact = 0;
	for (i = 0; i < x->n; i++) {
		if (!x->cell[i].exact) {
			x->bin_code[bins++] = (uint16_t)i;
			continue;
		}
		x->exact_code[x->n_exact] = (uint16_t)i;
		x->exact[x->n_exact++] = x->cell[i].v;
	}
}

#define CLASS_EXACT 32

/* The first number of range i behind those that are by themselves. */
static uint64_t
class_first(uint32_t i)
{
	return ((uint64_t)CLASS_EXACT / 4 * (4 + i % 4) << i / 4) + 1;
}

static struct symbol_cell
class_cell(uint32_t i)
{
	struct symbol_cell c = {.exact = i < CLASS_EXACT, .v = i + 1};

	if (c.exact)
		return c;
	c.v = 0;
	c.bin.n = 2;
	c.bin.u[0] = class_first(i - CLASS_EXACT) - CLASS_EXACT;
	c.bin.u[1] = class_first(i - CLASS_EXACT + 1) - CLASS_EXACT;
	c.bin.p[1] = 1;
	return c;
}

void
number_classes(struct number *x, uint64_t most)
{
	uint32_t n = 1, i;

	while (n < CLASS_EXACT && n < most)
		n *= 2;
	while (most > CLASS_EXACT && n < SYMBOLS_MAX - 1 &&
	    class_first(n - CLASS_EXACT) <= most)
		n++;
	x->unit = 1;
	x->n = n;
	x->cell = xcalloc(n, sizeof *x->cell);
	for (i = 0; i < n; i++)
		x->cell[i] = class_cell(i);
	number_index(x);
}

/* How many values of their own are below v. */
static uint32_t
exact_below(const struct number *x, uint64_t v)
{
	uint32_t lo = 0, hi = x->n_exact, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (x->exact[mid] < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The number at u on the axis of those that are no symbol of their own: one more for
 * each of the others that comes before it. */
static uint64_t
expand(const struct number *x, uint64_t u)
{
	uint32_t lo = 0, hi = x->n_exact, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (x->exact[mid] - mid <= u)
			lo = mid + 1;
		else
			hi = mid;
	}
	return u + lo;
}

static double
on_scale(const struct bin *b, double u)
{
	return b->log ? log1p(u) : u;
}

/* Cumulative share at u, which lies between knots k and k + 1. */
static double
share(const struct bin *b, int k, double u)
{
	double from = on_scale(b, (double)b->u[k]);
	double to = on_scale(b, (double)b->u[k + 1]);

	return b->p[k] +
	    (b->p[k + 1] - b->p[k]) * (on_scale(b, u) - from) / (to - from);
}

/* The middle of what u fills, so that rounding does not lead to its neighbours. */
static float
bin_position(const struct bin *b, uint64_t u)
{
	double mid;
	int k = 0;

	while (k < b->n - 2 && b->u[k + 1] <= u)
		k++;
	mid = (share(b, k, (double)u) + share(b, k, (double)u + 1)) / 2;
	return mid >= (double)POS_MAX ? POS_MAX : mid > 0 ? (float)mid : 0;
}

static uint64_t
bin_value(const struct bin *b, double pos)
{
	double from, to, at;
	int k = 0;

	while (k < b->n - 2 && b->p[k + 1] <= pos)
		k++;
	from = on_scale(b, (double)b->u[k]);
	to = on_scale(b, (double)b->u[k + 1]);
	at = from + (to - from) * (pos - b->p[k]) / (b->p[k + 1] - b->p[k]);
	at = b->log ? expm1(at) : at;
	if (!(at > (double)b->u[k]))
		return b->u[k];
	if (at >= (double)(b->u[k + 1] - 1))
		return b->u[k + 1] - 1;
	return (uint64_t)at;
}

/* The last bin that begins at or before u. */
static uint32_t
bin_at(const struct number *x, uint64_t u)
{
	uint32_t lo = 0, hi = x->n - x->n_exact, mid;

	while (hi - lo > 1) {
		mid = lo + (hi - lo) / 2;
		if (x->cell[x->bin_code[mid]].bin.u[0] <= u)
			lo = mid;
		else
			hi = mid;
	}
	return x->bin_code[lo];
}

bool
number_encode(const struct number *x, uint64_t v, uint32_t *symbol, float *pos)
{
	const struct bin *b;
	uint32_t i;

	if (v % x->unit != 0)
		return false;
	v /= x->unit;
	i = exact_below(x, v);
	*pos = 0;
	if (i < x->n_exact && x->exact[i] == v) {
		*symbol = x->exact_code[i];
		return true;
	}
	if (!number_has_bins(x))
		return false;
	v -= i;
	*symbol = bin_at(x, v);
	b = &x->cell[*symbol].bin;
	if (v < b->u[0] || v >= b->u[b->n - 1])
		return false;
	*pos = bin_position(b, v);
	return true;
}

void
number_nearest(const struct number *x, uint64_t v, uint32_t *symbol, float *pos)
{
	uint64_t lo, hi, at, off, best = UINT64_MAX, found = 0;
	uint32_t i;

	if (number_encode(x, v, symbol, pos))
		return;
	v -= v % x->unit;
	for (i = 0; i < x->n; i++) {
		number_bounds(x, i, &lo, &hi);
		at = v < lo ? lo : v > hi ? hi : v;
		off = at < v ? v - at : at - v;
		if (i > 0 && off >= best)
			continue;
		best = off;
		found = at;
	}
	/* within a bin's bounds others may be symbols of their own: also said */
	if (!number_encode(x, found, symbol, pos)) {
		*symbol = 0;
		*pos = 0;
	}
}

uint64_t
number_decode(const struct number *x, uint32_t symbol, float pos)
{
	const struct symbol_cell *c = &x->cell[symbol];

	return x->unit * (c->exact ? c->v : expand(x, bin_value(&c->bin, (double)pos)));
}

void
number_bounds(const struct number *x, uint32_t symbol, uint64_t *lo, uint64_t *hi)
{
	const struct symbol_cell *c = &x->cell[symbol];

	*lo = *hi = c->v;
	if (!c->exact) {
		*lo = expand(x, c->bin.u[0]);
		*hi = expand(x, c->bin.u[c->bin.n - 1] - 1);
	}
	*lo *= x->unit;
	*hi *= x->unit;
}
