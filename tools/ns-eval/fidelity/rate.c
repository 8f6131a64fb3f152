#include "rate.h"

#include "base/mem.h"

int64_t *
rate_bins(const struct side *s, bool new_flows, uint64_t bin_ns, size_t *n)
{
	uint64_t bins = s->span / bin_ns + 1;
	const int64_t *at = new_flows ? s->f.first : s->t->wide[COL_TIME];
	size_t count = new_flows ? s->f.n : s->t->n;
	int64_t *v;

	*n = bins > RATE_BINS_MAX ? RATE_BINS_MAX : (size_t)bins;
	v = xcalloc(*n, sizeof *v);
	for (size_t i = 0; i < count; i++) {
		uint64_t b = ((uint64_t)at[i] - (uint64_t)s->t0) / bin_ns;

		v[b < *n ? b : *n - 1]++;
	}
	return v;
}

void
rate_autocorrelation(double r[RATE_LAGS], const int64_t *count, size_t n)
{
	double mean = 0, var = 0;

	for (size_t i = 0; i < n; i++)
		mean += (double)count[i];
	mean /= (double)n;
	for (size_t i = 0; i < n; i++)
		var += ((double)count[i] - mean) * ((double)count[i] - mean);
	for (size_t l = 1; l <= RATE_LAGS; l++) {
		double s = 0;

		for (size_t i = 0; i + l < n; i++)
			s += ((double)count[i] - mean) * ((double)count[i + l] - mean);
		r[l - 1] = var > 0 ? s / var : 0;
	}
}
