/*
 * ranked.h: a table of numbers with each column replaced by dense ranks and sorted, so
 * that trees need not sort it again.  Made once, read by any number of trees at the
 * same time; 16 bytes a number.
 */
#ifndef EVAL_RANKED_H
#define EVAL_RANKED_H

#include <stddef.h>
#include <stdint.h>

struct ranked {
	size_t n;
	int d;
	uint32_t *rank;   /* (n, d) row-major; equal values of a column, equal rank */
	uint64_t *sorted; /* (d, n) rank << 32 | row, rising in each column */
	float *value;     /* (d, n), value[j * n + k]: what rank k of column j is */
};

/* ranked_init: of x (n, d) row-major, finite, 1 <= n < 2^32. */
void ranked_init(struct ranked *t, const float *x, size_t n, int d);
void ranked_free(struct ranked *t);

#endif
