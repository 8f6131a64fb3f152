#include "roc.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "rank.h"
#include "sort.h"

static size_t
positives(const uint32_t *truth, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += truth[i] != 0;
	return k;
}

double
roc_auc(const double *score, const uint32_t *truth, size_t n)
{
	double p = (double)positives(truth, n), q = (double)n - p, sum = 0;
	double *rank;

	if (!(p > 0 && q > 0))
		return NAN;
	rank = xmalloc(size_mul(n, sizeof *rank));
	average_ranks(rank, score, n);
	for (size_t i = 0; i < n; i++)
		if (truth[i] != 0)
			sum += rank[i];
	free(rank);
	return (sum - p * (p + 1) / 2) / (p * q);
}

/* Found so far, from the greatest score down: all rows of one score at once. */
static double
walk_down(const uint64_t *key, const uint32_t *row, const uint32_t *truth, size_t n,
    double fpr)
{
	double p = (double)positives(truth, n), q = (double)n - p, best = 0;
	size_t tp = 0, fp = 0;

	for (size_t i = n; i > 0;) {
		uint64_t k = key[i - 1];

		for (; i > 0 && key[i - 1] == k; i--) {
			tp += truth[row[i - 1]] != 0;
			fp += truth[row[i - 1]] == 0;
		}
		if ((double)fp / q > fpr)
			break;
		best = (double)tp / p;
	}
	return best;
}

double
roc_tpr_at(const double *score, const uint32_t *truth, size_t n, double fpr)
{
	size_t p = positives(truth, n);
	uint64_t *key;
	uint32_t *row;
	double tpr;

	if (p == 0 || p == n)
		return NAN;
	assert(n <= UINT32_MAX);
	key = xmalloc(size_mul(n, sizeof *key));
	row = xmalloc(size_mul(n, sizeof *row));
	for (size_t i = 0; i < n; i++) {
		assert(!isnan(score[i]));
		key[i] = key_f64(score[i]);
		row[i] = (uint32_t)i;
	}
	sort_rows(key, row, n);
	tpr = walk_down(key, row, truth, n, fpr);
	free(key);
	free(row);
	return tpr;
}

double
accuracy(const uint32_t *guess, const uint32_t *truth, size_t n)
{
	size_t right = 0;

	assert(n > 0);
	for (size_t i = 0; i < n; i++)
		right += guess[i] == truth[i];
	return (double)right / (double)n;
}

double
macro_f1(const uint32_t *guess, const uint32_t *truth, size_t n, int classes)
{
	size_t *hit = xcalloc((size_t)classes, sizeof *hit);
	size_t *all = xcalloc((size_t)classes, sizeof *all); /* 2 tp + fp + fn */
	double sum = 0, occur = 0;

	for (size_t i = 0; i < n; i++) {
		assert(guess[i] < (uint32_t)classes && truth[i] < (uint32_t)classes);
		all[guess[i]]++;
		all[truth[i]]++;
		hit[guess[i]] += guess[i] == truth[i];
	}
	for (int c = 0; c < classes; c++) {
		if (all[c] == 0)
			continue;
		occur++;
		sum += 2 * (double)hit[c] / (double)all[c];
	}
	free(hit);
	free(all);
	return occur > 0 ? sum / occur : 0;
}
