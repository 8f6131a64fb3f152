/*
 * genback.h: the generator's backward pass.  The attribute net learns through the
 * critics' view of its soft attributes alone: hard attributes and the mask behind the
 * end of a series pass no gradient.  Source: DoppelGANger, as NetShare runs it.
 */
#ifndef NS_TRAIN_GENBACK_H
#define NS_TRAIN_GENBACK_H

#include "model/dg.h"

struct genback {
	real *dh, *dgates;       /* (R, B, H), (R, B, 4H) */
	real *dh_next, *dc_next; /* (B, H) */
	real *da[2];             /* (B, U) */
};

void genback_init(struct genback *w, const struct dg *m, int B);
void genback_free(struct genback *w);

/*
 * genback_run: gradients of the generator's weights, added to grad, from dx (B, ldd),
 * the gradient at g's output rows; only columns of g's live steps are read.  dx is used
 * up.
 */
void genback_run(struct genback *w, const struct dg_gen *g, const struct dg_nets *grad,
    real *dx, int ldd);

#endif
