/* twosample.c: a classifier that tries to tell the candidate from the reference. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/baseline.h"
#include "fidelity.h"
#include "learn/twosample.h"

#define ROWS_MAX 20000
#define COLUMNS_MAX 16

/* What a forest sees of a record. */
static const enum col record_col[] = {COL_SRC_PORT, COL_DST_PORT, COL_PROTO, COL_IP_LEN,
    COL_DUR, COL_PKTS, COL_BYTES, COL_TTL, COL_TOS, COL_IP_FLAGS, COL_TCP_FLAGS};

/* At most ROWS_MAX of n numbers, at random. */
static uint32_t *
some_rows(const struct side *s, size_t n, size_t *k, uint64_t seed)
{
	struct rng r;

	rng_init(&r, seed, side_stream(s, STREAM_TWO_SAMPLE));
	*k = n < ROWS_MAX ? n : ROWS_MAX;
	return pick_rows(n, *k, &r);
}

/* (n, *d) rows of the trace; to be freed. */
static float *
record_rows(const struct side *s, uint64_t seed, size_t *n, int *d)
{
	uint32_t *row = some_rows(s, s->t->n, n, seed);
	float *x = xmalloc(size_mul(*n, COLUMNS_MAX * sizeof *x));
	enum col has[LEN(record_col)];
	int k = 0;

	for (size_t c = 0; c < LEN(record_col); c++)
		if (trace_has(s->t->kind, record_col[c]))
			has[k++] = record_col[c];
	*d = k;
	for (size_t i = 0; i < *n; i++)
		for (int c = 0; c < k; c++)
			x[i * (size_t)k + (size_t)c] =
			    (float)trace_at(s->t, has[c], row[i]);
	free(row);
	return x;
}

/* Mean and deviation of the record sizes of all flows. */
static void
size_moments(const struct side *s, double *mean, double *deviation)
{
	enum col c = s->t->wide[COL_BYTES] != NULL ? COL_BYTES : COL_IP_LEN;

	for (size_t k = 0; k < s->f.n; k++) {
		mean[k] = (double)s->f.bytes[k] / (double)s->f.size[k];
		deviation[k] = 0;
	}
	for (size_t i = 0; i < s->t->n; i++) {
		uint32_t k = s->f.id[i];
		double d = (double)trace_at(s->t, c, i) - mean[k];

		deviation[k] += d * d;
	}
	for (size_t k = 0; k < s->f.n; k++)
		deviation[k] = sqrt(deviation[k] / (double)s->f.size[k]);
}

/* Ports, protocol, records, duration, bytes, mean and deviation of record size. */
static float *
flow_rows(const struct side *s, uint64_t seed, size_t *n, int *d)
{
	uint32_t *flow = some_rows(s, s->f.n, n, seed);
	float *x = xmalloc(size_mul(*n, COLUMNS_MAX * sizeof *x)), *to = x;
	double *mean = xmalloc(size_mul(s->f.n, sizeof *mean));
	double *deviation = xmalloc(size_mul(s->f.n, sizeof *deviation));

	size_moments(s, mean, deviation);
	for (size_t i = 0; i < *n; i++) {
		uint32_t k = flow[i], head = s->f.head[k];

		*to++ = (float)s->t->narrow[COL_SRC_PORT][head];
		*to++ = (float)s->t->narrow[COL_DST_PORT][head];
		*to++ = (float)s->t->narrow[COL_PROTO][head];
		*to++ = (float)s->f.size[k];
		*to++ = (float)s->f.dur[k];
		*to++ = (float)s->f.bytes[k];
		*to++ = (float)mean[k];
		*to++ = (float)deviation[k];
	}
	*d = 8;
	free(flow);
	free(mean);
	free(deviation);
	return x;
}

typedef float *rows_fn(const struct side *s, uint64_t seed, size_t *n, int *d);

static double
auc_of(const struct pair *p, rows_fn *rows)
{
	size_t nr, nc;
	int d;
	float *r = rows(p->ref, p->seed, &nr, &d), *c = rows(p->cand, p->seed, &nc, &d);
	double auc = two_sample_auc(r, nr, c, nc, d, p->seed, p->pool);

	free(r);
	free(c);
	return auc;
}

void
two_sample_battery(const struct pair *p, double *v)
{
	v[0] = auc_of(p, record_rows);
	v[1] = auc_of(p, flow_rows);
}
