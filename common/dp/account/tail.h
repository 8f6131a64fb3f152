/*
 * tail.h: tails of the standard normal distribution, to full relative precision however
 * small they are; for the accountant's own files.
 */
#ifndef DP_TAIL_H
#define DP_TAIL_H

/* dp_tail: the probability of more than x. */
double dp_tail(double x);
/* dp_log_tail: its logarithm, finite where the probability itself underflows. */
double dp_log_tail(double x);
/* dp_log_erfc: of the complementary error function, the same way. */
double dp_log_erfc(double x);

#endif
