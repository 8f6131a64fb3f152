/* eval.h: the whole evaluation: traces in, report out. */
#ifndef EVAL_EVAL_H
#define EVAL_EVAL_H

#include "gate.h"
#include "report.h"

struct eval_conf {
	const char *real;
	char **synth; /* n_synth names */
	int n_synth;
	const char *hold_out; /* NULL: none */
	uint64_t count;       /* compare at so many records; 0: at what there is */
	uint64_t seed;
	struct selection selection;
	const struct gates *gates;
};

/*
 * eval_run: read the traces in the order real, hold-out, synthetic ones, each once, and
 * fill r (to be released with report_free, after any result).  NS_ENO with the message
 * in e when a limit is broken: the report is complete then too.
 */
int eval_run(const struct eval_conf *c, struct report *r, struct ns_err *e);

#endif
