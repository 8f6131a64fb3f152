/* tapeparts.h: the parts of tape_run. */
#ifndef NS_TRAIN_AR_TAPEPARTS_H
#define NS_TRAIN_AR_TAPEPARTS_H

#include "ar/tape.h"

/* The attributes that are in the loss, of series that begin in this window. */
void tape_attributes(struct tape *t, bool backward, real scale, struct dropout *d,
    struct tape_loss *loss);
/* The steps, and by way of the context what they read of the attributes. */
void tape_steps(struct tape *t, real *state_h, real *state_c, bool keep, bool backward,
    real scale, struct dropout *d, struct tape_loss *loss);

static inline real
weight_of(const struct tape *t, int i)
{
	return t->weight != NULL ? t->weight[i] : 1;
}

/* take_loss: nats of n choices of symbol i whose probabilities are in y. */
double take_loss(struct tape *t, int i, int n, int k);

/* linear_backward: of y = x w^T + b: gradients of w and b added; dx = dy w. */
void linear_backward(const struct linear *l, const struct linear *grad, const real *dy,
    const real *x, real *dx, int n);

#endif
