/*
 * ckpt.h: the state of a training run in a file: what its learner saves, and the step.
 * All random draws are numbered by step, so no more is needed for the rest of the run
 * to give the bytes of an unbroken one.  The file is a model stream of a kind of its
 * own, replaced as a whole (temporary file, fsync, rename).
 */
#ifndef NS_TRAIN_CKPT_H
#define NS_TRAIN_CKPT_H

#include "learner.h"

struct ckpt {
	const char *path;
	int lock; /* descriptor of the lock file, -1 = none */
	const struct learner_ops *ops;
	void *learner; /* of ops, lent */
	/* what the run is: a checkpoint of another one is refused */
	uint32_t options, data;
	bool exact; /* nor may it go on by sums that are rounded in another way */
	char kind[48];
	struct model_head head;
};

struct ckpt_state {
	uint64_t step; /* steps done */
	int64_t elapsed_ns;
	bool over;                          /* there is no more to be learnt */
	double column[LEARNER_COLUMNS_MAX]; /* of the last step */
};

/* ckpt_lock: take path.lock; NS_EAGAIN when another process has it. */
int ckpt_lock(struct ckpt *c, const char *path, struct ns_err *e);
void ckpt_unlock(struct ckpt *c);

/* ckpt_load: 1 = there was one, learner and s are as it says; 0 = there is none. */
int ckpt_load(const struct ckpt *c, struct ckpt_state *s, struct ns_err *e);
int ckpt_save(const struct ckpt *c, const struct ckpt_state *s, struct ns_err *e);

#endif
