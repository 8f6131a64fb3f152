/*
 * answers.h: series that answer each other.  Openers are drawn as all series are; each
 * then gets an answer, which has the reverse of its five-tuple, a length out of those
 * of answers and a delay, and starts as much later.  So what comes back goes with what
 * went out, and as many flows are answered as were.
 */
#ifndef NS_SAMPLE_AR_ANSWERS_H
#define NS_SAMPLE_AR_ANSWERS_H

#include "ar/blocks.h"

/* answers_possible: the models know series that answer others. */
bool answers_possible(const struct sampler *s);
/* make_talking: the series of the plan, all of which start in the chunk, with answers
 * as far as the plan has some. */
int make_talking(struct sampler *s, const struct outlet *to, struct ns_err *e);

#endif
