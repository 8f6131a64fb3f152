/*
 * bursts.c: sizes of bursts: runs of records of which each comes no later behind the
 * one before than the reference's median gap.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "fidelity.h"
#include "stats/emd.h"
#include "stats/sort.h"

/* The bursts of all records together, in the order of time; to be freed. */
static int64_t *
trace_bursts(const struct side *s, int64_t gap, size_t *n)
{
	int64_t *size = xmalloc(size_mul(s->t->n, sizeof *size));
	const int64_t *at = s->t->wide[COL_TIME];
	const uint32_t *row = s->f.row;

	*n = 0;
	for (size_t i = 0; i < s->t->n; i++) {
		if (i == 0 || since(at[row[i]], at[row[i - 1]]) > gap)
			size[(*n)++] = 0;
		size[*n - 1]++;
	}
	return size;
}

/* The bursts within the flows: a flow is in one of them at any time. */
static int64_t *
flow_bursts(const struct side *s, int64_t gap, size_t *n)
{
	int64_t *size = xmalloc(size_mul(s->t->n, sizeof *size));
	uint32_t *burst = xmalloc(size_mul(s->f.n, sizeof *burst));
	int64_t *last = xmalloc(size_mul(s->f.n, sizeof *last));
	const int64_t *at = s->t->wide[COL_TIME];

	*n = 0;
	for (size_t i = 0; i < s->t->n; i++) {
		uint32_t r = s->f.row[i], k = s->f.id[r];

		if (s->f.head[k] == r || since(at[r], last[k]) > gap) {
			burst[k] = (uint32_t)*n;
			size[(*n)++] = 0;
		}
		size[burst[k]]++;
		last[k] = at[r];
	}
	free(burst);
	free(last);
	return size;
}

static int64_t *
bursts(const struct pair *p, const struct side *s, bool of_flows, size_t *n)
{
	int64_t *size;

	if (of_flows)
		size = flow_bursts(s, p->scale->flow_gap_ns, n);
	else
		size = trace_bursts(s, p->scale->gap_ns, n);
	sort_i64(size, *n);
	return size;
}

double
emd_of_bursts(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	size_t nr, nc;
	int64_t *r = bursts(p, p->ref, m->a, &nr), *c = bursts(p, p->cand, m->a, &nc);
	double sd = log_deviation(r, nr, 1), d = emd_log(r, nr, c, nc, 1);

	(void)of;
	(void)n_of;
	free(r);
	free(c);
	return sd > 0 ? d / sd : d;
}
