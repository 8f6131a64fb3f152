#include "trainer.h"

#include <inttypes.h>

#include "base/crc32c.h"
#include "base/log.h"
#include "base/sig.h"
#include "private/privacy.h"

#define CKPT_NS ((int64_t)60 * 1000000000)
#define PRIVATE_EPOCH 100 /* steps between lines of the log */

struct lap {
	int64_t start_ns; /* clock when this process began, less what went before */
	int64_t saved_ns; /* clock at the last checkpoint */
	uint64_t saved_step;
	/* columns over the steps since the last line of the log */
	double sum[LEARNER_COLUMNS_MAX];
	uint64_t n;
};

void
trainer_log_head(FILE *f, const struct learner_ops *ops)
{
	size_t i;

	fputs("chunk\tepoch\tstep", f);
	for (i = 0; i < ops->n_columns; i++)
		fprintf(f, "\t%s", ops->columns[i]);
	fputs("\tseconds\n", f);
}

static void
lap_add(struct lap *l, const double *column, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		l->sum[i] = l->n == 0 ? column[i] : l->sum[i] + column[i];
	l->n++;
}

static void
log_line(const struct trainer *t, const struct lap *l, uint64_t epoch)
{
	const struct lesson *s = t->lesson;
	size_t i;

	if (s->n == 1)
		fprintf(t->log, "%d", s->chunk->carry.index);
	else
		fputs("all", t->log);
	fprintf(t->log, "\t%" PRIu64 "\t%" PRIu64, epoch, t->state.step);
	for (i = 0; i < t->o->ops->n_columns; i++)
		fprintf(t->log, "\t%.6g", l->sum[i] / (double)l->n);
	fprintf(t->log, "\t%.1f\n", (double)(mono_ns() - l->start_ns) / 1e9);
	fflush(t->log);
}

/* Before anything that was learnt so far leaves this process. */
static int
write_down(const struct trainer *t, struct ns_err *e)
{
	return t->privacy != NULL ? privacy_spent(t->privacy, t->state.step, e) : NS_OK;
}

static int
lap_report(const struct trainer *t, struct lap *l, uint64_t per_epoch, struct ns_err *e)
{
	uint64_t epoch = (t->state.step + per_epoch - 1) / per_epoch;
	struct buf b = {0};
	int rc = write_down(t, e);

	if (rc < 0)
		return rc;
	buf_printf(&b, "epoch=%" PRIu64 " step=%" PRIu64, epoch, t->state.step);
	t->o->ops->say(t->state.column, &b);
	log_info("%s", (const char *)b.p);
	buf_free(&b);
	if (t->log != NULL)
		log_line(t, l, epoch);
	l->n = 0;
	return NS_OK;
}

/* ---- Checkpoints ---- */

static void
describe_data(const struct feed_chunk *c, struct buf *b)
{
	buf_printf(b, "codec=%s\nseries=%zu\ncrc=%" PRIu32 "\nmax_steps=%" PRIu32 "\n",
	    carry_get(&c->carry, "codec.hash"), c->n, c->crc, c->carry.max_steps);
}

static void
ckpt_describe(struct ckpt *c, const struct trainer *t)
{
	const struct model_kind *kind = t->o->ops->kind;
	const struct lesson *l = t->lesson;
	struct buf b = {0};
	size_t i;

	hypers_text(kind->hypers, l->config, &b);
	buf_printf(&b, "seed=%" PRIu64 "\nchunk=%d\nwarm=%" PRIu32 "\n", l->seed,
	    l->n == 1 ? l->chunk->carry.index : -1, t->warm_crc);
	/* with more steps they would have been others */
	if (t->o->snapshots > 0)
		buf_printf(&b, "snapshots=%d\nsteps=%" PRIu64 "\ntime=%" PRId64 "\n",
		    t->o->snapshots, t->steps, t->budget_ns);
	if (l->private != NULL)
		buf_printf(&b, "rate=%.17g\nsigma=%.17g\nclip=%.17g\n",
		    l->private->rate, l->private->sigma, l->private->clip);
	c->options = crc32c(0, b.p, b.len);
	b.len = 0;
	for (i = 0; i < l->n; i++)
		describe_data(&l->chunk[i], &b);
	c->exact = t->privacy != NULL;
	c->data = t->privacy != NULL ? privacy_tag(t->privacy, b.p, b.len)
				     : crc32c(0, b.p, b.len);
	buf_free(&b);
	snprintf(c->kind, sizeof c->kind, "%s-checkpoint", kind->name);
	c->head = (struct model_head){.kind = c->kind,
	    .carry = &l->chunk->carry,
	    .dicts = &l->feed->chunk[0].carry,
	    .schema = &l->feed->schema,
	    .hypers = kind->hypers,
	    .config = l->config};
}

static int
ckpt_begin(struct ckpt *c, struct trainer *t, struct ns_err *e)
{
	int rc;

	if (t->checkpoint == NULL)
		return NS_OK;
	if ((rc = ckpt_lock(c, t->checkpoint, e)) < 0)
		return rc;
	ckpt_describe(c, t);
	c->ops = t->o->ops;
	c->learner = t->learner;
	rc = ckpt_load(c, &t->state, e);
	if (rc > 0 && t->state.step > t->steps)
		return ns_fail(e, NS_EKIND,
		    "checkpoint '%s' is at step %" PRIu64 ", beyond the %" PRIu64
		    " asked for",
		    c->path, t->state.step, t->steps);
	if (rc > 0)
		log_info("checkpoint=%s step=%" PRIu64, c->path, t->state.step);
	return rc;
}

