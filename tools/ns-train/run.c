#include "run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/log.h"
#include "base/sig.h"
#include "nn/gemm.h"
#include "start.h"
#include "trainer.h"

#define PARAMETERS_MANY 50000000

struct job {
	const struct tool *tool;
	const struct run_options *o;
	struct feed feed;
	struct dg_config cfg; /* as all chunks use it */
	struct model warm;    /* -i */
	bool has_warm;
	struct pool *pool;
	struct out *out;
	struct nsr_writer *w;
	FILE *log;
	real *start; /* (n_all) weights to start from, NULL = fresh */
	bool many_warned;
};

/* ---- The model to start from ---- */

static int
read_warm(struct job *j, struct ns_err *e)
{
	const struct model_kind *const kinds[] = {&dg_kind, NULL};
	struct nsr_reader *r;
	int fd = in_open(j->o->warm, e), rc;

	if (fd < 0)
		return fd;
	r = nsr_reader_new(fd, j->o->warm);
	while ((rc = nsr_stream(r, e)) > 0) {
		model_free(&j->warm);
		rc = model_read(&j->warm, r, kinds, e);
		if (rc < 0 || j->warm.net != NULL)
			break;
	}
	if (rc >= 0)
		nsr_history_add(j->feed.history, r);
	if (rc >= 0 && j->warm.net == NULL)
		rc = ns_fail(e, NS_EKIND, "'%s' holds no model with weights",
		    j->o->warm);
	nsr_reader_free(r);
	return rc;
}

/* Shapes that were not asked for are the model's. */
static void
take_shape(struct job *j)
{
	const struct dg *from = j->warm.net;
	const struct hyper *h = dg_hypers.v;
	size_t i, n = dg_hypers.n;

	for (i = 0; i < n; i++)
		if (h[i].is_shape && !j->o->shape_given[i])
			memcpy((char *)&j->cfg + h[i].offset,
			    (const char *)&from->cfg + h[i].offset, sizeof(int));
}

static int
open_warm(struct job *j, struct ns_err *e)
{
	const struct dg *from;
	const char *other;
	int rc;

	if (j->o->warm == NULL)
		return NS_OK;
	if ((rc = read_warm(j, e)) < 0)
		return rc;
	if ((rc = carry_same(&j->feed.chunk[0].carry, &j->warm.carry, j->o->warm, e)) <
	    0)
		return rc;
	take_shape(j);
	from = j->warm.net;
	other = hypers_same_shape(&dg_hypers, &j->cfg, &from->cfg);
	if (other != NULL)
		return ns_fail(e, NS_EKIND, "'%s' has another %s than asked for",
		    j->o->warm, other);
	j->has_warm = true;
	j->start = xmalloc(size_mul(from->n_all, sizeof *j->start));
	memcpy(j->start, from->block, from->n_all * sizeof *j->start);
	return NS_OK;
}

/* ---- How much ---- */

static uint64_t
divided(uint64_t n, double by)
{
	uint64_t v = (uint64_t)((double)n / by);

	return v > 0 ? v : 1;
}

static uint64_t
plan_steps(const struct job *j, const struct feed_chunk *c, bool warm)
{
	const struct run_options *o = j->o;
	uint64_t per_epoch = trainer_epoch(c, &j->cfg), n;
	double by = warm ? o->warm_divisor : 1;

	if (o->epochs > 0)
		return divided((uint64_t)o->epochs, by) * per_epoch;
	if (o->steps > 0)
		return divided(o->steps, by);
	if (o->budget_ns > 0)
		return UINT64_MAX;
	n = RUN_EPOCHS * per_epoch;
	n = n < RUN_STEPS_MIN ? RUN_STEPS_MIN : n > RUN_STEPS_MAX ? RUN_STEPS_MAX : n;
	return divided(n, by);
}

