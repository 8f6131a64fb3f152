/* tapeparts.h: the parts of tape_run, and of what draws series on a tape. */
#ifndef NS_TRAIN_AR_TAPEPARTS_H
#define NS_TRAIN_AR_TAPEPARTS_H

#include "ar/tape.h"

/* The attributes that are in the loss, of series that begin in this window. */
void tape_attributes(struct tape *t, bool backward, real scale, struct dropout *d,
    struct tape_loss *loss);
/* The steps, and by way of the context what they read of the attributes. */
void tape_steps(struct tape *t, real *state_h, real *state_c, bool keep, bool backward,
    real scale, struct dropout *d, struct tape_loss *loss);

/* tape_pick_codes: what the net of an attribute reads of lane p to row n of those that
 * have a choice. */
void tape_pick_codes(struct tape *t, int n, int p);
/* One pass of the net of an attribute: rows as ar_pick has them, dy the gradient at its
 * logits; dx, that at what it reads, is written. */
struct pick_pass {
	const real *x, *h1, *h2, *dy;
	real *dx;
	const int *unit; /* of each row, as in struct rows */
};
/* tape_pick_backward: of n rows whose codes are those of tape_pick_codes. */
void tape_pick_backward(struct tape *t, int i, const struct pick_pass *q, int n,
    const struct dropout *d);

/* States at the begin of the window, of the rows of its first step; back at its end. */
void tape_begin_states(struct tape *t, const real *state_h, const real *state_c);
void tape_end_states(const struct tape *t, real *state_h, real *state_c);

/* Gradients of the weights that all steps of the window share, from dhid and demb; from
 * dgates and din; then by way of the context, from the sums of these: dx, too. */
void tape_heads_weights(struct tape *t);
void tape_lstm_weights(struct tape *t);
void tape_context_backward(struct tape *t);

static inline real
weight_of(const struct tape *t, int i)
{
	return t->weight != NULL ? t->weight[i] : 1;
}

/* take_loss: nats of n choices of symbol i whose probabilities are in y. */
double take_loss(struct tape *t, int i, int n, int k);

/* linear_backward: of y = x w^T + b, rows dy of out numbers: gradients of w and b to
 * the sink or added; dx = dy w. */
void linear_backward(struct tape *t, const struct linear *l, const struct linear *grad,
    struct rows dy, const real *x, real *dx);
/* reads_backward: gradients of the tables from those of what was read of them; code as
 * in ar_embed. */
void reads_backward(struct tape *t, const struct ar_reads *grad, struct rows dx,
    const uint16_t *chunk, const uint16_t *length, const uint16_t *attr);

#endif
