#include "ar/likelihood.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ar/learn.h"
#include "ar/lesson.h"
#include "ar/private.h"
#include "ar/streams.h"
#include "base/log.h"
#include "base/mem.h"

/* as struct ar_health has them */
static const char *const columns[] = {"loss_attributes", "loss_steps", "gradient",
    "rate", "loss_held_out"};

/* One of l and p: in the open, or privately. */
struct likelihood {
	struct ar *m;
	struct ar_learn *l;
	struct ar_private *p;
	double held;
};

/* ---- Training ---- */

static void *
begin(const struct lesson *l, struct ns_err *e)
{
	struct likelihood s = {NULL, NULL, NULL, 0}, *kept;

	if (l->private != NULL)
		s.p = ar_private_begin(l, e);
	else
		s.l = lesson_begin(l, e);
	if (s.p == NULL && s.l == NULL)
		return NULL;
	s.m = s.p != NULL ? ar_private_net(s.p) : s.l->m;
	kept = xmalloc(sizeof *kept);
	*kept = s;
	return kept;
}

static int
step(void *likelihood, uint64_t at, const struct spent *spent, double *column,
    struct ns_err *e)
{
	struct likelihood *s = likelihood;
	struct ar_health h = {0};
	int rc;

	if (s->p != NULL)
		rc = ar_private_step(s->p, at, spent->share, &h, e);
	else
		rc = lesson_step(s->l, at, spent->share, &s->held, &h, e);
	memcpy(column, &h, sizeof h);
	return rc < 0 || s->p != NULL ? rc : ar_learn_ended(s->l);
}

static int
settle(void *likelihood, uint64_t steps, struct ns_err *e)
{
	struct likelihood *s = likelihood;

	if (s->p != NULL)
		ar_private_settle(s->p, s->m);
	else
		ar_learn_settle(s->l);
	return lesson_finite(s->m, steps, e);
}

static int
snapshot(void *likelihood, uint64_t steps, void *net, struct ns_err *e)
{
	struct likelihood *s = likelihood;

	if (s->p != NULL)
		ar_private_settle(s->p, net);
	else
		ar_learn_snapshot(s->l, net);
	return lesson_finite(net, steps, e);
}

static void *
end(void *likelihood)
{
	struct likelihood *s = likelihood;
	struct ar *m = s->m;

	ar_learn_free(s->l);
	ar_private_free(s->p);
	free(s);
	return m;
}

/* ---- What is told ---- */

static void
say(const double *column, struct buf *b)
{
	struct ar_health h;

	memcpy(&h, column, sizeof h);
	if (isnan(h.attr)) /* learnt privately: losses are of the data */
		return;
	buf_printf(b, " loss_attributes=%.4g loss_steps=%.4g loss_held_out=%.4g",
	    h.attr, h.step, h.held);
}

static int
put_meta(const void *likelihood, const double *column, struct nsr_writer *w,
    struct ns_err *e)
{
	struct ar_health h;
	int rc;

	(void)likelihood;
	memcpy(&h, column, sizeof h);
	if (isnan(h.attr))
		return NS_OK;
	if ((rc = nsr_put_meta(w, e, "train.loss_attributes", "%.9g", h.attr)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.loss_steps", "%.9g", h.step)) < 0)
		return rc;
	return nsr_put_meta(w, e, "train.loss_held_out", "%.9g", h.held);
}

/* ---- The state ---- */

static int
save(const void *likelihood, struct nsr_writer *w, struct ns_err *e)
{
	const struct likelihood *s = likelihood;

	return s->p != NULL ? ar_private_put(s->p, w, e)
			    : ar_learn_put(s->l, s->held, w, e);
}

static int
load(void *likelihood, struct nsr_reader *r, struct ns_err *e)
{
	struct likelihood *s = likelihood;

	return s->p != NULL ? ar_private_get(s->p, r, e)
			    : ar_learn_get(s->l, &s->held, r, e);
}

const struct learner_ops ar_learner = {
    .kind = &ar_kind,
    .together = true,
    .epochs = 100,
    .steps_min = 1000,
    .steps_max = 6000,
    .steps_private = 200,
    .columns = columns,
    .n_columns = LEN(columns),
    .fit = lesson_fit,
    .epoch = lesson_epoch,
    .unprivate = ar_private_unfit,
    .releases = ar_private_releases,
    .nominal = ar_private_nominal,
    .private_defaults = ar_private_defaults,
    .count_share = ar_private_share,
    .begin = begin,
    .step = step,
    .say = say,
    .save = save,
    .load = load,
    .settle = settle,
    .snapshot = snapshot,
    .end = end,
    .put_meta = put_meta,
};