/* Of the time for all chunks, the seed gets one share, each other 1 / warm_divisor. */
static int64_t
plan_time(const struct job *j, bool warm)
{
	double shares = 0;
	size_t i;

	if (j->o->budget_ns == 0 || j->o->chunk >= 0)
		return j->o->budget_ns;
	for (i = 0; i < j->feed.n_chunks; i++)
		shares += j->feed.chunk[i].n > 0;
	if (j->has_warm)
		return (int64_t)((double)j->o->budget_ns / shares);
	shares = 1 + (shares - 1) / j->o->warm_divisor;
	return (int64_t)((double)j->o->budget_ns / shares /
	    (warm ? j->o->warm_divisor : 1));
}

/* ---- One chunk ---- */

static int
write_model(struct job *j, const struct feed_chunk *c, const struct trainer *t,
    struct ns_err *e)
{
	const struct dg *m = t->m;
	const struct gan_health *h = &t->state.health;
	struct nsr_writer *w = j->w;
	uint64_t per_epoch = m != NULL ? trainer_epoch(c, &m->cfg) : 1;
	struct model_head head = {.kind = dg_kind.name,
	    .carry = &c->carry,
	    .dicts = &j->feed.chunk[0].carry,
	    .schema = &j->feed.schema,
	    .hypers = &dg_hypers,
	    .config = m != NULL ? &m->cfg : NULL};
	int rc;

	if ((rc = model_begin(w, &head, e)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.seed", "%" PRIu64, j->o->seed)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.kernel", "%s", gemm_kernel())) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.warm", "%d", t->warm)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.steps", "%" PRIu64, t->state.step)) < 0 ||
	    (rc = nsr_put_meta(w, e, "train.epochs", "%.6g",
		 (double)t->state.step / (double)per_epoch)) < 0)
		return rc;
	if (m != NULL &&
	    ((rc = nsr_put_meta(w, e, "train.loss_critic", "%.9g", h->critic)) < 0 ||
		(rc = nsr_put_meta(w, e, "train.loss_aux", "%.9g", h->aux)) < 0 ||
		(rc = nsr_put_meta(w, e, "train.loss_generator", "%.9g",
		     h->generator)) < 0 ||
		(rc = nsr_put_meta(w, e, "train.const_right", "%.9g", h->const_right)) <
		    0 ||
		(rc = params_put(&m->params, w, "", m->block, m->n_all, e)) < 0))
		return rc;
	if ((rc = nsr_put_prov(w, j->tool, &j->o->seed, j->feed.history, e)) < 0)
		return rc;
	return nsr_end(w, e);
}

static char *
checkpoint_name(const struct job *j, const struct feed_chunk *c)
{
	struct buf b = {0};

	if (j->o->checkpoint == NULL)
		return NULL;
	if (j->o->chunk >= 0 || c->carry.count == 1)
		return xstrdup(j->o->checkpoint);
	buf_printf(&b, "%s.%d", j->o->checkpoint, c->carry.index);
	return (char *)b.p;
}

static void
say_size(struct job *j, const struct dg *m)
{
	log_info("parameters=%zu generator=%zu critic=%zu auxiliary=%zu", m->n_train,
	    m->n_gen, m->n_critic, m->n_aux);
	if (m->n_train > PARAMETERS_MANY && !j->many_warned) {
		j->many_warned = true;
		log_warn("the model has %zu million weights, since the longest series "
			 "has "
			 "%d steps; ns-chunk --max-steps makes it smaller",
		    m->n_train / 1000000, m->max_steps);
	}
}

