/* metrics.h: the table of metrics, which of them are wanted, and their values. */
#ifndef EVAL_METRICS_H
#define EVAL_METRICS_H

#include "base/log.h"
#include "data/metric.h"

#define METRICS_MAX 192
extern const struct metric metrics[];
extern const size_t n_metrics;

/* metric_find: its index, or -1. */
int metric_find(const char *name, size_t len);
/* metric_first: the first metric of a group; those of a group are neighbours. */
int metric_first(enum group g);
/* metric_group_name: "fields", "joint" ...; metric_group_title: for people. */
const char *metric_group_name(enum group g);
const char *metric_group_title(enum group g);
/* metric_group_reason: why none of a group may be defined. */
const char *metric_group_reason(enum group g);

/* struct selection: which metrics are shown and which have to be worked out for that.
 */
struct selection {
	bool show[METRICS_MAX], need[METRICS_MAX];
	bool named[GROUPS]; /* by itself or by a metric, not as one of many */
};

/* What -m takes if it is not given. */
#define SELECT_DEFAULT "fidelity,rules,leakage"

/* select_parse: text as of -m, comma list of names and groups; NS_EUSAGE names a word
 * that is neither. */
int select_parse(struct selection *s, const char *text, struct ns_err *e);
/* select_kind: drop what traces of the kind do not have; NS_EUSAGE if nothing is left.
 */
int select_kind(struct selection *s, int kind, struct ns_err *e);
/* select_add, select_drop: a group besides, a group less. */
void select_add(struct selection *s, enum group g);
void select_drop(struct selection *s, enum group g);
/* select_shows: whether a metric of the group is shown. */
bool select_shows(const struct selection *s, enum group g);

/* metric_needs: the option without which a group has no values, or NULL. */
const char *metric_needs(enum group g);

/* How far along the scoring of all comparisons is. */
struct meter {
	struct progress shown;
	uint64_t done;
};
/* score_steps: how many steps score() counts for the selection. */
uint64_t score_steps(const struct selection *s);
/* score: the metrics needed of the pair into v, NAN for all others; t may be NULL. */
void score(const struct pair *p, const struct selection *s, double v[METRICS_MAX],
    struct meter *t);

/* metric_of_training: whether it is a share of what the training trace has, which a
 * copy has wholly: its floor is what the hold-out has of it. */
bool metric_of_training(const struct metric *m);
/* metric_distance: how far a value is from the best one, at least 0. */
double metric_distance(const struct metric *m, double v);

#endif
