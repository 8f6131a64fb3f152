/* chunk.h: what makes the series of a chunk, as they come or as they are asked for. */
#ifndef NS_SAMPLE_AR_CHUNK_H
#define NS_SAMPLE_AR_CHUNK_H

#include "ar/blocks.h"

/* make_plan: lengths for the target; NS_ECORRUPT where the model has none. */
int make_plan(struct sampler *s, const struct target *t, struct ns_err *e);
/* make_carried: flows that go on from earlier chunks; they take their lengths out of
 * the plan.  goon_end is the caller's. */
int make_carried(struct sampler *s, const struct outlet *to, struct ns_err *e);
/* make_wanted: flows as wanted, old and new.  The target is that of new flows with all
 * they come to in later chunks. */
int make_wanted(struct sampler *s, const struct target *t, const struct outlet *to,
    struct ns_err *e);

#endif
