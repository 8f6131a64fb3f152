/*
 * metrics.h: the table of metrics.  Each compares a candidate with a reference on one
 * scale; 0 is equal, greater is worse.
 */
#ifndef EVAL_METRICS_H
#define EVAL_METRICS_H

#include "side.h"

enum group { GROUP_FIELDS, GROUP_JOINT, GROUP_FLOW, GROUPS };

struct pair {
	const struct side *ref, *cand;
	const struct scale *scale;
	uint64_t
	    seed; /* of the thinning of the larger side, where ranks are compared */
};

struct metric;
/* v: the values of the metrics before this one in the table. */
typedef double metric_fn(const struct pair *p, const struct metric *m, const double *v);

struct metric {
	const char *name;
	enum group group;
	unsigned kinds; /* 1u << NSR_PACKET, 1u << NSR_FLOW */
	const char *measure;
	const char *unit;
	metric_fn *fn;
	int a, b;       /* what fn compares: enum key or enum sample */
	const char *of; /* names of the metrics that fn takes from v, or NULL */
};

#define METRICS_MAX 64
extern const struct metric metrics[];
extern const size_t n_metrics;

/* metric_find: its index, or -1.  metric_group_name: "fields", "joint", "flow". */
int metric_find(const char *name, size_t len);
const char *metric_group_name(enum group g);

/* struct selection: which metrics are shown and which have to be worked out for that.
 */
struct selection {
	bool show[METRICS_MAX], need[METRICS_MAX];
};

/* select_parse: text as of -m, comma list of names and groups; NS_EUSAGE names a word
 * that is neither. */
int select_parse(struct selection *s, const char *text, struct ns_err *e);
/* select_kind: drop what traces of the kind do not have; NS_EUSAGE if nothing is left.
 */
int select_kind(struct selection *s, int kind, struct ns_err *e);

/* score: the metrics needed of the pair into v, NAN for all others. */
void score(const struct pair *p, const struct selection *s, double v[METRICS_MAX]);

/* The functions of the table, by what they compare. */
metric_fn jsd_of_ranks, jsd_of_values, jsd_of_pairs;         /* fields.c */
metric_fn emd_of_sample, emd_by_range, emd_of_logs, mean_of; /* amounts.c */
metric_fn emd_of_rates, acf_mean, acf_max, jsd_of_chunks, cross_chunk_gap; /* times.c */

/* What jsd_of_values and jsd_of_pairs take as the value of a record. */
enum key {
	KEY_COLUMN = 0,                    /* + enum col: as it is */
	KEY_CLASS = COL_MAX,               /* + enum sample: class of the scale */
	KEY_ID_BIN = COL_MAX + SAMPLE_MAX, /* identification in bins of 256 */
	KEY_FRAGMENT,                      /* whether the fragment offset is above 0 */
	KEY_SIZE /* class of the IP length of a packet, the bytes of a flow */
};

#endif
