#include "ar/private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ar/pace.h"
#include "base/huge.h"
#include "base/log.h"
#include "base/mem.h"
#include "nn/sums.h"

/* Rows of a tape at most, as long as all series of a unit fit: they bound its memory.
 */
enum { TAPE_ROWS = 8192 };
#define PIECE (4 * SUM_STRETCH)

struct worker {
	struct tape *tape;
	struct sink *sink;
	struct lane *lane; /* (cap) */
	real *part;        /* (cap) of each unit's gradient */
	double square;
};

/* A part of the block. */
struct span {
	size_t at, n;
};

struct ar_private {
	struct ar *m;
	const struct private *private;
	const struct units *units;
	struct pool *pool;
	struct ar_series *series;
	struct dropout none;
	uint32_t max_steps; /* gradients flow through all of a series */
	int shards, cap;    /* lanes of a tape */
	struct worker worker[SHARDS_MAX];
	real *mom, *var, *mean; /* (n_train) */
	struct span *span;      /* (n_spans) what is learnt: all but tables */
	int n_spans;
	size_t n_learnt;
	uint32_t *batch; /* (n_batch) units */
	size_t n_batch;
	/* of the present step */
	uint64_t round;
	struct adam_step adam;
	real keep;
};

/* ---- Begin and end ---- */

static void
new_worker(const struct ar_private *p, struct worker *w)
{
	w->tape = tape_new(p->m, p->cap, (int)p->max_steps);
	w->sink = sink_new();
	w->tape->sink = w->sink;
	w->tape->frozen = true;
	w->lane = xcalloc((size_t)p->cap, sizeof *w->lane);
	w->part = xcalloc((size_t)p->cap, sizeof *w->part);
}

static void
add_span(struct ar_private *p, const real *from, size_t end)
{
	size_t at = (size_t)(from - p->m->block);

	p->span[p->n_spans++] = (struct span){at, end - at};
	p->n_learnt += end - at;
}

/*
 * Embeddings stay as they begin, at random or as public data made them: they have most
 * of the weights, of which a series reaches a few, and the noise would reach all.  In
 * the block they stand before the rest of each net, and those of steps before the LSTM.
 */
static void
make_spans(struct ar_private *p)
{
	const struct ar *m = p->m;
	const struct ar_nets *n = &m->net;
	const real *steps = m->M > 0 ? n->left : m->block + m->net_at[m->P + 1];
	int i;

	p->span = xcalloc((size_t)m->P + 2, sizeof *p->span);
	for (i = 0; i < m->P; i++)
		add_span(p, n->pick[i].l1.w, m->net_at[i + 1]);
	add_span(p, n->context.w, (size_t)(steps - m->block));
	if (m->M > 0)
		add_span(p, n->w_x, m->net_at[m->P + 1]);
}

/* Lanes for whole units, as many as the rows allow. */
static int
lanes_of(const struct ar_private *p)
{
	int n = (int)(TAPE_ROWS / p->max_steps);

	n = n < SHARD_SERIES ? n : SHARD_SERIES;
	return n > p->private->max_series ? n : p->private->max_series;
}

struct ar_private *
ar_private_begin(const struct lesson *l, struct ns_err *e)
{
	struct ar_private *p;
	struct ar *m;
	int i;

	m = lesson_net(l, l->config, e);
	if (m == NULL)
		return NULL;
	p = xcalloc(1, sizeof *p);
	p->m = m;
	p->private = l->private;
	p->units = l->units;
	p->pool = l->pool;
	p->max_steps = l->chunk->carry.max_steps;
	if (p->max_steps == 0) /* no chunk has series */
		p->max_steps = 1;
	make_spans(p);
	p->series = lesson_series(l);
	p->cap = lanes_of(p);
	p->shards = m->cfg.batch_size / SHARD_SERIES;
	p->shards = p->shards < 1 ? 1 : p->shards > SHARDS_MAX ? SHARDS_MAX : p->shards;
	for (i = 0; i < p->shards; i++)
		new_worker(p, &p->worker[i]);
	p->mom = huge_calloc(m->n_train, sizeof *p->mom);
	p->var = huge_calloc(m->n_train, sizeof *p->var);
	p->mean = huge_calloc(m->n_train, sizeof *p->mean);
	p->batch = xcalloc((size_t)l->units->n + 1, sizeof *p->batch);
	ar_private_start(l, p->series, m);
	memcpy(p->mean, m->block, m->n_train * sizeof *p->mean);
	log_info("parameters=%zu learnt=%zu symbols=%d+%d", m->n_train, p->n_learnt,
	    m->P, m->M);
	return p;
}

