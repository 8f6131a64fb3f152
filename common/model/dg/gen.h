/*
 * gen.h: the generator at work: noise to attributes, hard attributes and noise to
 * series of rows.
 *
 * Legend as in dg.h.  A series takes part in the recurrence until its end flag: step by
 * step the rows that have ended leave, and those that stay move up.
 */
#ifndef MODEL_DG_GEN_H
#define MODEL_DG_GEN_H

#include "base/pool.h"
#include "model/dg/dg.h"

/*
 * One range of rows on its way through the recurrent steps; what step t had stands at
 * rows at[t] .. at[t + 1] - 1.  When nothing is kept, every step stands at row 0.
 */
struct dg_tape {
	int first, n;       /* rows of the batch */
	int steps;          /* recurrent steps made */
	int *at;            /* (R + 1) */
	int *row;           /* (R n) which row of the batch */
	real *noise;        /* (R n, feat_noise) */
	real *h_in, *c_in;  /* (R n, H) the state before */
	real *h, *c;        /* (R n, H) and behind the step */
	real *gates;        /* (R n, 4H) activated */
	real *logit;        /* (n, S F1) */
	struct rng *random; /* (n) */
};

/* Noise that is given instead of drawn: h0, c0 (B, H), noise (R, B, feat_noise). */
struct dg_given {
	const real *h0, *c0, *noise;
};

struct dg_gen {
	const struct dg *m;
	struct pool *pool; /* lent */
	int B;
	bool keep; /* all steps stay, for a backward pass */
	/* attribute net, per hidden layer: ReLU's output, normalised, batch norm's */
	real *z; /* (B, attr_noise) */
	real *relu[MLP_LAYERS_MAX], *xhat[MLP_LAYERS_MAX],
	    *bn[MLP_LAYERS_MAX];       /* (B, U) */
	real *inv_std[MLP_LAYERS_MAX]; /* (U) */
	/* feature net */
	real *hard; /* (B, A) */
	real *proj; /* (B, 4H) what hard adds to the gates at every step, with biases */
	real *noise_w; /* (feat_noise, 4H) the weights of the noise, turned */
	struct dg_tape *tape;
	int n_tapes;
	int *live;                    /* (B) recurrent steps that count; at least 1 */
	int steps;                    /* most of them */
	const struct dg_given *given; /* lent, NULL: drawn */
	/* where the series go */
	real *out; /* (B, ld): rows of Din, lent */
	int ld;
};

struct dg_gen *dg_gen_new(const struct dg *m, struct pool *pool, int B, bool keep);
void dg_gen_free(struct dg_gen *g);

/* dg_gen_attr: z to soft attributes in out[:, 0 .. A).  train: batch norm over this
 * batch, running averages moved (they are m's, hence not const). */
void dg_gen_attr(struct dg_gen *g, struct dg *train);
/* dg_gen_harden: hard from out: argmax for discrete ones, the rest as it is. */
void dg_gen_harden(struct dg_gen *g);
/* dg_gen_condition: hard is in place: what it adds to the gates is worked out. */
void dg_gen_condition(struct dg_gen *g);
/*
 * dg_gen_series: features to out[:, A ..), live and steps.  Row b draws its noise from
 * stream noise + b of seed and its initial state from stream state + b.
 * Of row b live[b] blocks of S rows are written, nothing behind them.
 */
void dg_gen_series(struct dg_gen *g, uint64_t seed, uint64_t noise, uint64_t state);
/* dg_gen_length: rows of series b: 1 + leading rows whose continue flag exceeds 1/2. */
int dg_gen_length(const struct dg_gen *g, int b);

#endif
