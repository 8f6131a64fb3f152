/*
 * dg.h: DoppelGANger: what ns-train and ns-sample share.  Attribute net (noise to
 * attributes), feature net (LSTM: hard attributes and noise to rows of features), and
 * the shapes and weights of both critics.
 *
 * Legend: B series of a batch, A attribute dims, F1 dims of one row of features with
 * its two generation flags, S = sample_len rows made by one recurrent step, R recurrent
 * steps = ceil(longest series / S), H LSTM units.
 *
 * One series as the critics see it is one row of Din = A + R * S * F1 numbers:
 *
 *   attributes | row 0: features, continue, end | row 1: ... | row R * S - 1
 *
 * Flags of a series of L rows: [1, 0] for rows 0 .. L-2, [0, 1] for row L-1 and the
 * rest of its block of S, then zeros, as all features behind row L-1 are.
 */
#ifndef MODEL_DG_H
#define MODEL_DG_H

#include "base/pool.h"
#include "base/rng.h"
#include "model/dgconf.h"
#include "nn/lstm.h"
#include "tensor/tensor.h"

enum dg_act { DG_SOFTMAX, DG_SIGMOID, DG_TANH };

/* Neighbouring outputs that share one activation. */
struct dg_group {
	int off, k;
	enum dg_act act;
};

struct dg_linear {
	real *w, *b; /* (out, in), (out) */
	int out, in;
};

struct dg_mlp { /* linear, ReLU, ..., linear */
	int n;
	struct dg_linear l[DG_LAYERS_MAX];
};

struct dg_norm {
	real *gamma, *beta; /* (n) */
	int n;
};

/* Views into one block of parameters, or of their gradients. */
struct dg_nets {
	struct dg_mlp attr;                 /* n = 0 when A = 0 */
	struct dg_norm norm[DG_LAYERS_MAX]; /* behind each hidden layer of attr */
	struct lstm_params lstm;
	struct dg_linear out; /* H to S * F1 */
	struct dg_mlp critic;
	struct dg_mlp aux; /* n = 0 when A = 0 */
};

struct dg_param {
	char name[40];
	size_t off, n;  /* in the block */
	int rows, cols; /* cols 0: a vector */
};
#define DG_PARAMS_MAX (8 * DG_LAYERS_MAX + 8)

struct dg {
	struct dg_config cfg;
	const struct tensor_schema *schema; /* lent */
	int max_steps;
	int A, F1, S, R, H, Din;
	int in;                                    /* of the LSTM: A + feat_noise */
	struct dg_group *attr_groups, *row_groups; /* offsets from A's, a row's begin */
	int n_attr_groups, n_row_groups;           /* the last of a row is its flags */
	size_t n_gen, n_critic, n_aux, n_stats;
	size_t n_train; /* n_gen + n_critic + n_aux: what has gradients */
	size_t n_all;   /* n_train + n_stats */
	real *block;    /* (n_all), in that order; stats: running means and variances */
	struct dg_nets net;
	real *run_mean[DG_LAYERS_MAX], *run_var[DG_LAYERS_MAX];
	struct dg_param params[DG_PARAMS_MAX]; /* all of the block, in order */
	int n_params;
};

/*
 * dg_new: shapes and a block of zeros.  cfg is one that dg_config_fit has seen;
 * NS_EUSAGE when the model would be larger than DG_WEIGHTS_MAX.
 */
#define DG_WEIGHTS_MAX ((size_t)1 << 28)
struct dg *dg_new(const struct tensor_schema *s, const struct dg_config *cfg,
    long max_steps, struct ns_err *e);
void dg_free(struct dg *m);
/* dg_map: views into a block of at least n_train numbers laid out as m's. */
void dg_map(const struct dg *m, struct dg_nets *net, real *block);

/*
 * dg_init: weights at their start.  Critics: Xavier uniform, biases 0.  LSTM: input
 * Xavier uniform, recurrent orthogonal, biases 0 but the input's forget gate 1.
 * Generator layers: PyTorch's default.  Batch norm: 1 and 0.
 */
void dg_init(struct dg *m, struct rng *r);
/*
 * Means of series, real or generated: of the attributes, and of the rows by their place
 * in the block of S that one recurrent step makes.
 */
