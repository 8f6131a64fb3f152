#include "ar/likelihood.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ar/learn.h"
#include "ar/streams.h"
#include "base/le.h"
#include "base/log.h"
#include "base/mem.h"

#define JUDGE_STEPS 50 /* between judgements by what is held out */

/* as struct ar_health has them */
static const char *const columns[] = {"loss_attributes", "loss_steps", "gradient",
    "rate", "loss_held_out"};

struct likelihood {
	struct ar *m;
	struct ar_learn *l;
	double held;
};

/* ---- The data ---- */

static int
fit(void *cfg, const struct feed *f, struct ns_err *e)
{
	struct symbols s;
	int rc = symbols_new(&s, &f->schema, e);

	(void)cfg;
	symbols_free(&s);
	return rc;
}

static uint32_t
length_of(const struct lesson *l, const uint8_t *rec)
{
	return get_le32(rec + l->feed->schema.attr_bytes);
}

static size_t
count_series(const struct lesson *l)
{
	size_t n = 0, i;

	for (i = 0; i < l->n; i++)
		n += l->chunk[i].n;
	return n;
}

static struct ar_series *
gather(const struct lesson *l)
{
	struct ar_series *all = xcalloc(count_series(l) + 1, sizeof *all), *s = all;
	size_t i;
	uint32_t j;

	for (i = 0; i < l->n; i++)
		for (j = 0; j < l->chunk[i].n; j++, s++) {
			s->rec = feed_record(l->feed, &l->chunk[i], j);
			s->length = length_of(l, s->rec);
			s->number = (uint32_t)(s - all);
			s->chunk = (uint16_t)l->chunk[i].carry.index;
		}
	return all;
}

/* Each step of training takes one window of so many series. */
static uint64_t
epoch(const struct lesson *l)
{
	const struct ar_config *c = l->config;
	uint64_t windows = 0;
	size_t i;
	uint32_t j;

	for (i = 0; i < l->n; i++)
		for (j = 0; j < l->chunk[i].n; j++)
			windows +=
			    (length_of(l, feed_record(l->feed, &l->chunk[i], j)) - 1) /
				(uint32_t)c->window +
			    1;
	return (windows - 1) / (uint64_t)c->batch_size + 1;
}

/* ---- Training ---- */

static void *
begin(const struct lesson *l, struct ns_err *e)
{
	struct ar *m = ar_new(&l->feed->schema, l->config, l->chunk->carry.count, e);
	const struct ar *from = l->from;
	struct ar_series *all;
	struct likelihood *s;
	struct rng r;

	if (m == NULL)
		return NULL;
	rng_init(&r, l->seed, ar_stream(AR_INIT, (uint64_t)l->chunk->carry.index));
	ar_init(m, &r);
	all = gather(l);
	s = xcalloc(1, sizeof *s);
	s->m = m;
	s->l = ar_learn_new(m, l->pool, all, count_series(l), l->seed,
	    from != NULL ? from->block : NULL);
	free(all);
	log_info("parameters=%zu symbols=%d+%d held_out=%zu", m->n_train, m->P, m->M,
	    s->l->held.n_series);
	return s;
}

static int
step(void *likelihood, uint64_t at, double done, double *column, struct ns_err *e)
{
	struct likelihood *s = likelihood;
	struct ar_health h = {0};
	int rc = ar_learn_step(s->l, at, done, &h, e);

	if (rc >= 0 && (at + 1) % JUDGE_STEPS == 0)
		s->held = ar_learn_judge(s->l);
	h.held = s->held;
	memcpy(column, &h, sizeof h);
	return rc < 0 ? rc : ar_learn_ended(s->l);
}

static int
check_finite(const struct ar *m, uint64_t steps, struct ns_err *e)
{
	const char *bad = params_finite(&m->params, m->block, m->n_all);

	if (bad != NULL)
		return ns_fail(e, NS_ENUMERIC, "'%s' is not finite after step %" PRIu64,
		    bad, steps);
	return NS_OK;
}

static int
settle(void *likelihood, uint64_t steps, struct ns_err *e)
{
	struct likelihood *s = likelihood;

	ar_learn_settle(s->l);
	return check_finite(s->m, steps, e);
}

static int
snapshot(void *likelihood, uint64_t steps, void *net, struct ns_err *e)
{
	struct likelihood *s = likelihood;

	ar_learn_snapshot(s->l, net);
	return check_finite(net, steps, e);
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

/* ---- The state: weights, Adam's moments, averages, and where each lane is ---- */

static int
save(const void *likelihood, struct nsr_writer *w, struct ns_err *e)
{
	const struct likelihood *s = likelihood;
	const struct params *p = &s->m->params;
	const struct ar_learn *l = s->l;
	int rc;

	if ((rc = params_put(p, w, "", s->m->block, s->m->n_all, e)) < 0 ||
	    (rc = params_put(p, w, "mean.", l->mom, s->m->n_train, e)) < 0 ||
	    (rc = params_put(p, w, "square.", l->var, s->m->n_train, e)) < 0 ||
	    (rc = params_put(p, w, "average.", l->mean, s->m->n_train, e)) < 0 ||
	    (rc = params_put(p, w, "best.", l->best, s->m->n_train, e)) < 0)
		return rc;
	return ar_learn_put(l, s->held, w, e);
}

static int
load(void *likelihood, struct nsr_reader *r, struct ns_err *e)
{
	struct likelihood *s = likelihood;
	const struct params *p = &s->m->params;
	struct ar_learn *l = s->l;
	int rc;

	if ((rc = params_get(p, r, "", s->m->block, s->m->n_all, e)) < 0 ||
	    (rc = params_get(p, r, "mean.", l->mom, s->m->n_train, e)) < 0 ||
	    (rc = params_get(p, r, "square.", l->var, s->m->n_train, e)) < 0 ||
	    (rc = params_get(p, r, "average.", l->mean, s->m->n_train, e)) < 0 ||
	    (rc = params_get(p, r, "best.", l->best, s->m->n_train, e)) < 0)
		return rc;
	return ar_learn_get(l, &s->held, r, e);
}

const struct learner_ops ar_learner = {
    .kind = &ar_kind,
    .together = true,
    .epochs = 100,
    .steps_min = 1000,
    .steps_max = 6000,
    .columns = columns,
    .n_columns = LEN(columns),
    .fit = fit,
    .epoch = epoch,
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
