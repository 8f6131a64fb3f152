/*
 * sampled.h: the batches of private critics: of each round the units of a Poisson
 * sample, all of their series, and a fake for each.
 *
 * A fake depends on nothing but the model and the draws of its own place, which are
 * seeded by the secret key: batches that differ by a unit differ by its series and as
 * many fakes.  So its attributes are normalised by batch norm's running averages, not
 * by its neighbours, and fakes are made a fixed number at once, those behind the last
 * series for nothing, so that not even their rounding tells how many are wanted.
 */
#ifndef NS_TRAIN_GAN_SAMPLED_H
#define NS_TRAIN_GAN_SAMPLED_H

#include "critic/clip.h"
#include "feed.h"
#include "model/dg/gen.h"

struct sampled {
	const struct private *how;
	const struct units *units; /* of the one chunk */
	const struct feed *feed;
	const struct feed_chunk *chunk;
	const struct dg *m;
	struct dg_gen *gen;    /* of as many fakes as are made at once */
	uint32_t *unit;        /* (units->n) the sample, ascending */
	int *first;            /* (units->n + 1) of each its first series */
	int n_units, n;        /* units and series of the round */
	int room;              /* series that the rows hold */
	real *real_x, *fake_x; /* (room, Din) */
	int *real_blocks, *fake_blocks;
	real *alpha; /* (room) */
	struct clip clip;
};

/* sampled_new: all is lent.  There is room for what a batch of the nominal size hardly
 * ever exceeds; where one does, more is made. */
struct sampled *sampled_new(const struct dg *m, struct pool *pool,
    const struct private *how, const struct units *units, const struct feed *f,
    const struct feed_chunk *c);
void sampled_free(struct sampled *s);

/* sampled_round: the number by which all that is secret of a round is drawn: rounds of
 * nets that learn a chunk each have numbers of their own, should they share a key. */
uint64_t sampled_round(const struct sampled *s, uint64_t round);
/* sampled_draw: the batch of a round, by the generator's present weights. */
void sampled_draw(struct sampled *s, uint64_t round);

#endif
