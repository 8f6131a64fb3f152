/*
 * flows.h: what the flows of a trace are like: its records grouped by five-tuple,
 * each group in time order.
 */
#ifndef EVAL_FLOWS_H
#define EVAL_FLOWS_H

#include "columns.h"

#define EVAL_CHUNKS 10 /* equal spans of time, as ns-chunk makes by default */

struct flows {
	size_t n;
	int64_t *size;  /* records */
	int64_t *bytes; /* IP lengths, or the bytes of the flow records */
	int64_t *first; /* ns since the epoch */
	int64_t *dur;   /* ns from the first start to the last end */
	int64_t *iat;   /* ns between the starts of neighbours, of all flows */
	size_t n_iat;   /* records less flows */
	uint64_t alive[EVAL_CHUNKS]; /* flows that occur in 1, 2, ... chunks */
	uint32_t *row;  /* all rows of the trace by time, equal times in their order */
	uint32_t *id;   /* the flow of each row of the trace, 0 .. n-1 */
	uint32_t *head; /* the row of each flow's earliest record */
};

/* flows_build: t has at least one record; t0 is its first time, span its length. */
void flows_build(struct flows *f, const struct trace *t, int64_t t0, uint64_t span);
void flows_free(struct flows *f);

/* since: t - t0 for t >= t0, at most INT64_MAX. */
static inline int64_t
since(int64_t t, int64_t t0)
{
	uint64_t d = (uint64_t)t - (uint64_t)t0;

	return d > INT64_MAX ? INT64_MAX : (int64_t)d;
}

#endif
