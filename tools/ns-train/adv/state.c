/* The state of a duel between two steps, in a checkpoint. */
#include <math.h>
#include <stdlib.h>

#include "adv/duel.h"
#include "arrays.h"
#include "base/mem.h"

#define UPDATES "critics.updates"
#define SEEN "critics.seen"
#define SCORES "scores"
#define DRAWN "drawn.attributes"
#define LAST "drawn.last"
#define STATE_H "drawn.h"
#define STATE_C "drawn.c"

/* ---- The critics ---- */

static int
put_critics(const struct critics *c, struct nsr_writer *w, struct ns_err *e)
{
	const struct params *p = &c->params;
	const struct critic *k;
	int i, rc;

	if ((rc = params_put(p, w, "", c->block, p->total, e)) < 0 ||
	    (rc = params_put(p, w, "mean.", c->mom, p->total, e)) < 0 ||
	    (rc = params_put(p, w, "square.", c->var, p->total, e)) < 0)
		return rc;
	for (i = 0; i < CRITICS && rc >= 0; i++) {
		k = &c->of[i].critic;
		if ((rc = arrays_put_whole(w, UPDATES, &c->of[i].updates, 1, e)) >= 0)
			rc = arrays_put_whole(w, SEEN, k->lazy.last,
			    (size_t)k->n_strips, e);
	}
	return rc;
}

static int
get_critics(struct critics *c, struct nsr_reader *r, struct ns_err *e)
{
	const struct params *p = &c->params;
	struct critic *k;
	int i, rc;

	if ((rc = params_get(p, r, "", c->block, p->total, e)) < 0 ||
	    (rc = params_get(p, r, "mean.", c->mom, p->total, e)) < 0 ||
	    (rc = params_get(p, r, "square.", c->var, p->total, e)) < 0)
		return rc;
	for (i = 0; i < CRITICS && rc >= 0; i++) {
		k = &c->of[i].critic;
		if ((rc = arrays_get_whole(r, UPDATES, &c->of[i].updates, 1, e)) >= 0)
			rc = arrays_get_whole(r, SEEN, k->lazy.last,
			    (size_t)k->n_strips, e);
	}
	return rc;
}

/* ---- What is drawn and goes on ---- */

static int
put_codes(struct nsr_writer *w, const char *name, const uint16_t *v, size_t n,
    struct ns_err *e)
{
	uint64_t *u = xcalloc(n + 1, sizeof *u);
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		u[i] = v[i];
	rc = arrays_put_whole(w, name, u, n, e);
	free(u);
	return rc;
}

/* Codes (rows, n) of the symbols y (n): each is one of its symbol. */
static int
get_codes(struct nsr_reader *r, const char *name, const struct symbol *y, int n,
    uint16_t *v, int rows, struct ns_err *e)
{
	size_t all = (size_t)rows * (size_t)n, i;
	uint64_t *u = xcalloc(all + 1, sizeof *u);
	int rc = arrays_get_whole(r, name, u, all, e);

	for (i = 0; i < all && rc >= 0; i++) {
		if (u[i] >= (uint64_t)y[i % (size_t)n].k)
			rc = arrays_damaged(r, name, e);
		v[i] = (uint16_t)u[i];
	}
	free(u);
	return rc;
}

static int
put_drawn(const struct duel *d, struct nsr_writer *w, struct ns_err *e)
{
	const struct ar *m = d->l->m;
	size_t lanes = (size_t)d->l->lanes.count;
	int rc;

	if ((rc = put_codes(w, DRAWN, d->on.attr, lanes * (size_t)m->P, e)) < 0 ||
	    (rc = put_codes(w, LAST, d->on.last, lanes * (size_t)m->M, e)) < 0 ||
	    (rc = arrays_put_reals(w, STATE_H, d->on.h, lanes * (size_t)m->H, e)) < 0)
		return rc;
	return arrays_put_reals(w, STATE_C, d->on.c, lanes * (size_t)m->H, e);
}

static int
get_drawn(struct duel *d, struct nsr_reader *r, struct ns_err *e)
{
	const struct ar *m = d->l->m;
	const struct symbol *y = m->sym.sym;
	int lanes = d->l->lanes.count, rc;
	size_t state = (size_t)lanes * (size_t)m->H;

	if ((rc = get_codes(r, DRAWN, y, m->P, d->on.attr, lanes, e)) < 0 ||
	    (rc = get_codes(r, LAST, y + m->P, m->M, d->on.last, lanes, e)) < 0 ||
	    (rc = arrays_get_reals(r, STATE_H, d->on.h, state, e)) < 0)
		return rc;
	return arrays_get_reals(r, STATE_C, d->on.c, state, e);
}

/* ---- All ---- */

enum { SCORE_BEST, SCORE_SINCE, SCORE_N };

int
duel_put(const struct duel *d, struct nsr_writer *w, struct ns_err *e)
{
	const uint64_t v[SCORE_N] = {arrays_bits(d->best), (uint64_t)d->since};
	int rc = arrays_put_whole(w, SCORES, v, SCORE_N, e);

	if (rc < 0 || (rc = put_critics(&d->critics, w, e)) < 0)
		return rc;
	return put_drawn(d, w, e);
}

int
duel_get(struct duel *d, struct nsr_reader *r, struct ns_err *e)
{
	uint64_t v[SCORE_N];
	int rc = arrays_get_whole(r, SCORES, v, SCORE_N, e);

	if (rc < 0)
		return rc;
	d->best = arrays_double(v[SCORE_BEST]);
	d->since = (int)v[SCORE_SINCE];
	if (!isfinite(d->best) || v[SCORE_SINCE] > INT32_MAX)
		return arrays_damaged(r, SCORES, e);
	if ((rc = get_critics(&d->critics, r, e)) < 0)
		return rc;
	return get_drawn(d, r, e);
}
