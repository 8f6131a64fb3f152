#include "trainer.h"

#include <inttypes.h>

#include "base/crc32c.h"
#include "base/log.h"
#include "base/sig.h"

#define CKPT_NS ((int64_t)60 * 1000000000)

struct lap {
	int64_t start_ns; /* clock when this process began, less what went before */
	int64_t saved_ns; /* clock at the last checkpoint */
	uint64_t saved_step;
	struct gan_health sum; /* over the steps since the last line of the log */
	uint64_t n;
};

uint64_t
trainer_epoch(const struct feed_chunk *c, const struct dg_config *cfg)
{
	uint64_t n = c->n / (uint64_t)cfg->batch_size;

	return n > 0 ? n : 1;
}

void
trainer_log_head(FILE *f)
{
	fputs("chunk\tepoch\tstep\tloss_critic\tloss_aux\tloss_generator\tpenalty\t"
	      "penalty_aux\tgrad_critic\tgrad_aux\tgrad_generator\tmean_length\t"
	      "const_right\tseconds\n",
	    f);
}

static void
lap_add(struct lap *l, const struct gan_health *h)
{
	const double *from = (const double *)(const void *)h;
	double *to = (double *)(void *)&l->sum;
	size_t i;

	for (i = 0; i < GAN_HEALTH_N; i++)
		to[i] = l->n == 0 ? from[i] : to[i] + from[i];
	l->n++;
}

static void
lap_report(struct trainer *t, struct lap *l, uint64_t per_epoch)
{
	const double *v = (const double *)(const void *)&l->sum;
	const struct gan_health *h = &t->state.health;
	uint64_t epoch = (t->state.step + per_epoch - 1) / per_epoch;
	size_t i;

	log_info("epoch=%" PRIu64 " step=%" PRIu64
		 " loss_critic=%.4g loss_aux=%.4g loss_generator=%.4g const_right=%.2f "
		 "mean_length=%.3g",
	    epoch, t->state.step, h->critic, h->aux, h->generator, h->const_right,
	    h->mean_length);
	if (t->log != NULL) {
		fprintf(t->log, "%d\t%" PRIu64 "\t%" PRIu64, t->chunk->carry.index,
		    epoch, t->state.step);
		for (i = 0; i < GAN_HEALTH_N; i++)
			fprintf(t->log, "\t%.6g", v[i] / (double)l->n);
		fprintf(t->log, "\t%.1f\n", (double)(mono_ns() - l->start_ns) / 1e9);
		fflush(t->log);
	}
	l->n = 0;
}

/* ---- Checkpoints ---- */

static void
ckpt_describe(struct ckpt *c, const struct trainer *t)
{
	struct buf b = {0};

	hypers_text(&dg_hypers, &t->m->cfg, &b);
	buf_printf(&b, "seed=%" PRIu64 "\nchunk=%d\nwarm=%" PRIu32 "\n", t->o->seed,
	    t->chunk->carry.index, t->warm_crc);
	c->options = crc32c(0, b.p, b.len);
	b.len = 0;
	buf_printf(&b, "codec=%s\nseries=%zu\ncrc=%" PRIu32 "\nmax_steps=%" PRIu32 "\n",
	    carry_get(&t->chunk->carry, "codec.hash"), t->chunk->n, t->chunk->crc,
	    t->chunk->carry.max_steps);
	c->data = crc32c(0, b.p, b.len);
	buf_free(&b);
	c->head = (struct model_head){.kind = CKPT_KIND,
	    .carry = &t->chunk->carry,
	    .dicts = &t->feed->chunk[0].carry,
	    .schema = &t->feed->schema,
	    .hypers = &dg_hypers,
	    .config = &t->m->cfg};
}

static int
ckpt_begin(struct ckpt *c, struct trainer *t, struct gan *g, struct ns_err *e)
{
	int rc;

	c->lock = -1;
	if (t->checkpoint == NULL)
		return NS_OK;
	if ((rc = ckpt_lock(c, t->checkpoint, e)) < 0)
		return rc;
	ckpt_describe(c, t);
	rc = ckpt_load(c, g, &t->state, e);
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
ckpt_now(const struct ckpt *c, const struct trainer *t, const struct gan *g,
    struct lap *l, struct ns_err *e)
{
	if (t->checkpoint == NULL || l->saved_step == t->state.step)
		return NS_OK;
	l->saved_ns = mono_ns();
	l->saved_step = t->state.step;
	return ckpt_save(c, g, &t->state, e);
}

static bool
ckpt_due(const struct trainer *t, const struct lap *l)
{
	if (t->o->checkpoint_every > 0)
		return t->state.step % t->o->checkpoint_every == 0;
	return mono_ns() - l->saved_ns >= CKPT_NS;
}

/* ---- The loop ---- */

static int
one_step(struct trainer *t, struct gan *g, struct feed_walk *w, struct lap *l,
    struct ns_err *e)
{
	int rc;

	feed_batch(w, t->m, t->state.step, g->real_x, g->real_blocks);
	rc = gan_step(g, t->state.step, &t->state.health, e);
	if (rc < 0)
		return rc;
	t->state.step++;
	t->state.elapsed_ns = mono_ns() - l->start_ns;
	lap_add(l, &t->state.health);
	return NS_OK;
}

static bool
finished(const struct trainer *t)
{
	return t->state.step >= t->steps ||
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
loop(struct trainer *t, struct gan *g, const struct ckpt *c, struct ns_err *e)
{
	uint64_t per_epoch = trainer_epoch(t->chunk, &t->m->cfg);
	struct lap l = {.saved_step = t->state.step};
	struct progress p;
	struct feed_walk w;
	int rc = NS_OK;

	l.saved_ns = mono_ns();
	l.start_ns = l.saved_ns - t->state.elapsed_ns;
	feed_walk_init(&w, t->feed, t->chunk, t->o->seed);
	progress_start(&p, "steps", t->steps == UINT64_MAX ? 0 : t->steps);
	while (!finished(t)) {
		if ((rc = one_step(t, g, &w, &l, e)) < 0)
			break;
		progress_at(&p, t->state.step);
		if (t->state.step % per_epoch == 0 || finished(t))
			lap_report(t, &l, per_epoch);
		if (sig_stop() != 0 && !finished(t)) {
			rc = ckpt_now(c, t, g, &l, e);
			rc = rc < 0 ? rc : stopped(t, e);
			break;
		}
		if (ckpt_due(t, &l) && (rc = ckpt_now(c, t, g, &l, e)) < 0)
			break;
	}
	progress_end(&p);
	if (rc >= 0)
		rc = ckpt_now(c, t, g, &l, e);
	feed_walk_free(&w);
	return rc;
}

int
trainer_run(struct trainer *t, struct ns_err *e)
{
	struct gan *g = gan_new(t->m, t->pool, t->o->seed, t->chunk->carry.index);
	struct ckpt c = {.lock = -1};
	const char *bad;
	int rc;

	feed_constants(t->feed, t->chunk, t->m, g->constant);
	rc = ckpt_begin(&c, t, g, e);
	if (rc >= 0)
		rc = loop(t, g, &c, e);
	if (rc >= 0)
		gan_settle(g, t->state.step);
	if (rc >= 0 &&
	    (bad = params_finite(&t->m->params, t->m->block, t->m->n_all)) != NULL)
		rc = ns_fail(e, NS_ENUMERIC, "'%s' is not finite after step %" PRIu64,
		    bad, t->state.step);
	ckpt_unlock(&c);
	gan_free(g);
	return rc;
}
