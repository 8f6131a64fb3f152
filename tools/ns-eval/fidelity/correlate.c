/*
 * correlate.c: Spearman's rank correlation of every pair of numeric fields, in the
 * reference and in the candidate.  Ties have their average rank.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "fidelity.h"
#include "stats/sort.h"

static const enum col numeric[] = {COL_TIME, COL_SRC_PORT, COL_DST_PORT, COL_PROTO,
    COL_TCP_FLAGS, COL_IP_LEN, COL_IP_FLAGS, COL_TOS, COL_TTL, COL_DUR, COL_PKTS,
    COL_BYTES};

/* Twice the average rank of each record's value, so that it is a whole number. */
static uint32_t *
double_ranks(const struct trace *t, enum col c)
{
	uint64_t *key = xmalloc(size_mul(t->n, sizeof *key));
	uint32_t *row = xmalloc(size_mul(t->n, sizeof *row));
	uint32_t *rank = xmalloc(size_mul(t->n, sizeof *rank));

	for (size_t i = 0; i < t->n; i++) {
		key[i] = key_i64(trace_at(t, c, i));
		row[i] = (uint32_t)i;
	}
	sort_rows(key, row, t->n);
	for (size_t i = 0, j; i < t->n; i = j) {
		for (j = i + 1; j < t->n && key[j] == key[i];)
			j++;
		for (size_t k = i; k < j; k++)
			rank[row[k]] = (uint32_t)(i + j - 1);
	}
	free(key);
	free(row);
	return rank;
}

/* Pearson's correlation of two vectors of ranks; their mean is n - 1. */
static double
correlation(const uint32_t *a, const uint32_t *b, size_t n)
{
	double mean = (double)n - 1, ab = 0, aa = 0, bb = 0;

	for (size_t i = 0; i < n; i++) {
		double x = a[i] - mean, y = b[i] - mean;

		ab += x * y;
		aa += x * x;
		bb += y * y;
	}
	return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

/* All pairs i < j of the fields that the kind has; returns how many there are. */
static int
correlations(const struct trace *t, double r[LEN(numeric) * LEN(numeric)])
{
	uint32_t *rank[LEN(numeric)];
	int n = 0, pairs = 0;

	for (size_t i = 0; i < LEN(numeric); i++)
		if (trace_has(t->kind, numeric[i]))
			rank[n++] = double_ranks(t, numeric[i]);
	for (int i = 0; i < n; i++)
		for (int j = i + 1; j < n; j++)
			r[pairs++] = correlation(rank[i], rank[j], t->n);
	for (int i = 0; i < n; i++)
		free(rank[i]);
	return pairs;
}

/* Sum and maximum of the differences; returns the number of pairs. */
static int
differences(const struct pair *p, double *sum, double *max)
{
	double r[LEN(numeric) * LEN(numeric)], c[LEN(numeric) * LEN(numeric)];
	int n = correlations(p->ref->t, r);

	correlations(p->cand->t, c);
	*sum = *max = 0;
	for (int i = 0; i < n; i++) {
		double d = fabs(r[i] - c[i]);

		*sum += d;
		*max = d > *max ? d : *max;
	}
	return n;
}

void
correlation_battery(const struct pair *p, double *v)
{
	double sum, max;
	int n = differences(p, &sum, &max);

	v[0] = sum / n;
	v[1] = max;
}
