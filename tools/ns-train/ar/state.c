/* What of the training's state are no weights, in a checkpoint. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ar/learn.h"
#include "base/le.h"
#include "base/mem.h"

#define STATE_H "lanes.h"
#define STATE_C "lanes.c"
#define PLACES "lanes.places"
#define JUDGED "judged"
#define HELD "judged.held"
enum { PLACE_HEAD = 2, PLACE_EACH = 3 }; /* epoch, next; series + 1, first, n */
enum { JUDGED_EACH = 4 };                /* best, since, worse, stopped */

static int
put_state(struct nsr_writer *w, const char *name, const real *v, size_t n,
    struct ns_err *e)
{
	const uint64_t dims[1] = {n};
	uint8_t *bytes = xmalloc(size_mul(n, 4));
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		put_lef32(bytes + 4 * i, (float)v[i]);
	rc = nsr_put_tensor(w, name, NSR_F32, 1, dims, bytes, e);
	free(bytes);
	return rc;
}

static int
put_whole(struct nsr_writer *w, const char *name, const uint64_t *v, size_t n,
    struct ns_err *e)
{
	const uint64_t dims[1] = {n};
	uint8_t *bytes = xmalloc(size_mul(n, 8));
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		put_le64(bytes + 8 * i, v[i]);
	rc = nsr_put_tensor(w, name, NSR_U64, 1, dims, bytes, e);
	free(bytes);
	return rc;
}

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

static uint64_t
bits_of(double x)
{
	uint64_t u;

	memcpy(&u, &x, sizeof u);
	return u;
}

static double
of_bits(uint64_t u)
{
	double x;

	memcpy(&x, &u, sizeof x);
	return x;
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
	uint64_t now = bits_of(held), *v, *p;
	size_t n = n_judged(l), i;
	int rc;

	p = v = xcalloc(JUDGED_EACH * n, sizeof *v);
	for (i = 0; i < n; i++) {
		*p++ = bits_of(l->judged[i].best);
		*p++ = (uint64_t)l->judged[i].since;
		*p++ = (uint64_t)l->judged[i].worse;
		*p++ = l->judged[i].stopped;
	}
	if ((rc = put_whole(w, HELD, &now, 1, e)) >= 0)
		rc = put_whole(w, JUDGED, v, JUDGED_EACH * n, e);
	free(v);
	return rc;
}

int
ar_learn_put(const struct ar_learn *l, double held, struct nsr_writer *w,
    struct ns_err *e)
{
	size_t n = (size_t)l->lanes.count * (size_t)l->m->H;
	uint64_t *v = places(l);
	int rc;

	if ((rc = put_state(w, STATE_H, l->state_h, n, e)) >= 0 &&
	    (rc = put_state(w, STATE_C, l->state_c, n, e)) >= 0 &&
	    (rc = put_judged(l, held, w, e)) >= 0)
		rc = put_whole(w, PLACES, v, n_places(l), e);
	free(v);
	return rc;
}

static int
damaged(const struct nsr_reader *r, const char *name, struct ns_err *e)
{
	return ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is damaged", nsr_name(r),
	    name);
}

static int
next_array(struct nsr_reader *r, struct nsr_tensor *t, const char *name, int type,
    uint64_t n, struct ns_err *e)
{
	int rc = nsr_next_tensor(r, t, e);

	if (rc < 0)
		return rc;
	if (rc == 0 || strcmp(t->name, name) != 0 || t->type != type || t->rank != 1 ||
	    t->dims[0] != n)
		return ns_fail(e, NS_ECORRUPT, "'%s': array '%s' is missing",
		    nsr_name(r), name);
	return NS_OK;
}

/* Arrays come in parts. */
static int
get_state(struct nsr_reader *r, const char *name, real *v, size_t n, struct ns_err *e)
{
	struct nsr_tensor t;
	size_t done, i;
	int rc;

	for (done = 0; done < n; done += (size_t)t.count) {
		if ((rc = next_array(r, &t, name, NSR_F32, n, e)) < 0)
			return rc;
		if (t.first != done || t.count > n - done)
			return damaged(r, name, e);
		for (i = 0; i < t.count; i++)
			v[done + i] = (real)get_lef32(t.data + 4 * i);
	}
	return NS_OK;
}

static int
get_whole(struct nsr_reader *r, const char *name, uint64_t *v, size_t n,
    struct ns_err *e)
{
	struct nsr_tensor t;
	size_t done, i;
	int rc;

	for (done = 0; done < n; done += (size_t)t.count) {
		if ((rc = next_array(r, &t, name, NSR_U64, n, e)) < 0)
			return rc;
		if (t.first != done || t.count > n - done)
			return damaged(r, name, e);
		for (i = 0; i < t.count; i++)
			v[done + i] = get_le64(t.data + 8 * i);
	}
	return NS_OK;
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
		if (!isfinite(of_bits(v[0])) || v[1] > INT32_MAX || v[2] > INT32_MAX ||
		    v[3] > 1)
			return false;
		l->judged[i].best = of_bits(v[0]);
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

	if ((rc = get_whole(r, HELD, &now, 1, e)) >= 0 &&
	    (rc = get_whole(r, JUDGED, v, JUDGED_EACH * n, e)) >= 0 &&
	    !take_judged(l, v))
		rc = damaged(r, JUDGED, e);
	*held = of_bits(now);
	free(v);
	return rc;
}

int
ar_learn_get(struct ar_learn *l, double *held, struct nsr_reader *r, struct ns_err *e)
{
	size_t n = (size_t)l->lanes.count * (size_t)l->m->H;
	uint64_t *v = xcalloc(n_places(l), sizeof *v);
	int rc;

	if ((rc = get_state(r, STATE_H, l->state_h, n, e)) >= 0 &&
	    (rc = get_state(r, STATE_C, l->state_c, n, e)) >= 0 &&
	    (rc = get_judged(l, held, r, e)) >= 0 &&
	    (rc = get_whole(r, PLACES, v, n_places(l), e)) >= 0 && !take_places(l, v))
		rc = damaged(r, PLACES, e);
	free(v);
	return rc;
}
