/* gate.h: the limits of --max and --min. */
#ifndef EVAL_GATE_H
#define EVAL_GATE_H

#include "base/tool.h"
#include "metrics/metrics.h"

#define GATES_MAX 64

struct gate {
	int metric; /* index into metrics */
	bool is_max;
	double limit;
};
struct gates {
	struct gate v[GATES_MAX];
	size_t n;
};

/* gates_add: one or more NAME=VALUE separated by commas; NS_EUSAGE names what is wrong.
 */
int gates_add(struct gates *g, const char *text, bool is_max, struct ns_err *e);

/* gates_check_selection: NS_EUSAGE if a limit is on a metric that is not shown. */
int gates_check_selection(const struct gates *g, const struct selection *s, int kind,
    struct ns_err *e);

/* gates_check: NS_ENO with metric, value and limit of the first one broken and how many
 * more are; a value that is not defined breaks every limit. */
int gates_check(const struct gates *g, const double *v, const char *trace,
    struct ns_err *e);

#endif
