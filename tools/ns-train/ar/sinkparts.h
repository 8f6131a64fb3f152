/* sinkparts.h: what a sink keeps, and how long the gradients of its units are. */
#ifndef NS_TRAIN_AR_SINKPARTS_H
#define NS_TRAIN_AR_SINKPARTS_H

#include "ar/sink.h"

/* Rows that were kept. */
struct sink_kept {
	real *v;
	int cols, n;
	int *unit; /* (n) */
	/* rows in the order of their units: those of the g-th unit that has some are
	 * order[first[g]] to order[first[g + 1] - 1] */
	int *order, *first, groups;
};

enum sink_kind { SINK_MATRIX, SINK_VECTOR, SINK_TABLE };

struct sink_item {
	enum sink_kind kind;
	real *grad;
	int out, in;
	const struct sink_kept *d;
	size_t col;     /* where d begins in what was kept */
	real *x;        /* SINK_MATRIX: (n, in) */
	uint16_t *code; /* SINK_TABLE: (n) */
};

struct sink_piece {
	struct sink_piece *next;
	size_t size, used;
	max_align_t room[];
};

struct sink {
	struct sink_piece *pieces; /* the one in use first */
	struct sink_kept **kept;
	struct sink_item *item;
	size_t n_kept, cap_kept, n_items, cap_items;
	int units;
	double *square; /* (units) */
	double *terms;  /* (units) squares of the lengths of their rows, added up */
	int *place;     /* (units + 1) scratch */
	size_t cap_square, cap_terms, cap_place;
	real *scratch; /* a gradient of one unit */
	double *rows;  /* rows of one unit, in double */
	size_t cap_scratch, cap_rows;
	/* of one unit: code and row in one number; rows in the order of their codes */
	int64_t *touched;
	int *mates;
	size_t cap_touched, cap_mates;
};

/* Row i of what an item has of d. */
static inline const real *
sink_row(const struct sink_item *x, int i)
{
	return x->d->v + x->col + (size_t)i * (size_t)x->d->cols;
}

/* sink_measure: to the squares of the units what an item adds. */
void sink_measure(struct sink *s, const struct sink_item *x);

#endif
