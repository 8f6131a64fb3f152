/*
 * ar.h: the autoregressive model: what ns-train and ns-sample share.
 *
 * A series is drawn symbol by symbol: its chunk is given, its length is drawn from what
 * was counted, then come the attributes one after another, each by a small net that
 * sees those before it.  All of them make the context.  Then come the steps: an LSTM
 * reads the step before, the context and how many steps are done and left; each symbol
 * of a step has a head that sees the LSTM, the context and the symbols of the step
 * before it.
 *
 * Source: the chain rule; NADE (Larochelle and Murray, AISTATS 2011) for attributes by
 * nets of those before; Hochreiter and Schmidhuber 1997 for the LSTM.
 *
 * Legend: n rows; P symbols of the attributes, M of a step; A width of the embeddings
 * of chunk, length and all attributes; R of those of a step; X = R + 2 PLACE_E width of
 * the LSTM's input; C context, H LSTM, V attribute and U head units.
 */
#ifndef MODEL_AR_AR_H
#define MODEL_AR_AR_H

#include "base/rng.h"
#include "model/ar/config.h"
#include "model/ar/counts.h"
#include "model/ar/symbols.h"
#include "model/mstream.h"
#include "nn/dropout.h"
#include "nn/mlp.h"
#include "nn/real.h"

enum { CHUNK_E = 8, LENGTH_E = 16, PLACE_E = 12 }; /* widths of embeddings */

/* What a net reads of a series: chunk, length and the first n attributes, by embeddings
 * of its own (codes, e); together rows of width numbers. */
struct ar_reads {
	real *chunk, *length, **attr;
	int n, width;
};

/* The net of one attribute: linear, ReLU, linear, ReLU, linear. */
struct ar_pick {
	struct ar_reads reads;
	struct linear l1, l2, out;
};

/*
 * Views into one block of parameters, or of their gradients.  The nets of the
 * attributes and the net of the steps have nothing in common, so that each can be
 * trained as long as it becomes better, and no longer.
 */
struct ar_nets {
	struct ar_pick *pick; /* (P) */
	/* the net of the steps */
	struct ar_reads reads;          /* all attributes */
	struct linear context;          /* (C, A) */
	real *left, *done;              /* embeddings (codes, e) */
	real **embed;                   /* of each symbol of a step (k, e) */
	real *w_x, *w_c, *w_h, *b;      /* LSTM: (4H, X), (4H, C), (4H, H), (4H) */
	real *head_h, *head_c, *head_b; /* (M U, H), (M U, C), (M U) */
	real **head_e;                  /* (U, width of the symbols before) */
	struct linear *head;            /* (k, U) */
	real **tables;                  /* where all reads.attr point into */
};

struct ar {
	struct ar_config cfg;
	const struct tensor_schema *schema; /* lent */
	struct symbols sym;
	int chunks, P, M, A, R, X, C, H, V, U;
	size_t n_train, n_all;
	size_t *net_at; /* (P + 2) begin of each net in the block, steps' last; end */
	real *block;    /* (n_all): what is trained, then lengths */
	real *lengths;  /* (chunks, LENGTH_CODES): series of each chunk */
	struct ar_nets net;
	struct params params; /* all of the block */
};

/* The same nets by two ways to learn: "autoregressive", by likelihood, and
 * "adversarial", against critics, which are no part of the model. */
extern const struct model_kind ar_kind, adversarial_kind;

/* ar_new: shapes and a block of zeros; NS_EKIND where s has fields that are no symbols,
 * NS_EUSAGE when the model would be larger than AR_WEIGHTS_MAX. */
#define AR_WEIGHTS_MAX ((size_t)1 << 28)
struct ar *ar_new(const struct tensor_schema *s, const struct ar_config *cfg,
    int chunks, struct ns_err *e);
void ar_free(struct ar *m);

/* ar_view: nets of a block laid out as the model's; for ar_view_free. */
void ar_view(const struct ar *m, real *block, struct ar_nets *net);
void ar_view_free(struct ar_nets *net);

/* ar_init: weights at their start; output biases are those of ar_set_marginals. */
void ar_init(struct ar *m, struct rng *r);
/* ar_set_marginals: output biases such that all symbols begin with the frequencies of
 * count (sym.codes): how often each code of each symbol was seen. */
void ar_set_marginals(struct ar *m, const double *count);

/* ar_fill_lengths: where series of a length code were not counted in any chunk, nets
 * read it as the nearest code that was: who samples may shorten or lengthen series. */
void ar_fill_lengths(const struct ar *m);

/* ---- Forward, for training and sampling alike ---- */

/* ar_embed: x (n, width of reads) from chunk (n), length codes (n) and attribute codes
 * (n, P). */
void ar_embed(const struct ar *m, const struct ar_reads *reads, real *x,
    const uint16_t *chunk, const uint16_t *length, const uint16_t *attr, int n);
/* ar_pick: logits y (n, k) of attribute i from x, what it reads; h1, h2 (n, V) are
 * written. */
void ar_pick(const struct ar *m, int i, const real *x, int n, real *h1, real *h2,
    real *y, struct dropout *d);
/* ar_choose: those logits become probabilities, 0 for what allow (n) does not have.
 * ar_smooth: then those that are drawn by: low bits of rare values are even, so that
 * none of them is known exactly.  ar_block: of how many codes. */
void ar_choose(const struct ar *m, int i, real *y, uint8_t (*allow)[CHOICE_SET], int n);
void ar_smooth(const struct ar *m, int i, real *y, uint8_t (*allow)[CHOICE_SET], int n);
int ar_block(const struct ar *m, int i);
/* ar_context: ctx (n, C) and what it adds to gates (n, 4H) and heads (n, M U). */
void ar_context(const struct ar *m, const real *x, int n, real *ctx, real *gates,
    real *heads);
/* ar_step_input: x (n, X) from the codes of the step before, prev (n, M), and the codes
 * of steps left and done (n); rows where done is 0 have no step before. */
void ar_step_input(const struct ar *m, real *x, const uint16_t *prev,
    const uint16_t *left, const uint16_t *done, int n);
/* ar_gates: gates (n, 4H) += x W_x^T */
void ar_gates(const struct ar *m, real *gates, const real *x, int n);
/* ar_heads: hid (n, M U) += h W_h^T, hid having what the context adds. */
void ar_heads(const struct ar *m, real *hid, const real *h, int n);
/* ar_head: block j of hid becomes that head's hidden layer, by emb (n, R), the
 * embeddings of the symbols of this step; logits y (n, k).  hid's rows are ldh apart.
 */
void ar_head(const struct ar *m, int j, real *hid, int ldh, const real *emb, int n,
    real *y, struct dropout *d);

#endif
