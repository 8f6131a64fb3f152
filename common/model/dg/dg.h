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
#ifndef MODEL_DG_DG_H
#define MODEL_DG_DG_H

#include "base/rng.h"
#include "model/dg/config.h"
#include "model/mstream.h"
#include "nn/lstm.h"
#include "nn/mlp.h"
#include "tensor/tensor.h"

enum dg_act { DG_SOFTMAX, DG_SIGMOID, DG_TANH };

/* Neighbouring outputs that share one activation. */
struct dg_group {
	int off, k;
	enum dg_act act;
};

/* The same, by kind: columns of a row. */
struct dg_acts {
	int *sigmoid, *tanh, *soft, *soft_k; /* soft: first columns, and how many */
	int n_sigmoid, n_tanh, n_soft;
};

struct dg_norm {
	real *gamma, *beta; /* (n) */
	int n;
};

/* Views into one block of parameters, or of their gradients. */
struct dg_nets {
	struct mlp attr;                     /* n = 0 when A = 0 */
	struct dg_norm norm[MLP_LAYERS_MAX]; /* behind each hidden layer of attr */
	struct lstm_params lstm;
	struct linear out; /* H to S * F1 */
	struct mlp critic;
	struct mlp aux; /* n = 0 when A = 0 */
};

struct dg {
	struct dg_config cfg;
	const struct tensor_schema *schema; /* lent */
	int max_steps;
	int A, F1, S, R, H, Din;
	int in;                                    /* of the LSTM: A + feat_noise */
	struct dg_group *attr_groups, *row_groups; /* offsets from A's, a row's begin */
	int n_attr_groups, n_row_groups;           /* the last of a row is its flags */
	struct dg_acts attr_acts,
	    block_acts; /* of A columns; of the S rows of a step */
	size_t n_gen, n_critic, n_aux, n_stats;
	size_t n_train; /* n_gen + n_critic + n_aux: what has gradients */
	size_t n_all;   /* n_train + n_stats */
	real *block;    /* (n_all), in that order; stats: running means and variances */
	struct dg_nets net;
	real *run_mean[MLP_LAYERS_MAX], *run_var[MLP_LAYERS_MAX];
	struct params params; /* all of the block, in order */
};

/*
 * dg_new: shapes and a block of zeros.  NS_EUSAGE when cfg is one that dg_config_fit
 * has not seen, or the model would be larger than DG_WEIGHTS_MAX.
 */
#define DG_WEIGHTS_MAX ((size_t)1 << 28)
struct dg *dg_new(const struct tensor_schema *s, const struct dg_config *cfg,
    long max_steps, struct ns_err *e);
void dg_free(struct dg *m);
/* dg_kind: the same for who does not know it; its nets are struct dg. */
extern const struct model_kind dg_kind;

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

/* dg_expand_attr: attribute codes to x (A). */
void dg_expand_attr(const struct dg *m, const uint8_t *code, real *x);
/* dg_expand: a checked tensor record of 1 to max_steps steps to row (Din); returns how
 * many blocks of S rows the series has.  Columns behind them are not written. */
int dg_expand(const struct dg *m, const uint8_t *rec, real *row);

/* dg_acts_init: groups of rows of width columns, repeat rows behind one another. */
void dg_acts_init(struct dg_acts *a, const struct dg_group *g, int n, int width,
    int repeat);
void dg_acts_free(struct dg_acts *a);
/*
 * Activations of rows ld apart, in place.
 * backward: dx, the gradient at the outputs y, becomes that at the inputs.
 */
void dg_act_forward(const struct dg_acts *a, real *x, int ld, int rows);
void dg_act_backward(const struct dg_acts *a, real *dx, int ldd, const real *y, int ldy,
    int rows);

#endif
