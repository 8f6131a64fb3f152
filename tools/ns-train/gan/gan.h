/*
 * gan.h: one training step of the three nets: d_rounds rounds of both critics on one
 * minibatch, then g_rounds of the generator.  Source: NetShare's order of the steps;
 * the attribute noise of a minibatch serves all of its rounds, initial LSTM states are
 * drawn anew in each.
 *
 * Privately (private.h) each round of the critics has a batch of its own (sampled.h):
 * both critics are one mechanism, whose gradient is clipped unit by unit over both
 * together.  All else follows from critics and fakes, and costs no privacy.
 *
 * Everything random comes from streams numbered by chunk, purpose and step, so a run
 * that is resumed at any step draws what the unbroken run would have drawn.
 */
#ifndef NS_TRAIN_GAN_GAN_H
#define NS_TRAIN_GAN_GAN_H

#include "adam.h"
#include "critic/critic.h"
#include "genback.h"
#include "sampled.h"

enum gan_purpose { GAN_INIT, GAN_SHUFFLE, GAN_ATTR, GAN_FEAT, GAN_STATE, GAN_ALPHA };
/* gan_stream: number of the random stream; counter below 2^44. */
uint64_t gan_stream(int chunk, enum gan_purpose p, uint64_t counter);

/* Privately what is found on the private trace itself is NAN: of the critics all but
 * the lengths, which are those of their noisy gradients. */
struct gan_health {
	double critic, aux, generator;                /* losses of the last round */
	double penalty, aux_penalty;                  /* mean (s - 1)^2 */
	double grad_critic, grad_aux, grad_generator; /* lengths of the gradients */
	double mean_length;                           /* rows of a generated series */
	double const_right; /* share of fakes right in what is constant in the chunk */
};
#define GAN_HEALTH_N (sizeof(struct gan_health) / sizeof(double))

struct gan {
	struct dg *m;
	struct pool *pool;
	uint64_t seed;
	int chunk;
	real *mom, *var;      /* (n_train): Adam's moments */
	struct update update; /* of the nets at hand */
	struct critic critic, aux;
	struct dg_gen *gen;
	struct genback back;
	real *real_x, *fake_x, *dx; /* (B, Din): series, gradient at the fakes */
	int *real_blocks;           /* (B) blocks of S rows that each real series has */
	real *dx_aux;               /* (B, A) */
	real *alpha;                /* (B) */
	int *constant; /* (n_attr_groups) the value that never changes, or -1 */
	struct sampled *sampled; /* NULL: nobody is to be protected */
};

struct gan *gan_new(struct dg *m, struct pool *pool, uint64_t seed, int chunk);
void gan_free(struct gan *g);
/* gan_protect: from now on privately, by batches of s, which g owns then. */
void gan_protect(struct gan *g, struct sampled *s);

/* gan_step: step number step (0, 1, ...) with the real series in real_x and
 * real_blocks; privately those of its samples.  NS_ENUMERIC when a number is not finite
 * or the losses run away: the message names step and layer, the weights are spoilt. */
int gan_step(struct gan *g, uint64_t step, struct gan_health *h, struct ns_err *e);
/* gan_settle: after so many steps, bring weights up to date that wait for rows that
 * reach them (update.h).  Without it the model is not whole. */
void gan_settle(struct gan *g, uint64_t steps);
/* gan_snapshot: to a model of the same shape what gan_settle would make of the model
 * now, which itself goes on waiting. */
void gan_snapshot(const struct gan *g, uint64_t steps, struct dg *to);

#endif
