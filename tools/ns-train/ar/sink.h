/*
 * sink.h: where gradients of weights go.  Each is a sum over rows: of d^T x for a
 * matrix of weights, of d for a vector, of d at the row of a table that was picked.
 * Without a sink they are added to the gradients at once.  A sink keeps them until it
 * is known how much of its gradient each unit may give: it measures the length of each
 * unit's gradient, of all weights together, and then adds up the rows, each times its
 * unit's part.  So gradients of single units are clipped exactly at the cost of
 * products, and are never there: memory grows with the rows, not with units times
 * weights.
 *
 * Source: Goodfellow, "Efficient per-example gradient computations", 2015 (one row a
 * unit); for several rows the product of Gram matrices, as in Li et al., ICLR 2022,
 * section 4.
 */
#ifndef NS_TRAIN_AR_SINK_H
#define NS_TRAIN_AR_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "nn/real.h"

struct sink;

struct sink *sink_new(void);
void sink_free(struct sink *s);

/* sink_begin: forgets everything; units 0 .. n - 1 are what rows belong to from now on.
 */
void sink_begin(struct sink *s, int units);

/* Rows of d (n, cols), rows ld apart, and the unit of each (n), lent for the call.  In
 * a sink of its own memory, or without one (NULL) as they are. */
struct rows {
	const real *v;
	int ld, n;
	const int *unit;
};
/* sink_keep: rows whose first cols columns serve in several of the calls below. */
struct rows sink_keep(struct sink *s, struct rows r, int cols);
/* sink_stack: the rows of a and behind them those of b, kept; sink_codes: codes of both
 * (n, width).  What is given in two parts belongs to one gradient: each set of weights
 * is to be in one call of those below.  Of a sink that is there. */
struct rows sink_stack(struct sink *s, struct rows a, struct rows b, int cols);
const uint16_t *sink_codes(struct sink *s, const uint16_t *a, int na, const uint16_t *b,
    int nb, int width);

/*
 * The gradients grad of weights from rows d; those and x or code are of the same rows,
 * d is what sink_keep gave.
 *   sink_matrix: grad (out, in) += d^T x
 *   sink_vector: grad (out) += d of all rows
 *   sink_table: row code[i * step] of grad (codes, e) += d of row i
 */
void sink_matrix(struct sink *s, real *grad, int out, int in, struct rows d,
    const real *x, int ldx);
void sink_vector(struct sink *s, real *grad, int out, struct rows d);
void sink_table(struct sink *s, real *grad, int e, struct rows d, const uint16_t *code,
    int step);

/* sink_squares: of the length of each unit's gradient so far (units), lent.  Not finite
 * where a number was not. */
const double *sink_squares(const struct sink *s);
/*
 * sink_length: what a unit's gradient is taken to be long, for clipping; not finite
 * where a number was not.  A sum whose terms cancel is as inexact in float arithmetic
 * as they are long: of each set of weights it counts as SINK_CANCELLED of the lengths
 * of its rows, added up, at least.
 */
#define SINK_CANCELLED 1e-4
double sink_length(const struct sink *s, int unit);
/* sink_pour: all that was kept to the gradients, of each unit part[unit] times; what a
 * unit of part 0 gave is left out, whatever it is. */
void sink_pour(struct sink *s, const real *part);

#endif
