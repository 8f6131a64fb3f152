#include "ar/likelihood.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ar/learn.h"
#include "ar/lesson.h"
#include "ar/streams.h"
#include "base/log.h"
#include "base/mem.h"

/* as struct ar_health has them */
static const char *const columns[] = {"loss_attributes", "loss_steps", "gradient",
    "rate", "loss_held_out"};

struct likelihood {
	struct ar *m;
	struct ar_learn *l;
	double held;
};

/* ---- Training ---- */

static void *
begin(const struct lesson *l, struct ns_err *e)
{
	struct ar_learn *learn = lesson_begin(l, e);
	struct likelihood *s;

	if (learn == NULL)
		return NULL;
	s = xcalloc(1, sizeof *s);
	s->l = learn;
	s->m = learn->m;
	return s;
}

static int
step(void *likelihood, uint64_t at, const struct spent *spent, double *column,
    struct ns_err *e)
{
	struct likelihood *s = likelihood;
	struct ar_health h = {0};
	int rc = lesson_step(s->l, at, spent->share, &s->held, &h, e);

	memcpy(column, &h, sizeof h);
	return rc < 0 ? rc : ar_learn_ended(s->l);
}

static int
settle(void *likelihood, uint64_t steps, struct ns_err *e)
{
	struct likelihood *s = likelihood;

	ar_learn_settle(s->l);
	return lesson_finite(s->m, steps, e);
}

static int
snapshot(void *likelihood, uint64_t steps, void *net, struct ns_err *e)
{
	struct likelihood *s = likelihood;

	ar_learn_snapshot(s->l, net);
	return lesson_finite(net, steps, e);
}

static void *
end(void *likelihood)
{
	struct likelihood *s = likelihood;
	struct ar *m = s->m;

	ar_learn_free(s->l);
	free(s);
	return m;
}

/* ---- What is told ---- */

static void
say(const double *column, struct buf *b)
{
	struct ar_health h;

	memcpy(&h, column, sizeof h);
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

	return ar_learn_put(s->l, s->held, w, e);
}

static int
load(void *likelihood, struct nsr_reader *r, struct ns_err *e)
{
	struct likelihood *s = likelihood;

	return ar_learn_get(s->l, &s->held, r, e);
}

const struct learner_ops ar_learner = {
    .kind = &ar_kind,
    .together = true,
    .epochs = 100,
    .steps_min = 1000,
    .steps_max = 6000,
    .columns = columns,
    .n_columns = LEN(columns),
    .fit = lesson_fit,
    .epoch = lesson_epoch,
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