static int
train_chunk(struct job *j, const struct feed_chunk *c, struct ns_err *e)
{
	struct trainer t = {.o = j->o, .feed = &j->feed, .chunk = c, .pool = j->pool};
	char *name = NULL;
	int rc;

	log_chunk(c->carry.index);
	if (c->n == 0) {
		log_warn("chunk %d holds no series: its model is empty",
		    c->carry.index);
		return write_model(j, c, &t, e);
	}
	t.m = start_weights(&j->feed, c, &j->cfg, j->start, j->o->seed, e);
	if (t.m == NULL)
		return e->code;
	say_size(j, t.m);
	t.warm = j->start != NULL;
	if (t.warm)
		t.warm_crc = crc32c(0, j->start, t.m->n_all * sizeof *j->start);
	t.log = j->log;
	t.checkpoint = name = checkpoint_name(j, c);
	t.steps = plan_steps(j, c, t.warm);
	t.budget_ns = plan_time(j, t.warm);
	rc = trainer_run(&t, e);
	if (rc >= 0 && j->start == NULL) {
		j->start = xmalloc(size_mul(t.m->n_all, sizeof *j->start));
		memcpy(j->start, t.m->block, t.m->n_all * sizeof *j->start);
	}
	if (rc >= 0)
		rc = write_model(j, c, &t, e);
	free(name);
	dg_free(t.m);
	return rc;
}

static int
train_all(struct job *j, struct ns_err *e)
{
	size_t i;
	int rc = NS_OK;

	for (i = 0; i < j->feed.n_chunks && rc >= 0; i++) {
		const struct feed_chunk *c = &j->feed.chunk[i];

		if (j->o->chunk >= 0 && c->carry.index != j->o->chunk)
			continue;
		if (j->o->chunk < 0 && i > 0 && j->start == NULL && c->n > 0)
			log_info("seed=%d", c->carry.index);
		rc = train_chunk(j, c, e);
	}
	return rc;
}

/* ---- All ---- */

static int
open_log(struct job *j, struct ns_err *e)
{
	if (j->o->log == NULL)
		return NS_OK;
	/* a run that goes on from a checkpoint goes on in its log */
	j->log = fopen(j->o->log, j->o->checkpoint != NULL ? "a" : "w");
	if (j->log == NULL)
		return ns_fail_errno(e, NS_ECREATE, "cannot create '%s'", j->o->log);
	if (ftell(j->log) == 0)
		trainer_log_head(j->log);
	return NS_OK;
}

static int
close_log(struct job *j, int rc, struct ns_err *e)
{
	bool bad;

	if (j->log == NULL)
		return rc;
	bad = ferror(j->log) != 0;
	bad |= fclose(j->log) != 0;
	j->log = NULL;
	if (bad && rc >= 0)
		return ns_fail_errno(e, NS_EIO, "cannot write '%s'", j->o->log);
	return rc;
}

static int
read_input(struct job *j, const char *input, struct ns_err *e)
{
	struct nsr_reader *r;
	int fd = in_open(input, e), rc;

	if (fd < 0)
		return fd;
	r = nsr_reader_new(fd, input == NULL ? "-" : input);
	rc = feed_read(&j->feed, r, j->o->chunk, e);
	nsr_reader_free(r);
	return rc;
}

static int
train(struct job *j, const char *input, struct ns_err *e)
{
	int rc;

	if ((rc = read_input(j, input, e)) < 0 || (rc = open_warm(j, e)) < 0)
		return rc;
	dg_config_fit(&j->cfg, (long)j->feed.chunk[0].carry.max_steps);
	if ((rc = open_log(j, e)) < 0)
		return rc;
	j->out = out_open(j->tool->output, true, e);
	if (j->out == NULL)
		return e->code;
	j->w = nsr_writer_new(j->out, j->o->level);
	j->pool = pool_new(j->o->threads);
	if (j->o->checkpoint != NULL)
		sig_defer();
	return train_all(j, e);
}

int
run(const struct tool *t, const struct run_options *o, const char *input,
    struct ns_err *e)
{
	struct job j = {.tool = t, .o = o, .cfg = o->cfg, .feed = {.fd = -1}};
	int rc;

	gemm_start();
	log_info("kernel=%s by=%s", gemm_kernel(), gemm_chooser());
	rc = train(&j, input, e);
	rc = close_log(&j, rc, e);
	rc = nsr_finish(j.w, j.out, rc, e);
	pool_free(j.pool);
	model_free(&j.warm);
	free(j.start);
	feed_free(&j.feed);
	return rc;
}
