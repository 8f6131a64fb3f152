/*
 * sight.h: what a critic sees of windows of series: a row of learnt embeddings, one of
 * each code,
 *
 *   chunk | length | steps before the window | attributes | step 0 | step 1 | ...
 *
 * or, of attributes alone, without what comes of steps.  Octets (codes_spell) are not
 * seen: their columns are zero.  Between attributes and steps may be columns that are
 * not made here (gap).
 *
 * Legend: n rows, k codes of a symbol, e width of its embedding.
 */
#ifndef NS_TRAIN_ADV_SIGHT_H
#define NS_TRAIN_ADV_SIGHT_H

#include "adv/codes.h"
#include "model/params.h"

struct sight {
	const struct ar *m;
	bool steps;
	real *chunk, *length, *first; /* (codes, e); first of steps only */
	real **table;         /* (P + M) of each symbol (k, e); NULL: not seen */
	int attr, gap, block; /* columns of attributes, of others behind, of one step */
};

/* sight_layout: the tables as views into block, which begins with them; returns how
 * many numbers they are.  block NULL: just that; list, or NULL: gets their names behind
 * name.  For sight_free. */
size_t sight_layout(struct sight *s, const struct ar *m, bool steps, real *block,
    struct params *list, const char *name);
void sight_free(struct sight *s);
/* sight_init: rows of length 1. */
void sight_init(const struct sight *s, struct rng *r);

/* sight_row: lane i of c to x; sight_row_backward: the gradient dx of it is added to
 * the tables of grad, dx is not changed. */
void sight_row(const struct sight *s, const struct codes *c, int i, real *x);
void sight_row_backward(const struct sight *grad, const struct codes *c, int i,
    real *dx);

/*
 * sight_codes: from the gradients at n rows, each where x (n) points, to those at the
 * codes of symbol i (attributes first) as vectors of one 1: added to d (n, k).  Of a
 * symbol of step at.  scratch (n, e).
 */
void sight_codes(const struct sight *s, int i, int at, const real *const *x, int n,
    real *d, real *scratch);

#endif
