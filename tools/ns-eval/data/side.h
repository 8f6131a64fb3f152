/*
 * side.h: one of the two traces of a comparison, with what is worked out of it.
 */
#ifndef EVAL_SIDE_H
#define EVAL_SIDE_H

#include "flows.h"

/* What tasks work out of a side once, for all comparisons that it takes part in. */
enum keep {
	KEEP_TELEMETRY,
	KEEP_ANOMALY,
	KEEP_TYPES,
	KEEP_BOTNET,
	KEEP_RULES,
	KEEP_LEAKAGE,
	KEEP_MAX
};

struct side {
	const struct trace *t;
	struct flows f;
	int64_t t0;           /* first time, ns */
	uint64_t span;        /* last less first time, ns */
	void *kept[KEEP_MAX]; /* NULL: not worked out yet */
	void (*drop[KEEP_MAX])(void *);
};

/* side_init: t has at least one record and outlives the side. */
void side_init(struct side *s, const struct trace *t);
void side_free(struct side *s);

/* side_keep: takes what, to be released with drop.  side_forget: release all that is
 * kept, as before draws with another seed. */
void side_keep(struct side *s, enum keep slot, void *what, void (*drop)(void *));
void side_forget(struct side *s);

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

#endif
