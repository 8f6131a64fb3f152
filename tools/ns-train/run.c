#include "run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/sig.h"
#include "models.h"
#include "nn/gemm.h"
#include "private/guard.h"
#include "private/privacy.h"
#include "trainer.h"

struct job {
	const struct tool *tool;
	const struct run_options *o;
	const struct learner_ops *ops;
	const struct model_kind *kind;
	struct feed feed;
	struct models models;
	struct model warm; /* -i */
	void *seed;        /* net of the first lesson, where there is no -i */
	struct pool *pool;
	struct out *out;
	struct nsr_writer *w;
	FILE *log;
	bool begun;              /* a lesson has been learnt */
	struct privacy *privacy; /* NULL: nobody is to be protected */
};

/* ---- The model to start from ---- */

static int
read_warm(struct job *j, struct ns_err *e)
{
	const struct model_kind *const kinds[] = {j->kind, NULL};
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
take_shape(struct job *j, const void *from)
{
	const struct hypers *t = j->kind->hypers;
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->v[i].is_shape && !j->o->given[i])
			hyper_set(&t->v[i], j->o->config, hyper_value(&t->v[i], from));
}

static int
open_warm(struct job *j, struct ns_err *e)
{
	struct model_view v;
	const char *other;
	int rc;

	if (j->o->warm == NULL)
		return NS_OK;
	if ((rc = read_warm(j, e)) < 0)
		return rc;
	if ((j->o->privacy.asked || j->o->privacy.is_public) &&
	    (rc = guard_warm(&j->warm.carry, j->o->warm, e)) < 0)
		return rc;
	if ((rc = carry_same(&j->feed.chunk[0].carry, &j->warm.carry, j->o->warm, e)) <
	    0)
		return rc;
	j->kind->net_view(j->warm.net, &v);
	take_shape(j, v.config);
	other = hypers_same_shape(j->kind->hypers, j->o->config, v.config);
	if (other != NULL)
		return ns_fail(e, NS_EKIND, "'%s' has another %s than asked for",
		    j->o->warm, other);
	return NS_OK;
}

/* ---- How much ---- */

static uint64_t
divided(uint64_t n, double by)
{
	uint64_t v = (uint64_t)((double)n / by);

	return v > 0 ? v : 1;
}

/* Of private training: nothing of the data may say how many. */
static uint64_t
private_steps(const struct job *j, bool warm)
{
	const struct run_options *o = j->o;

	return divided(o->steps > 0 ? o->steps : j->ops->steps_private,
	    warm ? o->warm_divisor : 1);
}

static uint64_t
plan_steps(const struct job *j, const struct lesson *l)
{
	const struct run_options *o = j->o;
	uint64_t per_epoch, n;
	double by = l->from != NULL ? o->warm_divisor : 1;

	if (j->privacy != NULL)
		return private_steps(j, l->from != NULL);
	per_epoch = j->ops->epoch(l);

	if (o->epochs > 0)
		return divided((uint64_t)o->epochs, by) * per_epoch;
	if (o->steps > 0)
		return divided(o->steps, by);
	if (o->budget_ns > 0)
		return UINT64_MAX;
	n = (uint64_t)j->ops->epochs * per_epoch;
	n = n < j->ops->steps_min ? j->ops->steps_min : n;
	n = n > j->ops->steps_max ? j->ops->steps_max : n;
	return divided(n, by);
}

/* Of the time for all chunks, the seed gets one share, each other 1 / warm_divisor. */
static int64_t
plan_time(const struct job *j, const struct lesson *l)
{
	double shares = 0;
	size_t i;

	if (j->o->budget_ns == 0 || j->o->chunk >= 0 || j->ops->together)
		return j->o->budget_ns;
	for (i = 0; i < j->feed.n_chunks; i++)
		shares += j->feed.chunk[i].n > 0;
	if (j->warm.net != NULL)
		return (int64_t)((double)j->o->budget_ns / shares);
	shares = 1 + (shares - 1) / j->o->warm_divisor;
	return (int64_t)((double)j->o->budget_ns / shares /
	    (l->from != NULL ? j->o->warm_divisor : 1));
}

