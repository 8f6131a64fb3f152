/*
 * private.h: a step of private likelihood training (DP-SGD, see ns-train's private.h):
 * units are sampled, all series of a unit are run whole, each unit's gradient is
 * clipped exactly (sink.h), the sum gets noise, then come Adam and the average of the
 * weights, which see nothing else of the data.
 */
#ifndef NS_TRAIN_AR_PRIVATE_H
#define NS_TRAIN_AR_PRIVATE_H

#include "ar/lesson.h"

struct ar_private;

/* ar_private_begin: a net at its start, or where l->from is, its first guesses by what
 * was counted with noise; for ar_private_free, which leaves the net.  NULL on failure.
 */
struct ar_private *ar_private_begin(const struct lesson *l, struct ns_err *e);
void ar_private_free(struct ar_private *p);
struct ar *ar_private_net(struct ar_private *p);

/* ar_private_step: number step, done the share of the steps that is behind.  Of h what
 * says nothing of the data but by the noise is set, the rest is not a number. */
int ar_private_step(struct ar_private *p, uint64_t step, double done,
    struct ar_health *h, struct ns_err *e);
/* ar_private_sum: of the tests: the clipped sum of units list[0 .. n) without noise, to
 * sum (n_train). */
void ar_private_sum(struct ar_private *p, const uint32_t *list, size_t n, real *sum);
/* ar_private_settle: the averaged weights to a model of the same shape. */
void ar_private_settle(const struct ar_private *p, struct ar *to);

int ar_private_put(const struct ar_private *p, struct nsr_writer *w, struct ns_err *e);
int ar_private_get(struct ar_private *p, struct nsr_reader *r, struct ns_err *e);

/* As struct learner_ops has them. */
const char *ar_private_unfit(const void *cfg, const bool *given);
uint64_t ar_private_releases(const void *cfg);
double ar_private_nominal(const void *cfg);
void ar_private_defaults(void *cfg, const bool *given, bool warm);
double ar_private_share(bool warm);

/* ar_private_start: counts lengths and, where the net starts anew, codes of all
 * symbols, with noise; the weights begin by these. */
void ar_private_start(const struct lesson *l, const struct ar_series *series,
    struct ar *m);

/*
 * ar_private_lengths: how many series have each length, of counts with noise of the
 * given deviation.
 *
 *   noisy    (LENGTH_CODES) read      lengths  (LENGTH_CODES) written: none negative,
 *   most     the longest, at least 1           at least one above 0, 0 beyond most
 */
void ar_private_lengths(const double *noisy, double deviation, uint32_t most,
    real *lengths);

/*
 * ar_private_marginals: output biases by count (sym.codes), counts of all symbols with
 * noise of the given deviation, which is overwritten by what they tell: of numbers bins
 * with their neighbours (spans.h), of other symbols single codes.  Numbers below and
 * above all that is told are never drawn.
 */
void ar_private_marginals(struct ar *m, double deviation, double *count);

#endif
