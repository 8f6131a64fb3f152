/*
 * ragged.h: matrices whose rows end at different columns, and their products with dense
 * ones, in which nothing behind the end of a row is multiplied.
 *
 * A row is cut into strips: the first is base columns wide, the others width, the last
 * what is left of cols.  Rows are sorted, most strips first, so all that reach a strip
 * are the first ones, and strips that equally many rows reach (a run) are one product.
 * A row that ends inside a strip is zero to the strip's end.
 */
#ifndef NS_TRAIN_CRITIC_RAGGED_H
#define NS_TRAIN_CRITIC_RAGGED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"
#include "nn/real.h"

struct ragged {
	int base, width, cols;
	int rows;
	const int *strips; /* (rows) falling, each at least 1; lent */
};

struct ragged_run {
	int strip, strips; /* first strip, how many */
	int col, cols;     /* first column, how many */
	int rows;          /* that reach them */
};

/* ragged_next: the run behind *run; {0} before the first.  False when there is none. */
bool ragged_next(const struct ragged *r, struct ragged_run *run);
/* ragged_col: first column of a strip; ragged_strips: strips that n columns take. */
int ragged_col(const struct ragged *r, int strip);
int ragged_strips(const struct ragged *r, int n);

/* ragged_nt: y (rows, out) = x W^T, x (rows, cols) ragged, w (out, cols). */
void ragged_nt(struct pool *p, const struct ragged *r, real *y, int ldy, const real *x,
    int ldx, const real *w, int ldw, int out);
/* ragged_nn: dx (rows, cols) = dy W, written in the strips that count only. */
void ragged_nn(struct pool *p, const struct ragged *r, real *dx, int ldx,
    const real *dy, int ldy, const real *w, int ldw, int out);

#endif