void
ar_private_free(struct ar_private *p)
{
	int i;

	if (p == NULL)
		return;
	for (i = 0; i < p->shards; i++) {
		tape_free(p->worker[i].tape);
		sink_free(p->worker[i].sink);
		free(p->worker[i].lane);
		free(p->worker[i].part);
	}
	huge_free(p->mom, p->m->n_train, sizeof *p->mom);
	huge_free(p->var, p->m->n_train, sizeof *p->var);
	huge_free(p->mean, p->m->n_train, sizeof *p->mean);
	free(p->series);
	free(p->batch);
	free(p->span);
	free(p);
}

struct ar *
ar_private_net(struct ar_private *p)
{
	return p->m;
}

/* ---- The clipped sum ---- */

static int
series_of(const struct ar_private *p, uint32_t unit)
{
	return (int)(p->units->first[unit + 1] - p->units->first[unit]);
}

/* The part of its gradient that a unit may give. */
static real
part_of(const struct ar_private *p, double length)
{
	if (!isfinite(length))
		return 0;
	if (length <= PRIVATE_CLIPPED * p->private->clip)
		return 1;
	return (real)(PRIVATE_CLIPPED * p->private->clip / length);
}

/* Units from list[0] on, as many as there are lanes for; returns how many. */
static size_t
run_some(const struct ar_private *p, struct worker *w, const uint32_t *list, size_t n)
{
	struct tape_loss loss = {0};
	struct lane *a;
	size_t u;
	int lanes = 0;
	uint32_t i;

	for (u = 0; u < n && lanes + series_of(p, list[u]) <= p->cap; u++)
		for (i = p->units->first[list[u]]; i < p->units->first[list[u] + 1];
		     i++) {
			a = &w->lane[lanes++];
			a->series = &p->series[p->units->series[i]];
			a->n = a->series->length;
			a->unit = (int)u;
		}
	sink_begin(w->sink, (int)u);
	tape_load(w->tape, w->lane, lanes);
	tape_run(w->tape, NULL, NULL, false, true, 1, (struct dropout *)&p->none,
	    &loss);
	for (i = 0; i < (uint32_t)u; i++)
		w->part[i] = part_of(p, sink_length(w->sink, (int)i));
	sink_pour(w->sink, w->part);
	return u;
}

static void
shard_job(void *arg, int i)
{
	struct ar_private *p = arg;
	struct worker *w = &p->worker[i];
	const struct span *s;
	size_t at = p->n_batch * (size_t)i / (size_t)p->shards;
	size_t end = p->n_batch * ((size_t)i + 1) / (size_t)p->shards;

	/* gradients of what is not learnt stay zero */
	for (s = p->span; s < p->span + p->n_spans; s++)
		memset(w->tape->grad_block + s->at, 0,
		    s->n * sizeof *w->tape->grad_block);
	while (at < end)
		at += run_some(p, w, p->batch + at, end - at);
}

/* What is learnt is cut into as many ranges as there are shards; of it that part by
 * part. */
static void
each_part(struct ar_private *p, int i,
    void (*part)(struct ar_private *p, int i, size_t from, size_t n))
{
	size_t from = p->n_learnt * (size_t)i / (size_t)p->shards;
	size_t n = p->n_learnt * ((size_t)i + 1) / (size_t)p->shards - from, some;
	const struct span *s;

	for (s = p->span; n > 0; s++) {
		if (from >= s->n) {
			from -= s->n;
			continue;
		}
		some = n < s->n - from ? n : s->n - from;
		part(p, i, s->at + from, some);
		from = 0;
		n -= some;
	}
}

static void
sum_part(struct ar_private *p, int i, size_t from, size_t n)
{
	real *g = p->worker[0].tape->grad_block;
	const real *other;
	size_t j;
	int k;

	(void)i;
	for (k = 1; k < p->shards; k++) {
		other = p->worker[k].tape->grad_block;
		for (j = from; j < from + n; j++)
			g[j] += other[j];
	}
}

/* The sum of all shards to the first one's gradients. */
static void
sum_job(void *arg, int i)
{
	each_part(arg, i, sum_part);
}

static void
make_sum(struct ar_private *p)
{
	pool_run(p->pool, shard_job, p, p->shards);
	pool_run(p->pool, sum_job, p, p->shards);
}

void
ar_private_sum(struct ar_private *p, const uint32_t *list, size_t n, real *sum)
{
	p->n_batch = n;
	memcpy(p->batch, list, n * sizeof *list);
	make_sum(p);
	memcpy(sum, p->worker[0].tape->grad_block, p->m->n_train * sizeof *sum);
}

/* ---- What is made of it: nothing below sees the data ---- */

VECTOR_CLONES static void
divide(real *g, real by, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		g[i] /= by;
}

