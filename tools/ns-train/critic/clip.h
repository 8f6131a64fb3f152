/*
 * clip.h: private gradients unit by unit: how long each unit's share of the gradients
 * of all critics together is, and the same shares cut to a length, without ever making
 * one of them.
 *
 * A unit's gradient at a layer is a sum of products d_s a_s^T over its rows s: real,
 * fake and between of each of its series (critic.h).  So the square of its length is
 *
 *   sum over s, t of (d_s . d_t) (a_s . a_t)  +  sum over s, t of data of d_s . d_t
 *
 * where the second sum is of the biases, at which the penalty has no gradient.  Scaling
 * rows d_s scales what they contribute.
 *
 * Source: Goodfellow, "Efficient per-example gradient computations", 2015, for one row
 * an example.
 */
#ifndef NS_TRAIN_CRITIC_CLIP_H
#define NS_TRAIN_CRITIC_CLIP_H

#include "critic/critic.h"

struct clip {
	int n; /* units */
	const int
	    *first; /* (n + 1) series first[u] .. first[u + 1] - 1 are u's; lent */
	int room;
	double *square; /* (room) squares of lengths, of the critics measured so far */
	double *parts;  /* (room) the sums of squared lengths of their products */
	double *factor; /* (room) */
};

/* clip_begin: a batch of n units, nothing of which has been measured.  clip is all
 * zeros before its first one. */
void clip_begin(struct clip *k, int n, const int *first);
void clip_free(struct clip *k);
/* clip_measure: adds what a critic has of each unit behind critic_step; the series of
 * units are the batch's in their order. */
void clip_measure(struct clip *k, const struct critic *c);
/*
 * clip_factors: what each unit is to be multiplied by to be at most so long.  0 where a
 * length is not finite.  A sum whose terms cancel is as inexact as they are long in
 * float arithmetic: it counts as CLIP_CANCELLED of their length at least.
 */
#define CLIP_CANCELLED 1e-3
void clip_factors(struct clip *k, double length);
/* clip_rows: the rows of c by their units' factors, for critic_tiles; rows of factor 0
 * are set to zero whatever they hold.  The losses in c stay those of all of it. */
void clip_rows(const struct clip *k, struct critic *c);

#endif
