/* number_cells: numbers cut where nothing but a rule says so. */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "codec/symbol/number.h"

/* Cells that reach over so much of what they begin at are even in the logarithm; the
 * others are narrow, and it makes no difference. */
#define LOG_FROM 1024 /* below, values taken out of the axis would bend it */
#define LOG_PART 4

static uint64_t
power_below(uint64_t v)
{
	uint64_t p = 1;

	while (v / 2 >= p)
		p *= 2;
	return p;
}

/* The first number beyond the cell that begins at lo. */
static uint64_t
cell_end(const struct number_span *s, uint64_t lo)
{
	uint64_t width = s->width, end;

	if (width == 0)
		width = lo == 0 ? 1 : power_below(lo) / s->parts;
	width = width < 1 ? 1 : width;
	end = (lo / width + 1) * width;
	return end < s->end ? end : s->end;
}

/* Ascending values, each once. */
static void
put_exact(struct number *x, uint64_t v)
{
	uint32_t i = x->n_exact;

	while (i > 0 && x->exact[i - 1] > v)
		i--;
	if (i > 0 && x->exact[i - 1] == v)
		return;
	assert(x->n_exact < SYMBOLS_MAX);
	memmove(x->exact + i + 1, x->exact + i, (x->n_exact - i) * sizeof *x->exact);
	x->exact[i] = v;
	x->n_exact++;
}

static uint64_t
exact_below(const struct number *x, uint64_t v)
{
	uint64_t n = 0;

	while (n < x->n_exact && x->exact[n] < v)
		n++;
	return n;
}

static void
put_cell(struct number *x, const struct symbol_cell *c)
{
	assert(x->n < SYMBOLS_MAX);
	x->cell[x->n++] = *c;
}

/* The values of their own below v that have no cell yet. */
static void
put_own(struct number *x, uint32_t *next, uint64_t v)
{
	struct symbol_cell c = {.exact = true};

	for (; *next < x->n_exact && x->exact[*next] < v; ++*next) {
		c.v = x->exact[*next];
		put_cell(x, &c);
	}
}

/* From lo up to end, without those that are values of their own. */
static void
put_bin(struct number *x, uint64_t lo, uint64_t end)
{
	struct symbol_cell c = {.bin = {.n = 2, .p = {0, 1}}};

	c.bin.u[0] = lo - exact_below(x, lo);
	c.bin.u[1] = end - exact_below(x, end);
	c.bin.log = lo >= LOG_FROM && (end - lo) >= lo / LOG_PART;
	if (c.bin.u[0] < c.bin.u[1])
		put_cell(x, &c);
}

void
number_cells(struct number *x, uint64_t unit, const struct number_span *s, size_t n,
    const uint64_t *own, size_t n_own)
{
	uint64_t lo, end;
	uint32_t next = 0;
	size_t i;

	memset(x, 0, sizeof *x);
	x->unit = unit;
	x->cell = xcalloc(SYMBOLS_MAX, sizeof *x->cell);
	for (i = 0; i < n_own; i++)
		put_exact(x, own[i]);
	for (i = 0, lo = 0; i < n; i++)
		for (; lo < s[i].end; lo = end)
			if ((end = cell_end(&s[i], lo)) == lo + 1)
				put_exact(x, lo);
	for (i = 0, lo = 0; i < n; i++)
		for (; lo < s[i].end; lo = end) {
			end = cell_end(&s[i], lo);
			put_own(x, &next, lo + 1);
			if (end > lo + 1)
				put_bin(x, lo, end);
		}
	put_own(x, &next, UINT64_MAX);
	number_index(x);
}
