/* subject.h: what bench/step.c measures: a net of one kind in training. */
#ifndef BENCH_SUBJECT_H
#define BENCH_SUBJECT_H

#include "base/pool.h"
#include "feed.h"
#include "products.h"

enum { SEED = 1 };

struct subject {
	const char *kind;
	/* open: a net at its start, to learn chunk 0 of f with ns-train's defaults but
	 * for batch series at once (0: the default); f and pool are lent until close.
	 * NULL on failure. */
	void *(*open)(const struct feed *f, struct pool *pool, int batch,
	    struct ns_err *e);
	int (*step)(void *s, struct ns_err *e);
	/* products: those that the step just made needs, in place of what is in q;
	 * returns how many rows of series it saw. */
	double (*products)(const void *s, struct products *q);
	/* describe: the shapes as one line of JSON; NULL: there is no reader of it. */
	void (*describe)(const void *s);
	void (*close)(void *s);
};

extern const struct subject gan_subject, likelihood_subject, adversarial_subject;
/* The first one privately, and clipped without noise; the second privately. */
extern const struct subject private_subject, clipped_subject,
    likelihood_private_subject;

#endif