static int
ckpt_now(const struct ckpt *c, const struct trainer *t, struct lap *l, struct ns_err *e)
{
	int rc;

	if (t->checkpoint == NULL || l->saved_step == t->state.step)
		return NS_OK;
	if ((rc = write_down(t, e)) < 0)
		return rc;
	l->saved_ns = mono_ns();
	l->saved_step = t->state.step;
	return ckpt_save(c, &t->state, e);
}

static bool
ckpt_due(const struct trainer *t, const struct lap *l)
{
	if (t->o->checkpoint_every > 0)
		return t->state.step % t->o->checkpoint_every == 0;
	return mono_ns() - l->saved_ns >= CKPT_NS;
}

/* ---- The loop ---- */

/* How many steps an epoch has is a secret of private data. */
static uint64_t
per_epoch_of(const struct trainer *t)
{
	return t->privacy != NULL ? PRIVATE_EPOCH : t->o->ops->epoch(t->lesson);
}

/* The share of the steps or of the time that is behind. */
static double
share_done(const struct trainer *t)
{
	double steps = 0, time = 0;

	if (t->steps != UINT64_MAX)
		steps = (double)t->state.step / (double)t->steps;
	if (t->budget_ns > 0)
		time = (double)t->state.elapsed_ns / (double)t->budget_ns;
	return steps > time ? steps : time;
}

void
trainer_result(const struct trainer *t, struct result *x)
{
	*x = (struct result){.steps = t->state.step,
	    .per_epoch = per_epoch_of(t),
	    .warm = t->warm,
	    .column = t->state.column};
}

static int
take_snapshots(struct trainer *t, struct ns_err *e)
{
	struct result x;
	int rc = NS_OK;

	while (rc >= 0 && snapshots_due(&t->snapshots, share_done(t))) {
		if ((rc = write_down(t, e)) < 0)
			break;
		trainer_result(t, &x);
		rc = snapshots_take(&t->snapshots, t->lesson, t->learner, &x, e);
	}
	return rc;
}

static int
one_step(struct trainer *t, struct lap *l, struct ns_err *e)
{
	const struct learner_ops *ops = t->o->ops;
	const struct spent spent = {share_done(t), (double)t->state.elapsed_ns / 1e9};
	int rc = ops->step(t->learner, t->state.step, &spent, t->state.column, e);

	if (rc < 0)
		return rc;
	t->state.over = rc > 0;
	t->state.step++;
	t->state.elapsed_ns = mono_ns() - l->start_ns;
	lap_add(l, t->state.column, ops->n_columns);
	return NS_OK;
}

static bool
finished(const struct trainer *t)
{
	return t->state.over || t->state.step >= t->steps ||
	    (t->budget_ns > 0 && t->state.elapsed_ns >= t->budget_ns);
}

static int
stopped(const struct trainer *t, struct ns_err *e)
{
	return ns_fail(e, NS_EAGAIN,
	    "stopped by signal %d at step %" PRIu64
	    ", checkpoint '%s' is written: run again to go on",
	    sig_stop(), t->state.step, t->checkpoint);
}

static int
loop(struct trainer *t, const struct ckpt *c, struct ns_err *e)
{
	uint64_t per_epoch = per_epoch_of(t);
	struct lap l = {.saved_step = t->state.step};
	struct progress p;
	int rc = NS_OK;

	l.saved_ns = mono_ns();
	l.start_ns = l.saved_ns - t->state.elapsed_ns;
	progress_start(&p, "steps", t->steps == UINT64_MAX ? 0 : t->steps);
	while (!finished(t)) {
		if ((rc = one_step(t, &l, e)) < 0)
			break;
		progress_at(&p, t->state.step);
		if ((t->state.step % per_epoch == 0 || finished(t)) &&
		    (rc = lap_report(t, &l, per_epoch, e)) < 0)
			break;
		/* before a checkpoint that would be beyond them */
		if ((rc = take_snapshots(t, e)) < 0)
			break;
		if (sig_stop() != 0 && !finished(t)) {
			rc = ckpt_now(c, t, &l, e);
			rc = rc < 0 ? rc : stopped(t, e);
			break;
		}
		if (ckpt_due(t, &l) && (rc = ckpt_now(c, t, &l, e)) < 0)
			break;
	}
	progress_end(&p);
	return rc < 0 ? rc : ckpt_now(c, t, &l, e);
}

int
trainer_run(struct trainer *t, struct ns_err *e)
{
	struct ckpt c = {.lock = -1};
	int rc = ckpt_begin(&c, t, e);

	if (rc >= 0)
		rc = snapshots_start(&t->snapshots, share_done(t), e);
	if (rc >= 0)
		rc = loop(t, &c, e);
	if (rc >= 0)
		rc = write_down(t, e);
	if (rc >= 0)
		rc = t->o->ops->settle(t->learner, t->state.step, e);
	ckpt_unlock(&c);
	return rc;
}