struct dg_means {
	double *attr, *row; /* (A), (S, F1) */
	double n, blocks;
};
void dg_means_init(const struct dg *m, struct dg_means *t);
/* dg_means_add: one row of Din whose first blocks blocks count. */
void dg_means_add(const struct dg *m, struct dg_means *t, const real *row, int blocks);
void dg_means_end(const struct dg *m, struct dg_means *t); /* sums to means */
void dg_means_free(struct dg_means *t);

/*
 * dg_set_marginals: the generator's output biases such that its means begin where the
 * data's are.  have NULL: for weights fresh from dg_init, whose biases alone say what
 * comes out; otherwise they are moved by what lies between want and have, the means of
 * what is generated now.  Not in NetShare; without it the first hundreds of steps go
 * into learning the means.
 */
void dg_set_marginals(struct dg *m, const struct dg_means *want,
    const struct dg_means *have);

/* dg_finite: name of the first parameter of the block that holds a number that is not
 * finite, NULL if all are. */
const char *dg_finite(const struct dg *m, const real *block, size_t n);

/* dg_expand_attr: attribute codes to x (A). */
void dg_expand_attr(const struct dg *m, const uint8_t *code, real *x);
/* dg_expand: a checked tensor record of 1 to max_steps steps to row (Din), which must
 * be zero behind A; returns how many columns from the first may differ from zero. */
int dg_expand(const struct dg *m, const uint8_t *rec, real *row);

/*
 * Activations of B rows of stride ld, in place; groups count from x's first column.
 * backward: dx, the gradient at the outputs y, becomes that at the inputs.
 */
void dg_act_forward(const struct dg_group *g, int n, real *x, int ld, int B);
void dg_act_backward(const struct dg_group *g, int n, real *dx, int ldd, const real *y,
    int ldy, int B);

/* ---- The generator at work ---- */

/*
 * struct dg_gen: buffers for a batch.  keep: all recurrent steps stay, for a backward
 * pass; otherwise only the present one.
 */
struct dg_gen {
	const struct dg *m;
	struct pool *pool;
	int B;
	bool keep;
	/* attribute net, per hidden layer: ReLU's output, normalised, and batch norm's
	 */
	real *z; /* (B, attr_noise) */
	real *relu[DG_LAYERS_MAX], *xhat[DG_LAYERS_MAX],
	    *bn[DG_LAYERS_MAX];       /* (B, U) */
	real *inv_std[DG_LAYERS_MAX]; /* (U) */
	/* feature net */
	real *hard;          /* (B, A) */
	real *h0, *c0;       /* (B, H) */
	real *x;             /* (R or 1, B, in) */
	real *h, *c, *gates; /* (R or 2, B, ...) */
	int filled;          /* recurrent steps whose x is ready (keep) */
	int *live;           /* (B) recurrent steps that count; at least 1 */
	int steps;           /* most of them */
	bool *on;            /* (B) still going */
	/* where the series go */
	real *out; /* (B, ld): rows of Din, lent */
	int ld;
};

struct dg_gen *dg_gen_new(const struct dg *m, struct pool *pool, int B, bool keep);
void dg_gen_free(struct dg_gen *g);
void dg_gen_noise(real *x, size_t n, struct rng *r);

/* dg_gen_attr: z to soft attributes in out[:, 0 .. A).  train: batch norm over this
 * batch, running averages moved (they are m's, hence not const). */
void dg_gen_attr(struct dg_gen *g, struct dg *train);
/* dg_gen_harden: hard from out: argmax for discrete ones, the rest as it is. */
void dg_gen_harden(struct dg_gen *g);
/* dg_gen_fresh: new hard attributes are in place: x of all steps is to be made anew. */
void dg_gen_fresh(struct dg_gen *g);
/*
 * dg_gen_series: from hard, h0 and c0 to features in out[:, A ..), live and steps.
 * Noise of step t is drawn from r the first time that t is reached since dg_gen_fresh.
 * Stops when every series has ended; columns of steps behind are not written.
 * Each row is masked: steps behind its own end are zero.
 */
void dg_gen_series(struct dg_gen *g, struct rng *r);
/* dg_gen_length: rows of series b: 1 + leading rows whose continue flag exceeds 1/2. */
int dg_gen_length(const struct dg_gen *g, int b);

#endif
