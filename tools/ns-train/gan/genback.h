/*
 * genback.h: the generator's backward pass.  The attribute net learns through the
 * critics' view of its soft attributes alone: hard attributes and the mask behind the
 * end of a series pass no gradient.  Source: DoppelGANger, as NetShare runs it.
 */
#ifndef NS_TRAIN_GAN_GENBACK_H
#define NS_TRAIN_GAN_GENBACK_H

#include "critic/update.h"
#include "model/dg/gen.h"

struct genback_tape {          /* beside a dg_tape, row by row */
	real *dlogit;          /* (R n, S F1) */
	real *dgates;          /* (R n, 4H) */
	real *dh, *dh_in, *dc; /* (n, H) of the present step */
};

struct genback {
	struct genback_tape *tape;
	int n_tapes;
	real *dh_next, *dc_next; /* (B, H) by row of the batch */
	real *dproj;             /* (B, 4H) gradient at what all steps share */
	real *d[MLP_LAYERS_MAX]; /* (B, U) at the outputs of attr's hidden layers */
	real *dbn;               /* (B, U) */
	real *gamma[MLP_LAYERS_MAX], *beta[MLP_LAYERS_MAX]; /* (U) their gradients */
	struct grad_term *term;                             /* (n_tapes) scratch */
};

void genback_init(struct genback *w, const struct dg_gen *g);
void genback_free(struct genback *w);

/* genback_run: the passes, from dx (B, ldd), the gradient at g's output rows; of row b
 * its live blocks are read.  dx is used up. */
void genback_run(struct genback *w, const struct dg_gen *g, real *dx, int ldd);
/* genback_tiles: the gradients; dx as genback_run left it. */
void genback_tiles(struct genback *w, const struct dg_gen *g, struct update *u,
    const real *dx, int ldd);

#endif
