/*
 * wanted.h: series as they are asked for: with some attributes given.
 *
 * Series are drawn as ever, but codes that are not wanted are masked; each is weighed
 * by the probability with which it would have been as wanted without the masks, and as
 * often as its weight says it is taken: so those that are taken are what a model of the
 * wanted series alone would draw.
 * Source: importance resampling (Rubin 1987) with systematic draws.
 */
#ifndef NS_SAMPLE_AR_WANTED_H
#define NS_SAMPLE_AR_WANTED_H

#include "ar/attrs.h"
#include "ar/plan.h"

struct wanted {
	struct symbols sym; /* with the masks of what is wanted */
	struct tensor_schema schema;
	double sum, mark; /* of the weights; the next at which a series is taken */
	double step; /* from one mark to the next, 1; set to 0 it will be the greatest
			of the first weights: where all are small that spares tries */
	uint64_t tried;
	struct plan plan; /* lengths of the last try */
	/* those that were taken: */
	uint32_t *length; /* (n) */
	uint16_t *code;   /* (n, P), ATTR_FREE from the client's port on */
	size_t n, cap_length, cap_code;
};

/* wanted_init: masks are lent; NS_EKIND where they are of steps, which are not drawn
 * before it is known what a series is. */
int wanted_init(struct wanted *w, const struct ar *m, const struct tensor_masks *masks,
    struct rng *r, struct ns_err *e);
void wanted_free(struct wanted *w);
/* wanted_try: draws n series, at most ATTR_ROWS, with lengths by share (LENGTH_CODES),
 * and takes those that their weights say. */
void wanted_try(struct wanted *w, struct attrs *a, int chunk, const real *share, int n,
    struct rng *r);
/* wanted_shuffle: those that are taken as chance has it, so that the first of them are
 * as all are; wanted_order: by their lengths, ascending. */
void wanted_shuffle(struct wanted *w, int P, struct rng *r);
void wanted_order(struct wanted *w, int P);

#endif
