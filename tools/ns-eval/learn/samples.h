/*
 * samples.h: a table of numbers with a class for each row, and its columns brought to
 * one scale.
 */
#ifndef EVAL_SAMPLES_H
#define EVAL_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

struct samples {
	size_t n;
	int d;       /* columns, >= 1 */
	int classes; /* >= 1; not all of them need to occur */
	float *x;    /* (n, d) row-major, finite */
	uint32_t *y; /* (n) below classes */
};

/* samples_alloc: room for n rows; x and y are 0.  samples_free: releases x and y. */
void samples_alloc(struct samples *s, size_t n, int d, int classes);
void samples_free(struct samples *s);

/* samples_pick: a copy of n rows of from, in the order given; free it too. */
void samples_pick(struct samples *to, const struct samples *from, const uint32_t *row,
    size_t n);

/*
 * struct standard: mean and deviation (of the whole, not of a sample) of each of d
 * columns; a constant column has deviation 1.  Equals scikit-learn's StandardScaler.
 */
struct standard {
	int d;
	double *mean, *deviation;
};

/* standard_fit: over n >= 1 rows.  standard_free: NULL members are allowed. */
void standard_fit(struct standard *s, const float *x, size_t n, int d);
void standard_free(struct standard *s);

/* standard_apply: (n, d) into out, which may be x. */
void standard_apply(const struct standard *s, float *out, const float *x, size_t n);

#endif
