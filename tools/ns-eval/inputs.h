/* inputs.h: the traces of a run, all in memory. */
#ifndef EVAL_INPUTS_H
#define EVAL_INPUTS_H

#include "data/columns.h"
#include "eval.h"
#include "rules/referees.h"

struct inputs {
	struct tables tables;
	struct trace *real;
	struct trace *hold_out; /* NULL: none */
	struct trace *benign;   /* NULL: none */
	struct trace **synth;   /* (n_synth) */
	int n_synth;
	struct referees referees;   /* empty: none */
	struct selection selection; /* of c, less what these traces do not have */
};

/* inputs_load: in is filled as far as it went, to be freed after any result.  Checks
 * the selection, the limits and -n against what is read, before the next is read. */
int inputs_load(struct inputs *in, const struct eval_conf *c, struct ns_err *e);
void inputs_free(struct inputs *in);

#endif
