/*
 * run.h: what ns-train does between its command line and its output: plans the steps of
 * each chunk, trains them seed first, writes their models in the order of the chunks.
 */
#ifndef NS_TRAIN_RUN_H
#define NS_TRAIN_RUN_H

#include "base/tool.h"
#include "learner.h"

enum { SNAPSHOTS_MAX = 100 };

/* An epsilon above which there is a warning, and above which --weak is needed. */
#define EPSILON_USUAL 3
#define EPSILON_MOST 10

/* Private training, and what the data of other training is declared to be. */
struct privacy_options {
	bool asked; /* --epsilon or --sigma */
	bool has_sigma, insecure, weak, is_public;
	double epsilon, delta, sigma, clip, rate;
	double count_share; /* of the budget, for noisy counts; 0: as the kind has it */
	const char *ledger; /* or NULL: beside the checkpoint or the output */
};

struct run_options {
	const struct learner_ops *ops; /* of the kind of model */
	void *config;      /* of the kind's hypers; run fits it to the trace */
	const bool *given; /* per entry of the hypers: was it on the command line */
	int chunk;         /* -1 = all, seed first */
	const char *warm;  /* model to start from, or NULL */
	double warm_divisor;
	const char *checkpoint, *log; /* or NULL */
	uint64_t checkpoint_every;    /* steps; 0 = every 60 s */
	int epochs;                   /* 0 = not asked for */
	uint64_t steps;               /* 0 = not asked for */
	int64_t budget_ns;            /* 0 = no limit of time */
	int snapshots; /* moments that the run is cut by, see snapshots.h; 0 = none */
	uint64_t seed;
	bool seed_given;
	int threads, level;
	struct privacy_options privacy;
};

int run(const struct tool *t, const struct run_options *o, const char *input,
    struct ns_err *e);

#endif
