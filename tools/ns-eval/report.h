/* report.h: the scores on paper, in one of three forms. */
#ifndef EVAL_REPORT_H
#define EVAL_REPORT_H

#include "base/io.h"
#include "metrics.h"

/* The scores of one synthetic trace. */
struct result {
	char *name;
	size_t records, flows;
	double value[METRICS_MAX];
	double independent[METRICS_MAX];
	double bootstrap[METRICS_MAX];
};

struct report {
	int kind;
	const char
	    *real; /* name of REAL: the training half where there is a hold-out */
	size_t real_records, real_flows;
	const char *hold_out; /* NULL: none */
	size_t ref_records;   /* of what the synthetic traces are scored against */
	size_t
	    floor_records[2]; /* of the two sides of the floor; 0: there is no floor */
	uint64_t count;       /* of -n, 0: not given */
	uint64_t seed;
	struct selection show;
	double floor[METRICS_MAX];
	struct result *results;
	size_t n, cap;
};

void report_free(struct report *r);

/* verdict: what a value means beside its floor and the independent columns. */
const char *verdict(double value, double floor, double independent);
/* What "at the floor" means: value <= FLOOR_MARGIN x floor. */
#define FLOOR_MARGIN 1.1

int report_text(const struct report *r, struct out *o, struct ns_err *e);
int report_tsv(const struct report *r, struct out *o, struct ns_err *e);
int report_json(const struct report *r, struct out *o, struct ns_err *e);

#endif
