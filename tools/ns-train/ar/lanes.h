/*
 * lanes.h: which steps of which series a training step sees.  A batch has so many
 * lanes; each goes through a series window by window, its LSTM's state carried on, and
 * then takes the next one.  So all steps of all series are seen equally often, and a
 * long series holds up one lane, not a batch.
 */
#ifndef NS_TRAIN_AR_LANES_H
#define NS_TRAIN_AR_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A tensor record, checked, lent. */
struct ar_series {
	const uint8_t *rec;
	uint32_t length;
	uint32_t number; /* among all */
	uint16_t chunk;
};

struct lane {
	const struct ar_series *series;
	uint32_t first, n; /* steps of this window; first 0: the series begins here */
	bool held;         /* its steps are not learnt, see hold.h */
	int unit;          /* of the batch, where gradients of units are told apart */
};

struct lanes {
	const struct ar_series *all; /* (n) */
	size_t n;
	uint64_t seed;
	int count, window;
	double hold;       /* share of the windows of long series that are held out */
	struct lane *lane; /* (count) */
	uint32_t *perm;    /* (n) order of this epoch */
	uint64_t epoch;
	size_t next; /* place in perm */
};

void lanes_init(struct lanes *l, const struct ar_series *all, size_t n, uint64_t seed,
    int count, int window, double hold);
void lanes_free(struct lanes *l);
/* lanes_go: to a place of an epoch; the lanes are the caller's to set. */
void lanes_go(struct lanes *l, uint64_t epoch, size_t next);
/* lanes_restart: all take new series next, wherever they are. */
void lanes_restart(struct lanes *l);
/* lanes_next: on to the windows of the next training step; before it there are none. */
void lanes_next(struct lanes *l);

#endif
