#include "learn.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arrays.h"
#include "base/log.h"
#include "batch.h"
#include "gan.h"
#include "start.h"

#define PARAMETERS_MANY 50000000
/* The last update that each strip of the critic's first layer has seen; privately none
 * waits. */
#define LAZY "critic.seen"

/* as struct gan_health has them; where the critics' loss is none, training is private
 */
static const char *const columns[GAN_HEALTH_N] = {"loss_critic", "loss_aux",
    "loss_generator", "penalty", "penalty_aux", "grad_critic", "grad_aux",
    "grad_generator", "mean_length", "const_right"};

struct learn {
	struct gan *g;
	struct batch_walk walk;
};

static int
fit(void *cfg, const struct feed *f, struct ns_err *e)
{
	(void)e;
	dg_config_fit(cfg, (long)f->chunk[0].carry.max_steps);
	return NS_OK;
}

/* Batch norm sits in the generator alone, so no configuration has one series change
 * what the critics make of another. */
static const char *
unprivate(const void *cfg, const bool *given)
{
	(void)cfg;
	(void)given;
	return NULL;
}

static uint64_t
releases(const void *cfg)
{
	return (uint64_t)((const struct dg_config *)cfg)->d_rounds;
}

static double
nominal(const void *cfg)
{
	return ((const struct dg_config *)cfg)->batch_size;
}

static double
count_share(bool warm)
{
	return warm ? .1 : .2;
}

/* Large batches and small critics: noise grows with the number of weights, and a batch
 * is told from it the better the more units it has. */
static void
private_defaults(void *cfg, const bool *given, bool warm)
{
	static const struct {
		const char *name;
		double v;
	} private[] = {{"batch_size", 500}, {"d_rounds", 1}, {"d_layers", 3},
	    {"d_units", 128}, {"attr_d_layers", 3}, {"attr_d_units", 128},
	    {"attr_layers", 3}, {"attr_units", 256}, {"d_lr", 1e-3},
	    {"attr_d_lr", 1e-3}, {"g_lr", 1e-3}};
	size_t i;

	(void)warm;
	for (i = 0; i < LEN(private); i++)
		hyper_suggest(&dg_hypers, cfg, given, private[i].name, private[i].v);
}

static uint64_t
epoch(const struct lesson *l)
{
	const struct dg_config *c = l->config;
	uint64_t n = l->chunk->n / (uint64_t)c->batch_size;

	return n > 0 ? n : 1;
}

/* ---- Training ---- */

static void
say_size(const struct dg *m, bool first)
{
	log_info("parameters=%zu generator=%zu critic=%zu auxiliary=%zu", m->n_train,
	    m->n_gen, m->n_critic, m->n_aux);
	if (m->n_train > PARAMETERS_MANY && first)
		log_warn("the model has %zu million weights, since the longest series "
			 "has "
			 "%d steps; ns-chunk --max-steps makes it smaller",
		    m->n_train / 1000000, m->max_steps);
}

/* Series are seen in samples alone, and by nothing but the critics. */
static void
protect(struct learn *s, const struct lesson *l)
{
	struct dg *m = s->g->m;

	if (l->from == NULL)
		start_averages(m, l->seed, l->chunk->carry.index);
	gan_protect(s->g,
	    sampled_new(m, l->pool, l->private, l->units, l->feed, l->chunk));
}

static void *
begin(const struct lesson *l, struct ns_err *e)
{
	const struct feed_chunk *c = l->chunk;
	struct learn *s;
	struct dg *m = start_weights(l, e);

	if (m == NULL)
		return NULL;
	say_size(m, l->first);
	s = xcalloc(1, sizeof *s);
	s->g = gan_new(m, l->pool, l->seed, c->carry.index);
	if (l->private != NULL) {
		protect(s, l);
		return s;
	}
	batch_constants(l->feed, c, m, s->g->constant);
	batch_walk_init(&s->walk, l->feed, c, l->seed);
	return s;
}

static int
step(void *learn, uint64_t at, const struct spent *spent, double *column,
    struct ns_err *e)
{
	struct learn *s = learn;
	struct gan *g = s->g;
	struct gan_health h;
	int rc;

	(void)spent;
	if (g->sampled == NULL)
		batch_fill(&s->walk, g->m, at, g->real_x, g->real_blocks);
	rc = gan_step(g, at, &h, e);
	memcpy(column, &h, sizeof h);
	return rc;
}

