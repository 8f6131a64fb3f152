/* times.c: how traffic and flows spread over time. */
#include <math.h>
#include <stdlib.h>

#include "fidelity.h"
#include "rate.h"
#include "stats/emd.h"
#include "stats/jsd.h"
#include "stats/sort.h"

/* a = 1: new flows, 0: records. */
double
emd_of_rates(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	uint64_t bin_ns = p->scale->bin_ns;
	size_t nr, nc;
	int64_t *r = rate_bins(p->ref, m->a, bin_ns, &nr);
	int64_t *c = rate_bins(p->cand, m->a, bin_ns, &nc);
	double d;

	(void)of;
	(void)n_of;
	sort_i64(r, nr);
	sort_i64(c, nc);
	d = emd_sorted(r, nr, c, nc) * 1e9 / (double)bin_ns;
	free(r);
	free(c);
	return d;
}

/* Differences of the two autocorrelations, lag by lag. */
static void
acf_gaps(const struct pair *p, double gap[RATE_LAGS])
{
	double a[RATE_LAGS], b[RATE_LAGS];
	size_t nr, nc;
	int64_t *r = rate_bins(p->ref, false, p->scale->bin_ns, &nr);
	int64_t *c = rate_bins(p->cand, false, p->scale->bin_ns, &nc);

	rate_autocorrelation(a, r, nr);
	rate_autocorrelation(b, c, nc);
	for (int l = 0; l < RATE_LAGS; l++)
		gap[l] = fabs(a[l] - b[l]);
	free(r);
	free(c);
}

double
acf_mean(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	double gap[RATE_LAGS], sum = 0;

	(void)m;
	(void)of;
	(void)n_of;
	acf_gaps(p, gap);
	for (int l = 0; l < RATE_LAGS; l++)
		sum += gap[l];
	return sum / RATE_LAGS;
}

double
acf_max(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	double gap[RATE_LAGS], max = 0;

	(void)m;
	(void)of;
	(void)n_of;
	acf_gaps(p, gap);
	for (int l = 0; l < RATE_LAGS; l++)
		max = gap[l] > max ? gap[l] : max;
	return max;
}

double
jsd_of_chunks(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	(void)m;
	(void)of;
	(void)n_of;
	return jsd_counts(p->ref->f.alive, p->cand->f.alive, EVAL_CHUNKS);
}

static double
cross_chunk_share(const struct flows *f)
{
	return 1 - (double)f->alive[0] / (double)f->n;
}

double
cross_chunk_gap(const struct pair *p, const struct metric *m, const double *of,
    int n_of)
{
	(void)m;
	(void)of;
	(void)n_of;
	return fabs(cross_chunk_share(&p->ref->f) - cross_chunk_share(&p->cand->f));
}
