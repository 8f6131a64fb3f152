#include "adv/adversarial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "adv/duel.h"
#include "ar/lesson.h"
#include "arrays.h"
#include "base/log.h"
#include "base/mem.h"

#define JUDGE_STEPS 50 /* between judgements of what is drawn */
#define PHASE "phase"

/* as struct health has them */
static const char *const columns[] = {"loss_attributes", "loss_steps", "loss_held_out",
    "loss_critic", "loss_aux", "loss_generator", "penalty", "penalty_aux",
    "grad_critic", "grad_aux", "gradient", "rate", "score", "score_best"};

struct health {
	double attr, step, held; /* of the likelihood, while it is what is learnt */
	struct duel_health duel; /* afterwards; gradient and rate are of both */
	double score, best;      /* of the last judgement, the least */
};

struct adversarial {
	struct ar_learn *l;
	struct duel *duel; /* NULL: the warm-up is not over */
	double began;      /* share of the budget that was behind when it began */
	uint64_t warm;     /* steps of the warm-up */
	double held, score;
};

static void *
begin(const struct lesson *l, struct ns_err *e)
{
	struct ar_learn *learn = lesson_begin(l, e);
	struct adversarial *s;

	if (learn == NULL)
		return NULL;
	s = xcalloc(1, sizeof *s);
	s->l = learn;
	return s;
}

/* ---- Steps ---- */

/* The share of the warm-up that is behind; 1: it is over. */
static double
warmed(const struct ar_config *c, const struct spent *spent)
{
	double behind = spent->share / (c->warm_share > 0 ? c->warm_share : 1);

	if (c->warm_up > 0) { /* it may be longer than all there is */
		behind = spent->seconds / c->warm_up;
		behind = spent->share > behind ? spent->share : behind;
	} else if (c->warm_share == 0) {
		return 1;
	}
	return behind < 1 ? behind : 1;
}

static bool
only_warm(const struct adversarial *s)
{
	return s->l->m->cfg.warm_share == 1 && s->l->m->cfg.warm_up == 0;
}

static void
begin_duel(struct adversarial *s, uint64_t at, double share)
{
	if (at > 0)
		ar_learn_settle(s->l);
	s->duel = duel_new(s->l, at);
	s->warm = at;
	s->began = share;
	s->score = duel_judge(s->duel);
	log_info("warm_up=%llu score=%.4g", (unsigned long long)at, s->score);
}

static int
warm_step(struct adversarial *s, uint64_t at, double done, struct health *h,
    struct ns_err *e)
{
	struct ar_health a = {0};
	int rc = lesson_step(s->l, at, done, &s->held, &a, e);

	h->attr = a.attr;
	h->step = a.step;
	h->held = a.held;
	h->duel.gradient = a.gradient;
	h->duel.rate = a.rate;
	return rc;
}

static int
duel_one(struct adversarial *s, uint64_t at, double share, struct health *h,
    struct ns_err *e)
{
	double done;
	int rc;

	if (share < s->began) /* more was asked for since */
		s->began = share;
	done = s->began < 1 ? (share - s->began) / (1 - s->began) : 1;
	rc = duel_step(s->duel, at - s->warm, done, &h->duel, e);
	if (rc >= 0 && duel_moves(s->duel) && (at - s->warm + 1) % JUDGE_STEPS == 0)
		s->score = duel_judge(s->duel);
	h->held = s->held;
	h->score = s->score;
	h->best = s->duel->best;
	return rc < 0 ? rc : duel_over(s->duel);
}

static int
step(void *adversarial, uint64_t at, const struct spent *spent, double *column,
    struct ns_err *e)
{
	struct adversarial *s = adversarial;
	struct health h = {0};
	double done = warmed(&s->l->m->cfg, spent);
	int rc;

	if (s->duel != NULL && at < s->warm)
		return ns_fail(e, NS_ECORRUPT,
		    "the checkpoint's warm-up is longer than its run");
	if (s->duel == NULL && !only_warm(s) && (done >= 1 || ar_learn_ended(s->l)))
		begin_duel(s, at, spent->share);
	if (s->duel == NULL)
		rc = warm_step(s, at, done, &h, e);
	else
		rc = duel_one(s, at, spent->share, &h, e);
	memcpy(column, &h, sizeof h);
	return rc == NS_OK && only_warm(s) ? ar_learn_ended(s->l) : rc;
}

