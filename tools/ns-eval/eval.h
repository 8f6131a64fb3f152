/* eval.h: the whole evaluation: traces in, report out. */
#ifndef EVAL_EVAL_H
#define EVAL_EVAL_H

#include "metrics/gate.h"
#include "report/report.h"

/* A synthetic trace; those of one label are repeats of one generator. */
struct operand {
	const char *label, *path;
};

struct eval_conf {
	const char *real;
	const struct operand *synth; /* (n_synth) */
	int n_synth;
	const char *hold_out; /* NULL: none */
	const char *benign;   /* NULL: none */
	const char *referees; /* NULL: none */
	uint64_t count;       /* compare at so many records; 0: at what there is */
	uint64_t seed, seeds; /* the first, and how many */
	int threads;
	bool figures; /* fill those of the report */
	struct selection selection;
	const struct gates *gates;
};

/*
 * eval_run: read the traces in the order real, hold-out, benign, synthetic ones, each
 * once, and fill r (to be released with report_free, after any result).  NS_ENO with
 * the message in e when a limit is broken: the report is complete then too.
 */
int eval_run(const struct eval_conf *c, struct report *r, struct ns_err *e);

#endif