/* ---- One lesson ---- */

static char *
checkpoint_name(const struct job *j, const struct lesson *l)
{
	struct buf b = {0};

	if (j->o->checkpoint == NULL)
		return NULL;
	if (j->o->chunk >= 0 || l->n > 1 || l->chunk->carry.count == 1)
		return xstrdup(j->o->checkpoint);
	buf_printf(&b, "%s.%d", j->o->checkpoint, l->chunk->carry.index);
	return (char *)b.p;
}

/* The net is the seed of what follows if it is the first one. */
static void
keep_seed(struct job *j, void *net)
{
	if (j->warm.net == NULL && j->seed == NULL)
		j->seed = net;
	else
		j->kind->net_free(net);
}

static int
train_lesson(struct job *j, struct lesson *l, struct ns_err *e)
{
	struct trainer t = {.o = j->o,
	    .lesson = l,
	    .log = j->log,
	    .snapshots = {.models = &j->models}};
	struct result x;
	char *name = NULL;
	int rc;

	l->from = j->warm.net != NULL ? j->warm.net : j->seed;
	l->first = !j->begun;
	j->begun = true;
	t.warm = l->from != NULL;
	if (t.warm)
		t.warm_crc = models_crc(j->kind, l->from);
	t.steps = plan_steps(j, l);
	t.budget_ns = plan_time(j, l);
	t.privacy = j->privacy;
	if (j->privacy != NULL && (rc = privacy_lesson(j->privacy, l, t.steps, e)) < 0)
		return rc;
	t.learner = j->ops->begin(l, e);
	if (t.learner == NULL)
		return e->code;
	t.checkpoint = name = checkpoint_name(j, l);
	rc = trainer_run(&t, e);
	trainer_result(&t, &x);
	x.net = j->ops->end(t.learner);
	if (rc >= 0)
		rc = models_put(&j->models, j->w, l, &x, e);
	keep_seed(j, x.net);
	free(name);
	return rc;
}

/* n chunks by one net. */
static int
train_chunks(struct job *j, const struct feed_chunk *c, size_t n, struct ns_err *e)
{
	const struct result empty = {.per_epoch = 1};
	struct lesson l = {.feed = &j->feed,
	    .chunk = c,
	    .n = n,
	    .config = j->o->config,
	    .pool = j->pool,
	    .seed = j->o->seed};
	size_t series = 0, i;

	if (n == 1)
		log_chunk(c->carry.index);
	for (i = 0; i < n; i++) {
		series += c[i].n;
		if (c[i].n == 0 && j->privacy == NULL)
			log_warn("chunk %d holds no series: its model is empty",
			    c[i].carry.index);
	}
	return series > 0 || j->privacy != NULL
	    ? train_lesson(j, &l, e)
	    : models_put(&j->models, j->w, &l, &empty, e);
}

