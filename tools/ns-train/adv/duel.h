/*
 * duel.h: a step of adversarial training: the generator draws windows beside real ones
 * (play.h), both critics learn to tell them apart and then say what the generator's
 * gradient is (critics.h).  What the averaged generator draws is compared with what is
 * held out (score.h); the weights that did best are kept.
 *
 * Source: Arjovsky, Chintala and Bottou, ICML 2017 (the Wasserstein critic); Kingma and
 * Ba 2015 (Adam); Loshchilov and Hutter, ICLR 2017 (cosine rate).
 */
#ifndef NS_TRAIN_ADV_DUEL_H
#define NS_TRAIN_ADV_DUEL_H

#include "adv/critics.h"
#include "adv/play.h"
#include "adv/score.h"
#include "ar/learn.h"

struct duel_health {
	double critic, aux, generator;          /* losses */
	double penalty, aux_penalty;            /* mean (s - center)^2 */
	double grad_critic, grad_aux, gradient; /* lengths; the last the generator's,
						   before it is clipped */
	double rate;                            /* the generator's */
};

struct duel {
	struct ar_learn *l; /* lent: the generator, its tapes, lanes, average */
	struct critics critics;
	struct play *play[SHARDS_MAX];
	struct codes genuine, drawn; /* (lanes) */
	struct carried_on on;
	real *marginal;          /* (codes) */
	uint64_t warm;           /* steps that the generator has learnt before */
	double best;             /* the least score, 0: there is none */
	int since;               /* judgements since then */
	uint64_t step, round;    /* of the critics */
	bool moving;             /* the generator's gradients are made of this round */
	double loss[SHARDS_MAX]; /* what likelihood adds to the generator's */
};

/* duel_new: of the generator in l, which has learnt for so many steps, or for none. */
struct duel *duel_new(struct ar_learn *l, uint64_t warm);
void duel_free(struct duel *d);
/* duel_step: number step of the duel, done the share of its time that is behind.
 * NS_ENUMERIC when a number is not finite. */
int duel_step(struct duel *d, uint64_t step, double done, struct duel_health *h,
    struct ns_err *e);
/* duel_moves: the last step was one of the generator, too. */
bool duel_moves(const struct duel *d);
/* duel_judge: the score now; keeps the averaged weights where it is the least. */
double duel_judge(struct duel *d);
/* duel_over: it does not become better. */
bool duel_over(const struct duel *d);
/* duel_snapshot: the weights that have done best so far, or now do, to a net of the
 * same shape; the state stays. */
void duel_snapshot(struct duel *d, struct ar *to);
/* duel_settle: to the model itself. */
void duel_settle(struct duel *d);

int duel_put(const struct duel *d, struct nsr_writer *w, struct ns_err *e);
int duel_get(struct duel *d, struct nsr_reader *r, struct ns_err *e);

#endif
