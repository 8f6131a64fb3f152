/*
 * side.h: one of the two traces of a comparison, with what is worked out of it, and the
 * scale that both are measured by.
 */
#ifndef EVAL_SIDE_H
#define EVAL_SIDE_H

#include "flows.h"

struct side {
	const struct trace *t;
	struct flows f;
	int64_t t0;    /* first time, ns */
	uint64_t span; /* last less first time, ns */
};

/* side_init: t has at least one record and outlives the side. */
void side_init(struct side *s, const struct trace *t);
void side_free(struct side *s);

/* The numbers that can be drawn from a trace. */
enum sample {
	SAMPLE_TIME, /* since the trace's first record, ns */
	SAMPLE_IP_LEN,
	SAMPLE_DUR, /* of a flow record, ns */
	SAMPLE_PKTS,
	SAMPLE_BYTES,
	SAMPLE_FLOW_SIZE, /* from here one number a flow: see flows.h */
	SAMPLE_FLOW_BYTES,
	SAMPLE_FLOW_DUR,
	SAMPLE_IAT,
	SAMPLE_MAX
};

/* sample_unit: what one of a sample is in the unit printed: us, s, bytes, packets. */
double sample_unit(enum sample which);
/* side_has: whether the trace has such a column. */
bool side_has(const struct side *s, enum sample which);
/* side_sample: the *n numbers, sorted; to be freed. */
int64_t *side_sample(const struct side *s, enum sample which, size_t *n);

/*
 * struct scale: what is taken from the real trace once, so that all scores of a report
 * are in the same measure, those of the halves included.
 */
#define CUTS 19 /* between 20 classes */
#define RATE_BINS 100
struct scale {
	double range[SAMPLE_MAX]; /* greatest less least, in the sample's own unit */
	double log_deviation[SAMPLE_MAX]; /* of log(1 + x), x in the unit printed */
	int64_t cut[SAMPLE_MAX][CUTS];    /* the k/20 quantiles, k = 1 .. 19 */
	uint64_t bin_ns;                  /* the trace's span in RATE_BINS bins */
};
void scale_init(struct scale *sc, const struct side *real);

/* scale_class: how many of the cuts are below v. */
int scale_class(const struct scale *sc, enum sample which, int64_t v);

#endif
