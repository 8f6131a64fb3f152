/*
 * learn.h: a step of likelihood training: shards of the batch side by side, their
 * gradients summed in a fixed order and clipped, Adam, an average of the weights; and
 * how good that average is on series held out.
 *
 * Sources: Kingma and Ba 2015 (Adam); Pascanu, Mikolov and Bengio, ICML 2013 (clipping
 * the gradient's length).
 */
#ifndef NS_TRAIN_AR_LEARN_H
#define NS_TRAIN_AR_LEARN_H

#include "adam.h"
#include "ar/hold.h"
#include "ar/tape.h"
#include "base/pool.h"

/* A batch is cut into shards of about so many series: a rule that does not know how
 * many threads there are, so that the result does not depend on it.  Smaller ones would
 * spend their time on packing weights for products of few rows. */
enum { SHARD_SERIES = 128, SHARDS_MAX = 16 };

struct ar_health {
	/* nats of this training step: a series', of attributes that are still learnt,
	 * and a step's, of all its symbols */
	double attr, step;
	double gradient; /* length, before it is clipped */
	double rate;
	double held; /* nats a series held out, by the averaged weights; or 0 */
};

/*
 * How something does on what is held out: the net of an attribute, the net of the
 * steps, or a symbol of a step, which is no longer in the loss of that net when it
 * stops.  A net that stops has its best weights for good.
 */
struct ar_judged {
	double best; /* least mean nats; 0: not judged yet */
	int since;   /* judgements since then */
	int worse;   /* of those, in which they were clearly more */
	bool stopped;
};

struct ar_learn {
	struct ar *m;
	struct ar averaged; /* m's shape with the averaged weights */
	struct pool *pool;
	uint64_t seed;
	struct lanes lanes;
	struct held held;
	int shards;
	struct tape *tape[SHARDS_MAX];
	struct tape_loss loss[SHARDS_MAX];
	double square[SHARDS_MAX];
	real *state_h, *state_c; /* (batch, H) */
	real *mom, *var;         /* (n_train) */
	real *mean;              /* (n_all) averaged weights */
	real *best;              /* (n_all) those that did best on what is held out */
	real *weight;            /* (P + M) of each symbol in the loss: 1, or 0 */
	double *count; /* (codes) how often each code of each symbol had a choice */
	/* (P + 1 + M): nets, the steps' last, then symbols of a step */
	struct ar_judged *judged;
	/* of the present step */
	uint64_t step; /* of the run */
	struct adam_step adam;
	real clip, keep;
};

/* ar_learn_new: series (n) are taken over by value, what they point to is lent.  from
 * (n_all), or NULL: the weights to start with, in place of the model's own. */
struct ar_learn *ar_learn_new(struct ar *m, struct pool *pool,
    const struct ar_series *series, size_t n, uint64_t seed, const real *from);
void ar_learn_free(struct ar_learn *l);
/* ar_learn_step: number step of the run, done the share of the budget that is used up.
 * NS_ENUMERIC when a number is not finite. */
int ar_learn_step(struct ar_learn *l, uint64_t step, double done, struct ar_health *h,
    struct ns_err *e);
/* ar_count_series: codes of each symbol, where there was a choice, to count (codes of
 * the model): 1 of an attribute, by for each step's; attr (P), step (M) are scratch. */
void ar_count_series(const struct ar *m, const struct ar_series *s, uint16_t *attr,
    uint16_t *step, double by, double *count);
/* ar_learn_lane: the first lane of a shard. */
int ar_learn_lane(const struct ar_learn *l, int shard);
/* ar_learn_update: what is left of a step when the tapes have its gradients: their sum,
 * whose length is in *gradient, update number step + 1 of a and of the average. */
int ar_learn_update(struct ar_learn *l, const struct adam *a, uint64_t step,
    double *gradient, struct ns_err *e);
/* ar_learn_judge: nats a held-out series; keeps the weights of each net where they are
 * the best so far, by these and, of attributes, by the longest series.  0 where nothing
 * is held out. */
double ar_learn_judge(struct ar_learn *l);
/* ar_learn_weigh: weights of the symbols by what has stopped: a net's go with it. */
void ar_learn_weigh(struct ar_learn *l);
/* ar_learn_ended: all nets have stopped, but for those that nothing held out is for. */
bool ar_learn_ended(const struct ar_learn *l);
/* ar_learn_settle: the best averaged weights to the model; lengths that were not
 * counted are read as others, see ar_fill_lengths. */
void ar_learn_settle(struct ar_learn *l);
/* ar_learn_snapshot: to a model of the same shape what ar_learn_settle would make of
 * the model now; judges on the way, but remembers nothing of it. */
void ar_learn_snapshot(struct ar_learn *l, struct ar *to);

/* ar_learn_put, ar_learn_get: the state between two steps, as arrays of a checkpoint:
 * weights and their averages, the lanes, their LSTMs' states, how the
 * judgements went, which symbols are still learnt. */
int ar_learn_put(const struct ar_learn *l, double held, struct nsr_writer *w,
    struct ns_err *e);
int ar_learn_get(struct ar_learn *l, double *held, struct nsr_reader *r,
    struct ns_err *e);

#endif
