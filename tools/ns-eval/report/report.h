/* report.h: the scores of a run, and the forms that they are written in. */
#ifndef EVAL_REPORT_H
#define EVAL_REPORT_H

#include "base/mem.h"
#include "figure/figure.h"
#include "metrics/metrics.h"
#include "stream/guarantee.h"

/* One value a metric, over all repeats: those that are defined, their mean, and the sum
 * of squares about it (Welford 1962). */
struct scores {
	int repeats;
	int n[METRICS_MAX];
	double mean[METRICS_MAX], squares[METRICS_MAX];
};
void scores_add(struct scores *s, const double v[METRICS_MAX]);
/* scores_set: a value that is the same in all repeats. */
void scores_set(struct scores *s, size_t i, double v);
/* scores_mean: NAN unless all repeats are defined. */
double scores_mean(const struct scores *s, size_t i);

enum score { SCORE_VALUE, SCORE_FLOOR, SCORE_INDEPENDENT, SCORE_BOOTSTRAP, SCORES };

/* One synthetic trace, over all seeds. */
struct run {
	size_t records, flows;
	struct scores scores[SCORES];
};

/* The synthetic traces of one label, which are repeats of one generator. */
struct result {
	char *name;
	struct run *runs; /* (n) */
	size_t n, cap;
	struct guarantee guarantee; /* of all its traces together */
};

struct report {
	int kind;
	const char *real; /* REAL: the training half where there is a hold-out */
	size_t real_records, real_flows;
	const char *hold_out; /* NULL: none */
	size_t hold_out_records;
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
 * next call.  result_run: one more run of it, likewise. */
struct result *report_result(struct report *r, const char *name);
struct run *result_run(struct result *x);
void report_free(struct report *r);

/* result_mean: over the runs; NAN unless all are defined.  result_deviation: of the
 * sample of runs; with one run, of its seeds; NAN for fewer than two. */
double result_mean(const struct result *x, enum score which, size_t i);
double result_deviation(const struct result *x, enum score which, size_t i);

/* report_counts_differ: whether a synthetic trace has another number of records than
 * what it is scored against, by more than a twentieth: that alone makes scores worse.
 */
bool report_counts_differ(const struct report *r, const struct result *x);

/* result_guarantee: in words, appended to b; false where there is none. */
bool result_guarantee(const struct result *x, struct buf *b);
/* report_leaks: some synthetic trace was learnt with a guarantee, which does not cover
 * scores against the trace that it protects. */
bool report_leaks(const struct report *r);
/* What is said of such scores, a sentence each. */
extern const char *const leaky_report[2];

/* What a value means beside its floor and the independent columns. */
enum verdict {
	VERDICT_FLOOR,  /* as good as it gets */
	VERDICT_BETTER, /* than independent columns */
	VERDICT_SAME,   /* as independent columns */
	VERDICT_WORSE,  /* than no learning */
	VERDICT_EASY,   /* the best there is, but independent columns get that too */
	VERDICT_ROUGH,  /* at a floor of halves, which is too high to tell: independent
			   columns are nearer to the best */
	VERDICT_SHORT,  /* of the floor, and there is no baseline */
	VERDICT_ALONE,  /* there is neither floor nor baseline */
	VERDICT_CLEAR,  /* no sign of copying */
	VERDICT_LEAKS,
	VERDICT_UNTOLD, /* whether it copies: no hold-out, or too little to tell by */
	VERDICT_UNDEFINED,
	VERDICTS
};
/* Up to this many times the floor's distance from the best value is "at the floor". */
#define FLOOR_MARGIN 1.1
/* fair: the floor is that of a hold-out, not of halves, which are smaller. */
enum verdict verdict(const struct metric *m, double value, double floor,
    double independent, bool fair);
/* verdict_of: of metric i of a result; of leakage the worst over its runs, since one
 * copy among them is a leak. */
enum verdict verdict_of(const struct report *r, const struct result *x, size_t i);
const char *verdict_text(enum verdict v);

/* group_defined: whether any metric shown of the group has a value in the result. */
bool group_defined(const struct report *r, const struct result *x, enum group g);

/* The forms of a report, appended to b. */
typedef void report_form(const struct report *r, struct buf *b);
report_form report_text, report_tsv, report_json;

#endif
