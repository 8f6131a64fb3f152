/* guard.h: what private training refuses, since it would leak, and why. */
#ifndef NS_TRAIN_PRIVATE_GUARD_H
#define NS_TRAIN_PRIVATE_GUARD_H

#include "run.h"

/* What the input says of itself. */
struct guard_marks {
	const char *unit; /* "flow", "src_ip"; lent */
	int max_series, max_chunks;
};

/* guard_alike: chunks whose units are of one kind, bounded alike, and whose codecs know
 * equally little of them (feed_alike): what bounds one chunk's units would be taken for
 * a bound of all; NS_EUSAGE with what differs. */
int guard_alike(const struct carry *first, const struct carry *c, const char *name,
    struct ns_err *e);
/* guard_input: alike tensors whose units are bounded and numbered and whose codec knows
 * nothing of them; NS_EUSAGE with what makes such, NS_ECORRUPT where a unit is beyond
 * its bounds. */
int guard_input(struct guard_marks *m, const struct feed *f, struct ns_err *e);
/* guard_warm: a model to start from whose data was declared public, as that of all it
 * was started from itself: so a model of public data, too, starts from no other. */
int guard_warm(const struct carry *c, const char *name, struct ns_err *e);
/* guard_options: of the command line, for a kind. */
int guard_options(const struct run_options *o, struct ns_err *e);
/* guard_config: the configuration, when it is complete. */
int guard_config(const struct run_options *o, struct ns_err *e);

#endif
