#include "anomaly.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "learn/oneclass.h"
#include "stats/rank.h"

#define STREAM_ANOMALY 64 /* of the random numbers: which flows are drawn */

/* What is kept of a side. */
struct anomaly {
	bool measured, has_scale;
	struct netml_scale scale; /* of the side itself */
	bool done;                /* the rest is set */
	struct netml_scale in;
	uint64_t seed;
	double ratio[NETML_MODES];
};

/* The flows of a side that are looked at. */
struct drawn {
	struct netml_flows flows;
	uint32_t *pick;
	size_t n;
};

static void
drop(void *what)
{
	free(what);
}

static struct anomaly *
kept(struct side *s)
{
	if (s->kept[KEEP_ANOMALY] == NULL)
		side_keep(s, KEEP_ANOMALY, xcalloc(1, sizeof(struct anomaly)), drop);
	return s->kept[KEEP_ANOMALY];
}

/* NULL where the side has no flows to take it from. */
static const struct netml_scale *
scale_of(struct side *s)
{
	struct anomaly *a = kept(s);

	if (!a->measured)
		a->has_scale = netml_scale_of(&a->scale, s);
	a->measured = true;
	return a->has_scale ? &a->scale : NULL;
}

static bool
same_scale(const struct netml_scale *a, const struct netml_scale *b)
{
	return a->dim == b->dim && a->interval_ns == b->interval_ns &&
	    a->window_ns == b->window_ns;
}

static void
draw(struct drawn *d, const struct side *s, const struct netml_scale *sc, uint64_t seed)
{
	struct rng r;

	netml_cut(&d->flows, s, sc);
	d->n = d->flows.n < ANOMALY_FLOWS ? d->flows.n : ANOMALY_FLOWS;
	rng_init(&r, seed, side_stream(s, STREAM_ANOMALY));
	d->pick = pick_rows(d->flows.n, d->n, &r);
}

static void
drawn_free(struct drawn *d)
{
	netml_free(&d->flows);
	free(d->pick);
}

/* One SVM a job. */
struct work {
	const struct drawn *train, *test; /* test may be train */
	const struct netml_scale *sc;
	double *ratio;
};

static void
one_mode(void *arg, int m)
{
	const struct work *w = arg;
	const struct drawn *a = w->train, *b = w->test;
	float *x = netml_features(&a->flows, m, w->sc, a->pick, a->n), *y = x;
	struct ns_err e;

	if (b != a)
		y = netml_features(&b->flows, m, w->sc, b->pick, b->n);
	if (oneclass_share(x, a->n, y, b->n, netml_width(m, w->sc), &w->ratio[m], &e) <
	    0)
		w->ratio[m] = NAN;
	if (y != x)
		free(y);
	free(x);
}

/* ratio (NETML_MODES): the share of test's flows that SVMs of train's call odd. */
static void
ratios(double *ratio, const struct drawn *train, const struct drawn *test,
    const struct netml_scale *sc, struct pool *pool)
{
	struct work w = {train, test, sc, ratio};

	for (int m = 0; m < NETML_MODES; m++)
		ratio[m] = NAN;
	if (train->n < ANOMALY_FLOWS_MIN || test->n < ANOMALY_FLOWS_MIN ||
	    oneclass_missing() != NULL)
		return;
	pool_run(pool, one_mode, &w, NETML_MODES);
}

const double *
anomaly_ratios(struct side *s, struct side *ref, uint64_t seed, struct pool *pool)
{
	const struct netml_scale *sc = scale_of(ref);
	static const struct netml_scale none;
	struct anomaly *a = kept(s);
	struct drawn d;

	if (sc == NULL)
		sc = &none;
	if (a->done && a->seed == seed && same_scale(&a->in, sc))
		return a->ratio;
	draw(&d, s, sc, seed);
	ratios(a->ratio, &d, &d, sc, pool);
	drawn_free(&d);
	a->in = *sc;
	a->seed = seed;
	a->done = true;
	return a->ratio;
}

/* |c - r| / r. */
static double
relative_error(double c, double r)
{
	return r > 0 ? fabs(c - r) / r : NAN;
}

/* Fill v[0 .. NETML_MODES] with errors and their mean. */
static void
errors(double *v, const double *cand, const double *ref)
{
	double sum = 0;

	for (int m = 0; m < NETML_MODES; m++) {
		v[m] = relative_error(cand[m], ref[m]);
		sum += v[m];
	}
	v[NETML_MODES] = sum / NETML_MODES;
}

static void
cross_errors(double *v, const struct pair *p, const double *ref)
{
	const struct netml_scale *sc = scale_of(p->ref);
	double cross[NETML_MODES];
	struct drawn a, b;

	draw(&a, p->ref, sc, p->seed);
	draw(&b, p->cand, sc, p->seed);
	ratios(cross, &a, &b, sc, p->pool);
	errors(v, cross, ref);
	drawn_free(&a);
	drawn_free(&b);
}

void
anomaly_battery(const struct pair *p, double *v)
{
	const double *ref, *cand;

	for (int i = 0; i < ANOMALY_VALUES; i++)
		v[i] = NAN;
	if (scale_of(p->ref) == NULL)
		return;
	ref = anomaly_ratios(p->ref, p->ref, p->seed, p->pool);
	cand = anomaly_ratios(p->cand, p->ref, p->seed, p->pool);
	errors(v + ANOMALY_OWN, cand, ref);
	if (!isnan(v[ANOMALY_OWN_MEAN]))
		v[ANOMALY_OWN_RANK] = spearman(cand, ref, NETML_MODES);
	cross_errors(v + ANOMALY_CROSS, p, ref);
}
