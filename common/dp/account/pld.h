/*
 * pld.h: privacy loss distributions on a grid of losses k h, for the accountant's own
 * files.
 *
 * The loss of an outcome is ln P/Q, distributed as P has it.  Removing a unit: P is the
 * mixture (1-q) N(0,s^2) + q N(1,s^2), Q is N(0,s^2); adding one: the other way round.
 * Between two points of the grid all of P's and Q's mass goes to the two points so that
 * both are kept: a pair that is harder to protect, never easier, and without the drift
 * that rounding up has (connect the dots, Doroshenko et al. 2022).
 */
#ifndef DP_PLD_H
#define DP_PLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dp/account/account.h"

struct pld {
	double *p;     /* (n) of losses (first + i) h; owned */
	int64_t first; /* its loss is the least; what is below counts as it */
	size_t n;
	double beyond; /* of losses above the last: counts as infinite */
};

/* Losses beyond these are cut: a total epsilon of 1000 is the most that is told. */
#define PLD_LOSS_MAX 1100.0

/* pld_range: the losses of one step that need a place, but for a probability of tail at
 * either end. */
void pld_range(double q, double sigma, bool add, double tail, double *low,
    double *high);
/* pld_step: one step of q in (0, 1] and sigma > 0, for losses first h to last h.
 * pld_free: its memory. */
void pld_step(struct pld *s, double q, double sigma, bool add, double h, int64_t first,
    int64_t last);
void pld_free(struct pld *s);

/* pld_log_moment: ln E[e^(lambda loss)] of what is finite. */
double pld_log_moment(const struct pld *s, double h, double lambda);

/* pld_epsilon_spaced: dp_pld_epsilon on one grid of distance h, as who fixes it has it;
 * h 0: on grids finer and finer until the answer stands still. */
double pld_epsilon_spaced(const struct dp_mechanism *m, size_t n, double delta,
    double h);

/* pld_epsilon_foreseen: about dp_pld_epsilon, as closely as it takes to see on which
 * side of limit > 0 that lies; *close: nothing of it is foreseen.  pld_epsilon_within:
 * whether dp_pld_epsilon is at most limit, for less where it is. */
double pld_epsilon_foreseen(const struct dp_mechanism *m, size_t n, double delta,
    double limit, bool *close);
bool pld_epsilon_within(const struct dp_mechanism *m, size_t n, double delta,
    double limit);

#endif
