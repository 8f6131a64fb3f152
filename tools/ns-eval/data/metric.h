/*
 * metric.h: what a metric is: a comparison of a candidate trace with a reference, or a
 * property of the candidate that is shown beside the reference's.
 */
#ifndef EVAL_METRIC_H
#define EVAL_METRIC_H

#include "base/pool.h"
#include "scale.h"

/* One comparison.  The sides may keep what is worked out of them (side_keep). */
struct pair {
	struct side *ref; /* what the candidate is scored against */
	struct side *cand;
	struct side *train;  /* what the candidate may have been learnt from */
	double overlap;      /* share of ref's five-tuples that occur in train, of a
				hold-out: 0 as it should be */
	bool held_out;       /* nothing was learnt from ref; else ref is train */
	struct side *benign; /* traffic without attacks to tell cand from, or NULL */
	const struct scale *scale;
	const struct tables *tables;
	struct pool *pool; /* NULL: one thread */
	uint64_t seed;     /* of all random draws of the comparison */
};

enum group {
	GROUP_FIELDS,
	GROUP_JOINT,
	GROUP_FLOW,
	GROUP_CLASSIFIER,
	GROUP_RULES,
	GROUP_LEAKAGE,
	GROUP_COMPLIANCE,
	GROUP_TELEMETRY,
	GROUP_ANOMALY,
	GROUP_TYPES,
	GROUP_BOTNET,
	GROUPS
};

struct metric;
/* One value.  of: the n_of values of those metrics of m->of that traces of the kind
 * have, in that order. */
typedef double metric_fn(const struct pair *p, const struct metric *m, const double *of,
    int n_of);

/* A battery works out many values at once: it fills v[0 .. n-1], one for each row of
 * the table that names it, in the table's order; NAN is "not defined". */
typedef void battery_fn(const struct pair *p, double *v);

struct metric {
	const char *name;
	enum group group;
	unsigned kinds; /* 1u << NSR_PACKET, 1u << NSR_FLOW */
	const char *measure;
	const char *unit;
	double best;   /* the value of a candidate that is as the reference */
	double slack;  /* differences below this say nothing */
	bool higher;   /* more is better, up to best; else less is, down to it */
	metric_fn *fn; /* or NULL: */
	battery_fn *battery;
	int a, b;          /* what fn compares: enum key or enum sample */
	const char *of;    /* names of the metrics that fn takes, or NULL */
	const char *about; /* for the reader of a report, one line */
};

/* What fidelity/fields.c takes as the value of a record. */
enum key {
	KEY_COLUMN = 0,                    /* + enum col: as it is */
	KEY_CLASS = COL_MAX,               /* + enum sample: class of the scale */
	KEY_ID_BIN = COL_MAX + SAMPLE_MAX, /* identification in bins of 256 */
	KEY_FRAGMENT,                      /* whether the fragment offset is above 0 */
	KEY_SIZE,     /* class of the IP length of a packet, the bytes of a flow */
	KEY_SRC_PORT, /* class of the port: frequent ones each their own */
	KEY_DST_PORT
};

#endif
