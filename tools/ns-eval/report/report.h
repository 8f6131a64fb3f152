/* report.h: the scores of a run, and the forms that they are written in. */
#ifndef EVAL_REPORT_H
#define EVAL_REPORT_H

#include "base/io.h"
#include "figure/figure.h"
#include "metrics/metrics.h"

/* One value a metric, over all repeats: those that are defined, their mean, and the sum
 * of squares about it (Welford 1962). */
struct scores {
	int n[METRICS_MAX];
	double mean[METRICS_MAX], squares[METRICS_MAX];
};
void scores_add(struct scores *s, const double v[METRICS_MAX]);
/* scores_mean: NAN if no value is defined.  scores_deviation: of the sample; NAN for
 * fewer than two values. */
double scores_mean(const struct scores *s, size_t i);
double scores_deviation(const struct scores *s, size_t i);

/* The scores of the synthetic traces of one label. */
struct result {
	char *name;
	int traces;
	size_t records, flows; /* of the first trace */
	struct scores value, floor, independent, bootstrap;
};

struct report {
	int kind;
	const char *real; /* REAL: the training half where there is a hold-out */
	size_t real_records, real_flows;
	const char *hold_out;    /* NULL: none */
	const char *benign;      /* NULL: none */
	size_t ref_records;      /* of what the synthetic traces are scored against */
	size_t floor_records[2]; /* of the two sides of the floor; 0: there is none */
	uint64_t count;          /* of -n, 0: not given */
	uint64_t seed, seeds;    /* the first and how many */
	bool repeats;            /* there are deviations to show */
	struct selection show;
	struct result *results;
	size_t n, cap;
	struct figures figures; /* filled for a page only */
};

/* report_result: the result of that label, a new one if there is none; valid until the
 * next call. */
struct result *report_result(struct report *r, const char *name);
void report_free(struct report *r);

/* What a value means beside its floor and the independent columns. */
enum verdict {
	VERDICT_FLOOR,  /* as good as it gets */
	VERDICT_BETTER, /* than independent columns */
	VERDICT_SAME,   /* as independent columns */
	VERDICT_WORSE,  /* than no learning */
	VERDICT_ALONE,  /* there is no baseline */
	VERDICT_CLEAR,  /* no sign of copying */
	VERDICT_LEAKS,
	VERDICT_UNTOLD, /* whether it copies: no hold-out, or too little to tell by */
	VERDICT_UNDEFINED,
	VERDICTS
};
/* Up to this many times the floor's distance from the best value is "at the floor". */
#define FLOOR_MARGIN 1.1
enum verdict verdict(const struct metric *m, double value, double floor,
    double independent);
/* verdict_of: of metric i of a result. */
enum verdict verdict_of(const struct result *x, size_t i);
const char *verdict_text(enum verdict v);

/* group_defined: whether any metric shown of the group has a value in the result. */
bool group_defined(const struct report *r, const struct result *x, enum group g);

int report_text(const struct report *r, struct out *o, struct ns_err *e);
int report_tsv(const struct report *r, struct out *o, struct ns_err *e);
int report_json(const struct report *r, struct out *o, struct ns_err *e);

#endif