static int
train_all(struct job *j, struct ns_err *e)
{
	const struct feed_chunk *c = j->feed.chunk;
	size_t n = j->feed.n_chunks, i;
	int rc = NS_OK;

	if (j->ops->together && j->o->chunk < 0)
		return train_chunks(j, c, n, e);
	for (i = 0; i < n && rc >= 0; i++) {
		if (j->o->chunk >= 0 && c[i].carry.index != j->o->chunk)
			continue;
		if (j->o->chunk < 0 && i > 0 && j->warm.net == NULL &&
		    j->seed == NULL && c[i].n > 0 && j->privacy == NULL)
			log_info("seed=%d", c[i].carry.index);
		rc = train_chunks(j, &c[i], 1, e);
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
		trainer_log_head(j->log, j->ops);
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
	rc = feed_read(&j->feed, r, j->o->chunk,
	    j->o->privacy.asked ? guard_alike : NULL, e);
	nsr_reader_free(r);
	return rc;
}

/* Snapshots are of one net. */
static int
check_snapshots(const struct job *j, struct ns_err *e)
{
	if (j->o->snapshots == 0)
		return NS_OK;
	if (j->ops->snapshot == NULL)
		return ns_fail(e, NS_EUSAGE, "kind '%s' has no --snapshots",
		    j->kind->name);
	if (j->o->chunk < 0 && !j->ops->together && j->feed.n_chunks > 1)
		return ns_fail(e, NS_EUSAGE,
		    "--snapshots are of one net, and each of the %zu chunks has its "
		    "own: say which with -c",
		    j->feed.n_chunks);
	return NS_OK;
}

/* What the input says of its own privacy is about the input: models say their own. */
static void
drop_marks(struct job *j)
{
	static const char *const kept[] = {"privacy.unit", "privacy.max_series",
	    "privacy.max_chunks", "privacy.max_steps", "privacy.codec",
	    "privacy.public", NULL};
	static const char *const none[] = {NULL};
	size_t i;

	for (i = 0; i < j->feed.n_chunks; i++)
		carry_drop_meta(&j->feed.chunk[i].carry, "privacy.",
		    j->o->privacy.asked ? kept : none);
}

static int
begin_privacy(struct job *j, struct ns_err *e)
{
	struct privacy_steps s = {.nets = j->ops->together ? 1
		: j->o->chunk >= 0                         ? 1
							   : (int)j->feed.n_chunks,
	    .warm = j->warm.net != NULL};
	int rc;

	if (!j->o->privacy.asked)
		return NS_OK;
	if ((rc = guard_config(j->o, e)) < 0)
		return rc;
	if (s.warm)
		s.warm_crc = models_crc(j->kind, j->warm.net);
	s.first = private_steps(j, s.warm);
	s.others = private_steps(j, true);
	j->privacy = privacy_begin(j->o, j->tool->output, &j->feed, &s, e);
	j->models.privacy = j->privacy;
	return j->privacy != NULL ? NS_OK : e->code;
}

static int
prepare(struct job *j, const char *input, struct ns_err *e)
{
	int rc;

	if (j->o->privacy.asked && (rc = guard_options(j->o, e)) < 0)
		return rc;
	if ((rc = read_input(j, input, e)) < 0 || (rc = check_snapshots(j, e)) < 0)
		return rc;
	if (j->o->privacy.asked && j->ops->private_defaults != NULL)
		j->ops->private_defaults(j->o->config, j->o->given, j->o->warm != NULL);
	if (j->o->privacy.asked)
		privacy_hide_input(&j->feed);
	drop_marks(j);
	if ((rc = open_warm(j, e)) < 0)
		return rc;
	if ((rc = j->ops->fit(j->o->config, &j->feed, e)) < 0)
		return rc;
	return begin_privacy(j, e);
}

static int
train(struct job *j, const char *input, struct ns_err *e)
{
	int rc;

	if ((rc = prepare(j, input, e)) < 0 || (rc = open_log(j, e)) < 0)
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
	struct job j = {.tool = t,
	    .o = o,
	    .ops = o->ops,
	    .kind = o->ops->kind,
	    .feed = {.fd = -1}};
	int rc;

	j.models = (struct models){.tool = t, .o = o, .feed = &j.feed};
	if (!o->privacy.asked || o->privacy.insecure)
		j.models.seed = &o->seed;
	gemm_start();
	log_info("kernel=%s by=%s", gemm_kernel(), gemm_chooser());
	rc = train(&j, input, e);
	rc = close_log(&j, rc, e);
	rc = nsr_finish(j.w, j.out, rc, e);
	rc = privacy_end(j.privacy, rc, e);
	pool_free(j.pool);
	model_free(&j.warm);
	j.kind->net_free(j.seed);
	feed_free(&j.feed);
	return rc;
}
