/* amounts.c: earth mover's distances of numbers, and means over metrics. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "fidelity.h"
#include "stats/emd.h"

double
emd_of_sample(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	size_t nr, nc;
	int64_t *r = side_sample(p->ref, m->a, &nr);
	int64_t *c = side_sample(p->cand, m->a, &nc);
	double d = emd_sorted(r, nr, c, nc) * sample_unit(m->a);

	(void)of;
	(void)n_of;
	free(r);
	free(c);
	return d;
}

/* Both sides scaled by the real least .. greatest; not defined where the real is
 * constant and the other is not. */
double
emd_by_range(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	double range = p->scale->range[m->a] * sample_unit(m->a);

	assert(n_of == 1);
	if (range > 0)
		return of[0] / range;
	return of[0] == 0 ? 0 : NAN;
}

/* In standard deviations of the real logs; plain logs where the real is constant. */
double
emd_of_logs(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	size_t nr, nc;
	int64_t *r = side_sample(p->ref, m->a, &nr);
	int64_t *c = side_sample(p->cand, m->a, &nc);
	double sd = p->scale->log_deviation[m->a], d = 0;

	(void)of;
	(void)n_of;
	/* no flow with two records on one side: there is nothing to compare with */
	if (nr > 0 && nc > 0)
		d = emd_log(r, nr, c, nc, sample_unit(m->a)) / (sd > 0 ? sd : 1);
	else if (nr != nc)
		d = NAN;
	free(r);
	free(c);
	return d;
}

double
mean_of(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	double sum = 0;

	(void)p;
	(void)m;
	for (int i = 0; i < n_of; i++)
		sum += of[i];
	return sum / n_of;
}
