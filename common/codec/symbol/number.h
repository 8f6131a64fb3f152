/*
 * number.h: a number as a symbol and a position within it.
 *
 * A symbol is one value, or a bin of values.  Numbers are counted in units, what all of
 * the trace are multiples of.  A bin is a range on the axis of the whole numbers that
 * are no symbol of their own: the axis closes up where one is taken out.  It holds its
 * own shape as the cumulative share at some knots, linear between them or linear in the
 * logarithm, so that positions drawn evenly in [0, 1) give the values of the trace.
 */
#ifndef CODEC_SYMBOL_NUMBER_H
#define CODEC_SYMBOL_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "codec/symbol/sample.h"
#include "codec/symbol/tally.h"

#define SYMBOLS_MAX 256
#define KNOTS_MAX 9 /* of a bin: its bounds and seven between them */

struct bin {
	bool log;
	uint8_t n;             /* knots, at least 2 */
	uint64_t u[KNOTS_MAX]; /* ascending; the last is the first number beyond */
	double p[KNOTS_MAX];   /* cumulative share, from 0 to 1 */
};

struct symbol_cell {
	bool exact;
	uint64_t v; /* exact: in units */
	struct bin bin;
};

struct number {
	uint64_t unit;            /* at least 1 */
	uint32_t n, n_exact;      /* symbols, at least 1; those that are one value */
	struct symbol_cell *cell; /* (n), ascending */
	/* what number_index makes of them */
	uint64_t exact[SYMBOLS_MAX]; /* (n_exact), ascending */
	uint16_t exact_code[SYMBOLS_MAX];
	uint16_t bin_code[SYMBOLS_MAX]; /* (n - n_exact) */
};

void number_free(struct number *x);
/* number_index: prepares the search, once all symbols are there. */
void number_index(struct number *x);
/* number_has_bins: there is a position beside the symbol. */
static inline bool
number_has_bins(const struct number *x)
{
	return x->n_exact < x->n;
}

/*
 * number_classes: an empty x becomes classes of whole numbers from 1 on that depend on
 * nothing but the greatest, most, and hardly on that: each up to 32 by itself, then
 * four ranges from a power of two to the next.  Where most is up to 32 the last is the
 * power of two that is not below it, else the last is the range that has it.
 */
void number_classes(struct number *x, uint64_t most);

/*
 * number_cells: an empty x becomes cells that depend on no trace.  Spans follow one
 * another from 0 on, each up to its end, in units; a cell of one number is a value of
 * its own, as the n_own ascending ones are beside; the whole must be SYMBOLS_MAX cells
 * at most.
 */
struct number_span {
	uint64_t end;   /* the first number beyond */
	uint64_t width; /* of each cell, which ends at a multiple of it; or 0: */
	uint32_t parts; /* so many equal cells from a power of two to the next */
};
void number_cells(struct number *x, uint64_t unit, const struct number_span *s,
    size_t n, const uint64_t *own, size_t n_own);

/* number_encode: symbol and position of v; the position of a value of its own is 0.
 * Returns false where there is none: no multiple of the unit, or beyond the bounds. */
bool number_encode(const struct number *x, uint64_t v, uint32_t *symbol, float *pos);
/* number_nearest: those of the value that is nearest to v of all it can say; of those
 * between two multiples of the unit the lower. */
void number_nearest(const struct number *x, uint64_t v, uint32_t *symbol, float *pos);
/* number_decode: pos from 0 to 1. */
uint64_t number_decode(const struct number *x, uint32_t symbol, float pos);
/* number_bounds: least and greatest value that the symbol can stand for. */
void number_bounds(const struct number *x, uint32_t symbol, uint64_t *lo, uint64_t *hi);

/* number_most: the greatest count of units that stays within the limit. */
static inline uint64_t
number_most(const struct number *x, uint64_t limit)
{
	return limit / x->unit;
}

/* What number_fit goes by. */
struct number_rule {
	uint64_t min_count; /* at least 1 */
	uint64_t limit;     /* greatest value there can be */
	uint32_t symbols;   /* at most so many, up to SYMBOLS_MAX */
	bool whole;         /* one range from 0 to limit, no values of their own */
};
/* number_fit: symbols for the values that s sampled and t counted (not looked at where
 * the range is whole); at least one value was seen. */
void number_fit(struct number *x, const struct sample *s, const struct tally *t,
    const struct number_rule *r);

#endif
