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
	KEEP_LEAKAGE,
	KEEP_MAX
};

/* What a side stands for: random draws from unlike sides are independent. */
enum side_role { SIDE_REF, SIDE_CAND, SIDE_TRAIN, SIDE_BENIGN };

struct side {
	const struct trace *t;
	enum side_role role;
	struct flows f;
	int64_t t0;           /* first time, ns */
	uint64_t span;        /* last less first time, ns */
	void *kept[KEEP_MAX]; /* NULL: not worked out yet */
	void (*drop[KEEP_MAX])(void *);
};

/* side_init: t has at least one record and outlives the side. */
void side_init(struct side *s, const struct trace *t, enum side_role role);
/* side_stream: the stream of random numbers of that number for the side. */
uint64_t side_stream(const struct side *s, uint64_t stream);
void side_free(struct side *s);

/* side_keep: takes what, to be released with drop by side_free.  It may depend on the
 * reference, the seed and benign traffic too: a side takes part in comparisons of one
 * reference at one seed. */
void side_keep(struct side *s, enum keep slot, void *what, void (*drop)(void *));

/* side_numbers: the values of a column numbered 0, 1, ... in the order in which they
 * occur in the trace, whatever other traces there are: one number a record, *n in all;
 * to be freed. */
uint32_t *side_numbers(const struct side *s, enum col c, uint32_t *n);

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