static void
update(struct ar_private *p, int job, size_t from, size_t n)
{
	struct worker *w = &p->worker[job];
	const struct private *v = p->private;
	size_t piece;
	real *g;

	for (; n > 0; from += piece, n -= piece) {
		piece = n < PIECE ? n : PIECE;
		g = p->worker[0].tape->grad_block + from;
		private_noise(v, p->round, from, g, piece);
		divide(g, (real)v->nominal, piece);
		w->square = sum_squares_on(w->square, g, piece);
		adam_move(&p->adam, p->m->block + from, p->mom + from, p->var + from, g,
		    piece);
		pace_average(p->mean + from, p->m->block + from, p->keep, piece);
	}
}

static void
update_job(void *arg, int job)
{
	struct ar_private *p = arg;

	p->worker[job].square = 0;
	each_part(p, job, update);
}

int
ar_private_step(struct ar_private *p, uint64_t step, double done, struct ar_health *h,
    struct ns_err *e)
{
	const struct ar_config *c = &p->m->cfg;
	struct adam a = {pace_rate(c, step, done), c->beta1, c->beta2, c->eps};
	double square = 0;
	int i;

	p->round = step;
	p->n_batch =
	    dp_poisson(&p->private->key, step, p->private->rate, p->units->n, p->batch);
	make_sum(p);
	p->keep = pace_keep(c, step);
	adam_begin(&p->adam, &a, step + 1);
	pool_run(p->pool, update_job, p, p->shards);
	for (i = 0; i < p->shards; i++)
		square += p->worker[i].square;
	*h = (struct ar_health){.attr = NAN, .step = NAN, .held = NAN, .rate = a.lr};
	h->gradient = sqrt(square);
	if (!isfinite(square))
		return ns_fail(e, NS_ENUMERIC,
		    "training broke down at step %" PRIu64
		    ": the noisy gradient is not finite",
		    step);
	return NS_OK;
}

void
ar_private_settle(const struct ar_private *p, struct ar *to)
{
	if (to != p->m)
		memcpy(to->block, p->m->block, p->m->n_all * sizeof *to->block);
	memcpy(to->block, p->mean, p->m->n_train * sizeof *to->block);
	ar_fill_lengths(to);
}

/* ---- The state ---- */

int
ar_private_put(const struct ar_private *p, struct nsr_writer *w, struct ns_err *e)
{
	const struct ar *m = p->m;
	const struct params *s = &m->params;
	int rc;

	if ((rc = params_put(s, w, "", m->block, m->n_all, e)) < 0 ||
	    (rc = params_put(s, w, "mean.", p->mom, m->n_train, e)) < 0 ||
	    (rc = params_put(s, w, "square.", p->var, m->n_train, e)) < 0)
		return rc;
	return params_put(s, w, "average.", p->mean, m->n_train, e);
}

int
ar_private_get(struct ar_private *p, struct nsr_reader *r, struct ns_err *e)
{
	const struct ar *m = p->m;
	const struct params *s = &m->params;
	int rc;

	if ((rc = params_get(s, r, "", m->block, m->n_all, e)) < 0 ||
	    (rc = params_get(s, r, "mean.", p->mom, m->n_train, e)) < 0 ||
	    (rc = params_get(s, r, "square.", p->var, m->n_train, e)) < 0)
		return rc;
	return params_get(s, r, "average.", p->mean, m->n_train, e);
}

/* ---- What can be learnt so ---- */

const char *
ar_private_unfit(const void *cfg, const bool *given)
{
	const struct ar_config *c = cfg;

	if (c->dropout > 0)
		return "--dropout: which units drop would depend on which series are "
		       "beside each other";
	if (c->hold_out > 0)
		return "--hold-out: series that judge would choose the weights, and no "
		       "noise covers that";
	if (given[hyper_place(&ar_hypers, "window")])
		return "--window: gradients flow through all steps of a series";
	return NULL;
}

uint64_t
ar_private_releases(const void *cfg)
{
	(void)cfg;
	return 1;
}

double
ar_private_nominal(const void *cfg)
{
	return ((const struct ar_config *)cfg)->batch_size;
}

/* Small nets: noise grows with the number of weights, what clipping leaves does not. */
void
ar_private_defaults(void *cfg, const bool *given, bool warm)
{
	static const struct {
		const char *name;
		double v;
	} private[] = {{"dropout", 0}, {"smooth", 0}, {"hold_out", 0}, {"average", .99},
	    {"batch_size", 1024}, {"attr_units", 48}, {"ctx_units", 48},
	    {"lstm_units", 32}, {"head_units", 32}};
	size_t i;

	for (i = 0; i < LEN(private); i++)
		hyper_suggest(&ar_hypers, cfg, given, private[i].name, private[i].v);
	/* noise drowns a slow start; what public data taught is not to be unlearnt */
	hyper_suggest(&ar_hypers, cfg, given, "lr", warm ? .003 : .03);
}
