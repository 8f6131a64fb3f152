/* lesson.h: a lesson as this kind learns it: its series, its net, its steps. */
#ifndef NS_TRAIN_AR_LESSON_H
#define NS_TRAIN_AR_LESSON_H

#include "ar/learn.h"
#include "learner.h"

/* lesson_fit, lesson_epoch: as struct learner_ops has them. */
int lesson_fit(void *cfg, const struct feed *f, struct ns_err *e);
uint64_t lesson_epoch(const struct lesson *l);

/* lesson_net: weights at their start; NULL on failure.  lesson_series: all series of
 * all chunks, for free(). */
struct ar *lesson_net(const struct lesson *l, const struct ar_config *cfg,
    struct ns_err *e);
struct ar_series *lesson_series(const struct lesson *l);
/* lesson_begin: a net at its start, or where l->from is, and its training; for
 * ar_learn_free, the net is l->m.  NULL on failure. */
struct ar_learn *lesson_begin(const struct lesson *l, struct ns_err *e);
/* lesson_step: ar_learn_step; now and then what is held out judges, *held is the last
 * judgement. */
int lesson_step(struct ar_learn *l, uint64_t at, double done, double *held,
    struct ar_health *h, struct ns_err *e);
/* lesson_finite: NS_ENUMERIC if a weight is not. */
int lesson_finite(const struct ar *m, uint64_t steps, struct ns_err *e);

#endif
