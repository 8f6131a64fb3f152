/* amounts.c: earth mover's distances of numbers, and means over metrics. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "emd.h"
#include "metrics.h"

double
emd_of_sample(const struct pair *p, const struct metric *m, const double *v)
{
	size_t nr, nc;
	int64_t *r = side_sample(p->ref, m->a, &nr);
	int64_t *c = side_sample(p->cand, m->a, &nc);
	double d = emd_sorted(r, nr, c, nc) * sample_unit(m->a);

	(void)v;
	free(r);
	free(c);
	return d;
}

/* Both sides scaled by the real least .. greatest; raw where the real is constant. */
double
emd_by_range(const struct pair *p, const struct metric *m, const double *v)
{
	double range = p->scale->range[m->a] * sample_unit(m->a);
	double raw = v[metric_find(m->of, strlen(m->of))];

	return range > 0 ? raw / range : raw;
}

/* In standard deviations of the real logs; plain logs where the real is constant. */
double
emd_of_logs(const struct pair *p, const struct metric *m, const double *v)
{
	size_t nr, nc;
	int64_t *r = side_sample(p->ref, m->a, &nr);
	int64_t *c = side_sample(p->cand, m->a, &nc);
	double sd = p->scale->log_deviation[m->a], d = 0;

	(void)v;
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
mean_of(const struct pair *p, const struct metric *m, const double *v)
{
	const char *s = m->of;
	double sum = 0;
	int n = 0;

	while (*s != '\0') {
		size_t len = strcspn(s, " ");
		int i = metric_find(s, len);

		if (metrics[i].kinds & 1u << p->ref->t->kind) {
			sum += v[i];
			n++;
		}
		s += len;
		s += strspn(s, " ");
	}
	return sum / n;
}
