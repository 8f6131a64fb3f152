/*
 * privacy.h: a private run: its key and its ledger, the noise of each lesson, and what
 * its models say of it.  Every line of the ledger is on disk before what it pays for
 * is.
 */
#ifndef NS_TRAIN_PRIVATE_PRIVACY_H
#define NS_TRAIN_PRIVATE_PRIVACY_H

#include "run.h"

struct privacy;

/* How much will be learnt: steps of the seed and of each net that starts from it. */
struct privacy_steps {
	uint64_t first, others;
	int nets;
	bool warm;         /* the first one starts from other weights */
	uint32_t warm_crc; /* of these, or 0 */
};

/* privacy_begin: f's numbers of series and records become noisy ones, lesson by lesson.
 * output: where the model goes, or NULL.  NULL on failure. */
struct privacy *privacy_begin(const struct run_options *o, const char *output,
    struct feed *f, const struct privacy_steps *steps, struct ns_err *e);
/* privacy_end: rc is how the run ended: well, the key of a checkpoint is no longer
 * needed. */
int privacy_end(struct privacy *p, int rc, struct ns_err *e);

/* privacy_lesson: what l needs to be learnt privately; lent until the next. */
int privacy_lesson(struct privacy *p, struct lesson *l, uint64_t steps,
    struct ns_err *e);
/* privacy_spent: so many steps of the present lesson, and what was counted before them,
 * are about to be told. */
int privacy_spent(struct privacy *p, uint64_t steps, struct ns_err *e);

/* privacy_tag: names data by the run's key: what is in a checkpoint. */
uint32_t privacy_tag(const struct privacy *p, const void *data, size_t n);
/* privacy_hide_input: what the streams of private data say of the files they were made
 * of, and how many records there are, goes no further. */
void privacy_hide_input(struct feed *f);

/* privacy_put: META privacy.* of a model after so many steps of the present lesson; p
 * NULL: of one that was not learnt privately. */
int privacy_put(const struct privacy *p, const struct run_options *o,
    struct nsr_writer *w, struct ns_err *e);

#endif
