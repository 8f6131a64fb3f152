/* start.h: the weights that a chunk's training begins with. */
#ifndef NS_TRAIN_GAN_START_H
#define NS_TRAIN_GAN_START_H

#include "learner.h"
#include "model/dg/dg.h"

/*
 * start_weights: a model for the lesson's one chunk: with initial values, or with the
 * weights that it starts from.  With marginal_init its outputs are moved to the means
 * of this chunk in either case, privately to noisy ones.
 */
struct dg *start_weights(const struct lesson *l, struct ns_err *e);
/* start_averages: batch norm's running averages as they are over one large batch of m's
 * own attributes, for who uses them from the first step on. */
void start_averages(struct dg *m, uint64_t seed, int chunk);

#endif
