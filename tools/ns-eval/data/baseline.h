/*
 * baseline.h: what to hold a score against.  All draws are from streams of their own of
 * one seed, so they do not depend on one another.
 */
#ifndef EVAL_BASELINE_H
#define EVAL_BASELINE_H

#include "columns.h"

/* Streams of the random numbers. */
enum {
	STREAM_THIN = 1, /* records left out by -n */
	STREAM_BOOTSTRAP = 2,
	STREAM_RANK = 3,   /* records left out of the larger side for ranks */
	STREAM_TWO_SAMPLE, /* rows that the two-sample classifier sees */
	STREAM_TYPES,
	STREAM_BOTNET,
	STREAM_COLUMN = 16 /* + enum col */
};

/* baseline_independent: n records, each column drawn with repeats from t's by itself:
 * every field as in t, nothing of what links them. */
struct trace *baseline_independent(const struct trace *t, size_t n, uint64_t seed);

/* baseline_bootstrap: n whole records of t drawn with repeats. */
struct trace *baseline_bootstrap(const struct trace *t, size_t n, uint64_t seed);

#endif
