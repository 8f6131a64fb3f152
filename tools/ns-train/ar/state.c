/* The state between two steps, in a checkpoint: weights and what is none. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ar/learn.h"
#include "arrays.h"
#include "base/mem.h"

#define STATE_H "lanes.h"
#define STATE_C "lanes.c"
#define PLACES "lanes.places"
#define JUDGED "judged"
#define HELD "judged.held"
enum { PLACE_HEAD = 2, PLACE_EACH = 3 }; /* epoch, next; series + 1, first, n */
enum { JUDGED_EACH = 4 };                /* best, since, worse, stopped */

static size_t
n_places(const struct ar_learn *l)
{
	return PLACE_HEAD + PLACE_EACH * (size_t)l->lanes.count;
}

static uint64_t *
places(const struct ar_learn *l)
{
	uint64_t *v = xcalloc(n_places(l), sizeof *v), *p = v;
	const struct lane *a;
	int i;

	*p++ = l->lanes.epoch;
	*p++ = l->lanes.next;
	for (i = 0; i < l->lanes.count; i++) {
		a = &l->lanes.lane[i];
		*p++ = a->series != NULL ? (uint64_t)(a->series - l->lanes.all) + 1 : 0;
		*p++ = a->first;
		*p++ = a->n;
	}
	return v;
}

static size_t
n_judged(const struct ar_learn *l)
{
	return (size_t)(l->m->P + 1 + l->m->M);
}

/* How the judgements went: of all, then of each. */
static int
put_judged(const struct ar_learn *l, double held, struct nsr_writer *w,
    struct ns_err *e)
{
	uint64_t now = arrays_bits(held), *v, *p;
	size_t n = n_judged(l), i;
	int rc;

	p = v = xcalloc(JUDGED_EACH * n, sizeof *v);
	for (i = 0; i < n; i++) {
		*p++ = arrays_bits(l->judged[i].best);
		*p++ = (uint64_t)l->judged[i].since;
		*p++ = (uint64_t)l->judged[i].worse;
		*p++ = l->judged[i].stopped;
	}
	if ((rc = arrays_put_whole(w, HELD, &now, 1, e)) >= 0)
		rc = arrays_put_whole(w, JUDGED, v, JUDGED_EACH * n, e);
	free(v);
	return rc;
}

/* Weights, Adam's moments, averages. */
static int
put_weights(const struct ar_learn *l, struct nsr_writer *w, struct ns_err *e)
{
	const struct ar *m = l->m;
	const struct params *p = &m->params;
	int rc;

	if ((rc = params_put(p, w, "", m->block, m->n_all, e)) < 0 ||
	    (rc = params_put(p, w, "mean.", l->mom, m->n_train, e)) < 0 ||
	    (rc = params_put(p, w, "square.", l->var, m->n_train, e)) < 0 ||
	    (rc = params_put(p, w, "average.", l->mean, m->n_train, e)) < 0)
		return rc;
	return params_put(p, w, "best.", l->best, m->n_train, e);
}

int
ar_learn_put(const struct ar_learn *l, double held, struct nsr_writer *w,
    struct ns_err *e)
{
	size_t n = (size_t)l->lanes.count * (size_t)l->m->H;
	uint64_t *v = places(l);
	int rc;

	if ((rc = put_weights(l, w, e)) >= 0 &&
	    (rc = arrays_put_reals(w, STATE_H, l->state_h, n, e)) >= 0 &&
	    (rc = arrays_put_reals(w, STATE_C, l->state_c, n, e)) >= 0 &&
	    (rc = put_judged(l, held, w, e)) >= 0)
		rc = arrays_put_whole(w, PLACES, v, n_places(l), e);
	free(v);
	return rc;
}

/* The checkpoint is of the same data; still, nothing may point beside it. */
static bool
take_lane(struct lanes *l, struct lane *a, const uint64_t *p)
{
	if (p[0] > l->n)
		return false;
	a->series = p[0] > 0 ? &l->all[p[0] - 1] : NULL;
	a->first = (uint32_t)p[1];
	a->n = (uint32_t)p[2];
	return a->series == NULL
	    ? p[1] == 0 && p[2] == 0
	    : p[1] < a->series->length && p[2] <= a->series->length - p[1];
}

static bool
take_places(struct ar_learn *l, const uint64_t *v)
{
	int i;

	if (v[0] > UINT32_MAX || v[1] > l->lanes.n)
		return false;
	lanes_go(&l->lanes, v[0], (size_t)v[1]);
	for (i = 0; i < l->lanes.count; i++)
		if (!take_lane(&l->lanes, &l->lanes.lane[i],
			v + PLACE_HEAD + PLACE_EACH * i))
			return false;
	return true;
}

static bool
take_judged(struct ar_learn *l, const uint64_t *v)
{
	size_t i;

	for (i = 0; i < n_judged(l); i++, v += JUDGED_EACH) {
		if (!isfinite(arrays_double(v[0])) || v[1] > INT32_MAX ||
		    v[2] > INT32_MAX || v[3] > 1)
			return false;
		l->judged[i].best = arrays_double(v[0]);
		l->judged[i].since = (int)v[1];
		l->judged[i].worse = (int)v[2];
		l->judged[i].stopped = v[3];
	}
	ar_learn_weigh(l);
	return true;
}

static int
get_judged(struct ar_learn *l, double *held, struct nsr_reader *r, struct ns_err *e)
{
	size_t n = n_judged(l);
	uint64_t now = 0, *v = xcalloc(JUDGED_EACH * n, sizeof *v);
	int rc;

	if ((rc = arrays_get_whole(r, HELD, &now, 1, e)) >= 0 &&
	    (rc = arrays_get_whole(r, JUDGED, v, JUDGED_EACH * n, e)) >= 0 &&
	    !take_judged(l, v))
		rc = arrays_damaged(r, JUDGED, e);
	*held = arrays_double(now);
	free(v);
	return rc;
}

static int
get_weights(struct ar_learn *l, struct nsr_reader *r, struct ns_err *e)
{
	const struct ar *m = l->m;
	const struct params *p = &m->params;
	int rc;

	if ((rc = params_get(p, r, "", m->block, m->n_all, e)) < 0 ||
	    (rc = params_get(p, r, "mean.", l->mom, m->n_train, e)) < 0 ||
	    (rc = params_get(p, r, "square.", l->var, m->n_train, e)) < 0 ||
	    (rc = params_get(p, r, "average.", l->mean, m->n_train, e)) < 0)
		return rc;
	return params_get(p, r, "best.", l->best, m->n_train, e);
}

int
ar_learn_get(struct ar_learn *l, double *held, struct nsr_reader *r, struct ns_err *e)
{
	size_t n = (size_t)l->lanes.count * (size_t)l->m->H;
	uint64_t *v = xcalloc(n_places(l), sizeof *v);
	int rc;

	if ((rc = get_weights(l, r, e)) >= 0 &&
	    (rc = arrays_get_reals(r, STATE_H, l->state_h, n, e)) >= 0 &&
	    (rc = arrays_get_reals(r, STATE_C, l->state_c, n, e)) >= 0 &&
	    (rc = get_judged(l, held, r, e)) >= 0 &&
	    (rc = arrays_get_whole(r, PLACES, v, n_places(l), e)) >= 0 &&
	    !take_places(l, v))
		rc = arrays_damaged(r, PLACES, e);
	free(v);
	return rc;
}
