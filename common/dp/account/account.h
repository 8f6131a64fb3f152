/*
 * account.h: how much privacy Gaussian releases spend.
 *
 * A mechanism samples each unit with probability q, sums what the sampled units give,
 * each clipped to length C, and adds Gaussian noise of deviation sigma C; it does so
 * steps times.  Neighbours differ by one unit, added or removed.
 *
 * Sources: Mironov, Talwar and Zhang 2019 (RDP of the sampled Gaussian); Canonne,
 * Kamath and Steinke 2020, proposition 12 (from RDP to epsilon); Balle and Wang, ICML
 * 2018, theorem 8 (the Gaussian without sampling); Koskela et al., AISTATS 2021
 * (privacy loss distributions by FFT); Doroshenko et al., PoPETs 2022 (connecting the
 * dots).
 */
#ifndef DP_ACCOUNT_H
#define DP_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct dp_mechanism {
	double q;       /* 0 .. 1 */
	double sigma;   /* noise multiplier, at least 0; 0 and q > 0: no privacy */
	uint64_t steps; /* 0: it was not run */
};

/* dp_rdp: Renyi divergence of order a > 1 of one step. */
double dp_rdp(double q, double sigma, double a);
/* dp_rdp_epsilon: of all n mechanisms together; infinite where there is none.  *order,
 * if not NULL, is the best order. */
double dp_rdp_epsilon(const struct dp_mechanism *m, size_t n, double delta,
    double *order);

/* dp_pld_epsilon: an upper bound by privacy loss distributions, the greater of both
 * directions; dp_pld_delta: the same for a given epsilon.  Infinite (1) where there is
 * no bound below an epsilon of 1000. */
double dp_pld_epsilon(const struct dp_mechanism *m, size_t n, double delta);
double dp_pld_delta(const struct dp_mechanism *m, size_t n, double epsilon);

/* dp_gaussian_delta: of one unsampled Gaussian release of sensitivity mu sigma. */
double dp_gaussian_delta(double mu, double epsilon);

/* dp_round_up: to three digits behind the point, never down: the epsilon that is told.
 */
double dp_round_up(double epsilon);

/*
 * dp_solve_sigma: the least sigma, to four digits rounded up, with which steps of q and
 * the n other mechanisms together stay within epsilon at delta by both accountants' the
 * headline (PLD).  NS_EUSAGE where none does.
 */
int dp_solve_sigma(double q, uint64_t steps, const struct dp_mechanism *others,
    size_t n, double epsilon, double delta, double *sigma, struct ns_err *e);

#endif
