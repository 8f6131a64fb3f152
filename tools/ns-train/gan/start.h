/* start.h: the weights that a chunk's training begins with. */
#ifndef NS_TRAIN_GAN_START_H
#define NS_TRAIN_GAN_START_H

#include "feed.h"
#include "model/dg/dg.h"

/*
 * start_weights: a model for chunk c.  from NULL: initial values; otherwise the (n_all)
 * weights of another chunk's model.  With marginal_init its outputs are moved to the
 * means of this chunk in either case.
 */
struct dg *start_weights(const struct feed *f, const struct feed_chunk *c,
    const struct dg_config *cfg, const real *from, uint64_t seed, struct ns_err *e);
/* start_averages: batch norm's running averages as they are over one large batch of m's
 * own attributes, for who uses them from the first step on. */
void start_averages(struct dg *m, uint64_t seed, int chunk);

#endif