static int
settle(void *adversarial, uint64_t steps, struct ns_err *e)
{
	struct adversarial *s = adversarial;

	if (s->duel != NULL)
		duel_settle(s->duel);
	else
		ar_learn_settle(s->l);
	return lesson_finite(s->l->m, steps, e);
}

static int
snapshot(void *adversarial, uint64_t steps, void *net, struct ns_err *e)
{
	struct adversarial *s = adversarial;

	if (s->duel != NULL)
		duel_snapshot(s->duel, net);
	else
		ar_learn_snapshot(s->l, net);
	return lesson_finite(net, steps, e);
}

static void *
end(void *adversarial)
{
	struct adversarial *s = adversarial;
	struct ar *m = s->l->m;

	duel_free(s->duel);
	ar_learn_free(s->l);
	free(s);
	return m;
}

/* ---- What is told ---- */

static void
say(const double *column, struct buf *b)
{
	struct health h;

	memcpy(&h, column, sizeof h);
	if (h.attr == 0 && h.step == 0) /* the duel has begun */
		buf_printf(b,
		    " loss_critic=%.4g loss_aux=%.4g loss_generator=%.4g "
		    "score=%.4g",
		    h.duel.critic, h.duel.aux, h.duel.generator, h.score);
	else
		buf_printf(b,
		    " loss_attributes=%.4g loss_steps=%.4g "
		    "loss_held_out=%.4g",
		    h.attr, h.step, h.held);
}

static int
put_meta(const void *net, const double *column, struct nsr_writer *w, struct ns_err *e)
{
	struct health h;
	int rc;

	(void)net;
	memcpy(&h, column, sizeof h);
	if ((rc = nsr_put_meta(w, e, "train.loss_held_out", "%.9g", h.held)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.loss_critic", "%.9g", h.duel.critic)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.loss_aux", "%.9g", h.duel.aux)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.loss_generator", "%.9g",
		 h.duel.generator)) < 0)
		return rc;
	return nsr_put_meta(w, e, "train.score", "%.9g", h.best);
}

/* ---- The state ---- */

enum { PHASE_DUEL, PHASE_WARM, PHASE_BEGAN, PHASE_SCORE, PHASE_N };

static int
save(const void *adversarial, struct nsr_writer *w, struct ns_err *e)
{
	const struct adversarial *s = adversarial;
	const uint64_t v[PHASE_N] = {s->duel != NULL, s->warm, arrays_bits(s->began),
	    arrays_bits(s->score)};
	int rc = arrays_put_whole(w, PHASE, v, PHASE_N, e);

	if (rc < 0 || (rc = ar_learn_put(s->l, s->held, w, e)) < 0)
		return rc;
	return s->duel != NULL ? duel_put(s->duel, w, e) : NS_OK;
}

static bool
take_phase(struct adversarial *s, const uint64_t *v)
{
	s->warm = v[PHASE_WARM];
	s->began = arrays_double(v[PHASE_BEGAN]);
	s->score = arrays_double(v[PHASE_SCORE]);
	return v[PHASE_DUEL] <= 1 && s->began >= 0 && s->began <= 1 &&
	    isfinite(s->score);
}

static int
load(void *adversarial, struct nsr_reader *r, struct ns_err *e)
{
	struct adversarial *s = adversarial;
	uint64_t v[PHASE_N];
	int rc = arrays_get_whole(r, PHASE, v, PHASE_N, e);

	if (rc < 0)
		return rc;
	if (!take_phase(s, v))
		return arrays_damaged(r, PHASE, e);
	/* it takes over what is there, and what is read comes over that */
	if (v[PHASE_DUEL])
		s->duel = duel_new(s->l, s->warm);
	if ((rc = ar_learn_get(s->l, &s->held, r, e)) < 0)
		return rc;
	return s->duel != NULL ? duel_get(s->duel, r, e) : NS_OK;
}

const struct learner_ops adversarial_learner = {
    .kind = &adversarial_kind,
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
