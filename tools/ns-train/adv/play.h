/*
 * play.h: the generator's side: series drawn window by window in the place of real
 * ones, each symbol by the nets of the model from what is drawn already, and the way
 * back from gradients at what was drawn to the weights.
 *
 * A series that is drawn has the chunk and the length of a real one and goes through
 * its windows beside it; its attributes are drawn in its first window, and its LSTM's
 * state and last step go on in the next (struct carried_on).  Gradients end at the
 * begin of a window, as in likelihood training.
 *
 * Draws are hard forward and soft backward (nn/gumbel.h), through all draws of the
 * window that a draw has seen.
 */
#ifndef NS_TRAIN_ADV_PLAY_H
#define NS_TRAIN_ADV_PLAY_H

#include "adv/sight.h"
#include "ar/tape.h"

/* Series that go on, by lane. */
struct carried_on {
	uint16_t *attr, *last; /* (lanes, P), (lanes, M) */
	real *h, *c;           /* (lanes, H) */
};

void carried_on_init(struct carried_on *on, const struct ar *m, int lanes);
void carried_on_free(struct carried_on *on);

/* The draws of one symbol that had a choice. */
struct drawn {
	int n;
	int *row; /* (n) lane, or row of the tape, ascending */
	int *at;  /* attributes: (lanes) where a lane is among them, -1: it is not */
	real *p, *q, *soft, *d; /* (n, k): as gumbel.h has them */
	/* attributes: what the net read and made, and the gradient at what it read */
	real *x, *h1, *h2, *dx;
	int *begin; /* steps: (window + 1) where each step's begin */
};

struct play {
	struct tape *t;          /* lent: lanes loaded, buffers, gradients */
	struct drawn *of;        /* (P + M) */
	const real *marginal;    /* (codes) shares of all symbols' codes, lent */
	real floor;              /* part of them in what is drawn by */
	uint16_t *code;          /* (rows) */
	const real **at;         /* (rows) */
	real *scratch, *through; /* for sight_codes; (rows, widest embedding) */
};

struct play *play_new(const struct ar *m, struct tape *t, const real *marginal);
void play_free(struct play *y);

/*
 * play_draw: the windows of the tape's lanes (tape_load), drawn by the nets of the
 * tape's model; their codes to out, by slot from first on, and on goes what goes on.
 */
void play_draw(struct play *y, struct carried_on *on, struct codes *out, int first,
    struct rng *r);

/* What a critic says to the windows of a shard: the gradient of the generator's loss at
 * the row of each slot from first on, or NULL where it has not seen it. */
struct verdict {
	const struct sight *sight;
	const real *const *row; /* (slots of all shards) */
	int first;
};
/* play_back: gradients of the draws are added to the tape's grad_block. */
void play_back(struct play *y, const struct verdict *v, int n);

/* Parts of them. */
void play_draw_steps(struct play *y, struct carried_on *on, struct rng *r);
void play_back_steps(struct play *y, const struct verdict *v, int n);
/* play_draw_codes: n draws of symbol i from the logits in its p, by t->allow; their
 * codes to y->code. */
void play_draw_codes(struct play *y, int i, int from, int n, struct rng *r);
/* play_judge: what the verdicts say to draws of symbol i, from the from'th on, in step
 * at of the window, is added to their gradients; lanes[r] is that of draw from + r. */
void play_judge(struct play *y, int i, int at, int from, int n, const int *lanes,
    const struct verdict *v, int n_verdicts);

#endif
