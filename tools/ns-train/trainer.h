/*
 * trainer.h: one lesson from its first step to its last: checkpoints, log, progress.
 */
#ifndef NS_TRAIN_TRAINER_H
#define NS_TRAIN_TRAINER_H

#include <stdio.h>

#include "ckpt.h"
#include "run.h"
#include "snapshots.h"

struct trainer {
	const struct run_options *o;
	const struct lesson *lesson;
	void *learner; /* of o->ops, at its start */
	bool warm;
	uint32_t warm_crc;      /* of the weights it starts from, 0 = none */
	FILE *log;              /* or NULL */
	const char *checkpoint; /* or NULL */
	uint64_t steps;         /* to make; UINT64_MAX = until the time is up */
	int64_t budget_ns;      /* 0 = none */
	struct snapshots snapshots;
	struct privacy *privacy; /* or NULL */
	struct ckpt_state state; /* result */
};

/* trainer_run: NS_EAGAIN when INT or TERM came and the checkpoint is written. */
int trainer_run(struct trainer *t, struct ns_err *e);

/* trainer_result: how the lesson has gone so far, but for the net. */
void trainer_result(const struct trainer *t, struct result *x);

/* trainer_log_head: the first line of the log. */
void trainer_log_head(FILE *f, const struct learner_ops *ops);

#endif
