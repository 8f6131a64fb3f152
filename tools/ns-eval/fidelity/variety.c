/* variety.c: how many values fields have, and how evenly: what a generator loses that
 * draws the same few things again and again. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/baseline.h"
#include "fidelity.h"
#include "stats/sort.h"

struct variety {
	double distinct; /* values that occur */
	double entropy;  /* of how often each does, nats */
};

/* Times and identifications are new in every record, whoever made it. */
static bool
is_compared(int kind, enum col c)
{
	return trace_has(kind, c) && c != COL_TIME && c != COL_IP_ID;
}

/* n rows of the side, at random where it has more. */
static uint32_t *
some_rows(const struct side *s, size_t n, uint64_t seed)
{
	struct rng r;

	rng_init(&r, seed, side_stream(s, STREAM_RANK));
	return pick_rows(s->t->n, n, &r);
}

/* Of one column at n >= 1 rows; v (n) is room for its values. */
static struct variety
variety_of(const struct trace *t, enum col c, const uint32_t *rows, size_t n,
    uint64_t *v)
{
	struct variety of = {0};

	for (size_t i = 0; i < n; i++)
		v[i] = key_i64(trace_at(t, c, rows[i]));
	sort_u64(v, n);
	for (size_t i = 0, j; i < n; i = j) {
		double share;

		for (j = i + 1; j < n && v[j] == v[i];)
			j++;
		share = (double)(j - i) / (double)n;
		of.distinct++;
		of.entropy -= share * log(share);
	}
	return of;
}

/* Mean over the fields that vary in the training trace, both sides at equal numbers of
 * records; not defined where none does. */
static double
mean_share(const struct pair *p, bool by_entropy)
{
	const struct trace *t = p->train->t, *c = p->cand->t;
	size_t n = t->n < c->n ? t->n : c->n;
	uint32_t *train = some_rows(p->train, n, p->seed);
	uint32_t *cand = some_rows(p->cand, n, p->seed);
	uint64_t *v = xmalloc(size_mul(n, sizeof *v));
	double sum = 0;
	int fields = 0;

	for (enum col k = 0; k < COL_MAX; k++) {
		struct variety want, got;

		if (!is_compared(t->kind, k))
			continue;
		want = variety_of(t, k, train, n, v);
		if (want.distinct < 2)
			continue;
		got = variety_of(c, k, cand, n, v);
		sum += fmin(1,
		    by_entropy ? got.entropy / want.entropy
			       : got.distinct / want.distinct);
		fields++;
	}
	free(train);
	free(cand);
	free(v);
	return fields > 0 ? sum / fields : NAN;
}

double
distinct_share(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	(void)m;
	(void)of;
	(void)n_of;
	return mean_share(p, false);
}

double
entropy_share(const struct pair *p, const struct metric *m, const double *of, int n_of)
{
	(void)m;
	(void)of;
	(void)n_of;
	return mean_share(p, true);
}
