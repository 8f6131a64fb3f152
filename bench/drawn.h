/* drawn.h: series that were drawn from a model, and what drawing them needs. */
#ifndef BENCH_DRAWN_H
#define BENCH_DRAWN_H

#include "base/mem.h"
#include "model/ar/ar.h"
#include "model/dg/dg.h"
#include "products.h"

enum { BATCH = 256 }; /* series at once, as ns-sample has them */

struct drawn_series {
	size_t at; /* of its tensor record */
	uint32_t rows;
};

struct drawn {
	struct model model;
	struct buf bytes; /* all records */
	struct drawn_series *series;
	size_t n, cap;
	uint64_t rows;
};

/*
 * drawn_by_gan: a series needs its attributes (attribute net), what they add to the
 * gates, and a recurrent step with its outputs for every block of rows until its end.
 *
 * drawn_by_symbols: an attribute that has a choice is asked for once for all series
 * whose length and attributes before it are equal; each series needs its context and
 * what that adds to gates and heads; each of its steps the LSTM and what it adds to the
 * heads, and the heads of the symbols that have a choice.  Series are put into the
 * order of their lengths, so that those of a batch end together.
 *
 * Series that were drawn and thrown away are not counted.
 */
void drawn_by_gan(struct products *q, struct drawn *d);
void drawn_by_symbols(struct products *q, struct drawn *d);

#endif
