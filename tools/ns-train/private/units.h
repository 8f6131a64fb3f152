/* units.h: which series are of which unit. */
#ifndef NS_TRAIN_PRIVATE_UNITS_H
#define NS_TRAIN_PRIVATE_UNITS_H

#include "learner.h"

/* units_of: those of a lesson's chunks, in the order of their numbers; NS_ECORRUPT
 * where one has more series than max_series, which bounds what it can do to what is
 * learnt. For units_free. */
struct units *units_of(const struct lesson *l, int max_series, struct ns_err *e);
void units_free(struct units *u);
/* units_bounded: NS_ECORRUPT unless each unit of all that was read has at most so many
 * series, in at most so many chunks: what is charged for one is counted by these. */
int units_bounded(const struct feed *f, int max_series, int max_chunks,
    struct ns_err *e);

#endif