static int
check_finite(const struct dg *m, uint64_t steps, struct ns_err *e)
{
	const char *bad = params_finite(&m->params, m->block, m->n_all);

	if (bad != NULL)
		return ns_fail(e, NS_ENUMERIC, "'%s' is not finite after step %" PRIu64,
		    bad, steps);
	return NS_OK;
}

static int
settle(void *learn, uint64_t steps, struct ns_err *e)
{
	struct learn *s = learn;

	gan_settle(s->g, steps);
	return check_finite(s->g->m, steps, e);
}

static int
snapshot(void *learn, uint64_t steps, void *net, struct ns_err *e)
{
	const struct learn *s = learn;

	gan_snapshot(s->g, steps, net);
	return check_finite(net, steps, e);
}

static void *
end(void *learn)
{
	struct learn *s = learn;
	struct dg *m = s->g->m;

	batch_walk_free(&s->walk);
	gan_free(s->g);
	free(s);
	return m;
}

/* ---- What is told ---- */

static void
say(const double *column, struct buf *b)
{
	struct gan_health h;

	memcpy(&h, column, sizeof h);
	if (isnan(h.critic))
		buf_printf(b, " loss_generator=%.4g grad_critic=%.4g grad_aux=%.4g",
		    h.generator, h.grad_critic, h.grad_aux);
	else
		buf_printf(b,
		    " loss_critic=%.4g loss_aux=%.4g loss_generator=%.4g "
		    "const_right=%.2f mean_length=%.3g",
		    h.critic, h.aux, h.generator, h.const_right, h.mean_length);
}

static int
put_meta(const void *net, const double *column, struct nsr_writer *w, struct ns_err *e)
{
	struct gan_health h;
	int rc;

	(void)net;
	memcpy(&h, column, sizeof h);
	if (isnan(h.critic))
		return nsr_put_meta(w, e, "train.loss_generator", "%.9g", h.generator);
	if ((rc = nsr_put_meta(w, e, "train.loss_critic", "%.9g", h.critic)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.loss_aux", "%.9g", h.aux)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.loss_generator", "%.9g", h.generator)) < 0)
		return rc;
	return nsr_put_meta(w, e, "train.const_right", "%.9g", h.const_right);
}

/* ---- The state: weights, batch norm's averages, Adam's moments ---- */

static int
load(void *learn, struct nsr_reader *r, struct ns_err *e)
{
	struct learn *s = learn;
	struct gan *g = s->g;
	const struct params *p = &g->m->params;
	size_t n = g->m->n_train;
	int rc;

	if ((rc = params_get(p, r, "", g->m->block, g->m->n_all, e)) < 0 ||
	    (rc = params_get(p, r, "mean.", g->mom, n, e)) < 0 ||
	    (rc = params_get(p, r, "square.", g->var, n, e)) < 0)
		return rc;
	if (g->sampled != NULL)
		return NS_OK;
	return arrays_get_whole(r, LAZY, g->critic.lazy.last,
	    (size_t)g->critic.n_strips, e);
}

static int
save(const void *learn, struct nsr_writer *w, struct ns_err *e)
{
	const struct learn *s = learn;
	const struct gan *g = s->g;
	const struct params *p = &g->m->params;
	size_t n = g->m->n_train;
	int rc;

	if ((rc = params_put(p, w, "", g->m->block, g->m->n_all, e)) < 0 ||
	    (rc = params_put(p, w, "mean.", g->mom, n, e)) < 0 ||
	    (rc = params_put(p, w, "square.", g->var, n, e)) < 0)
		return rc;
	if (g->sampled != NULL)
		return NS_OK;
	return arrays_put_whole(w, LAZY, g->critic.lazy.last,
	    (size_t)g->critic.n_strips, e);
}

/* 40 epochs as in NetShare's examples. */
const struct learner_ops gan_learner = {
    .kind = &dg_kind,
    .epochs = 40,
    .steps_min = 300,
    .steps_max = 1000,
    .steps_private = 300,
    .columns = columns,
    .n_columns = LEN(columns),
    .fit = fit,
    .epoch = epoch,
    .unprivate = unprivate,
    .releases = releases,
    .nominal = nominal,
    .private_defaults = private_defaults,
    .count_share = count_share,
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
