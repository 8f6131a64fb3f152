/*
 * snapshots.h: models that a run of N moments leaves under way: FILE.1 when 1/N of its
 * steps or of its time is behind, FILE.2 at 2/N, up to FILE.(N-1); FILE itself is the
 * one at the end.
 */
#ifndef NS_TRAIN_SNAPSHOTS_H
#define NS_TRAIN_SNAPSHOTS_H

#include "models.h"

struct snapshots {
	const struct models *models; /* lent */
	int next;                    /* number of the one that is next */
};

/*
 * snapshots_start: a run begins, or goes on, where the share done (0 .. 1) is behind.
 * Those of before must be there (NS_EKIND); those to come are another run's, if there
 * are any, and are removed, since a run that ends early would leave them.
 */
int snapshots_start(struct snapshots *s, double done, struct ns_err *e);
/* snapshots_due: whether one is to be taken when the share done is behind. */
bool snapshots_due(const struct snapshots *s, double done);
/* snapshots_take: the next one, of a lesson that has gone as x says but for its net and
 * number; the learner's state stays as it is.  NS_ENUMERIC where a weight is not
 * finite. */
int snapshots_take(struct snapshots *s, const struct lesson *l, void *learner,
    const struct result *x, struct ns_err *e);

#endif
