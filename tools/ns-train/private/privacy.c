#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/le.h"
#include "base/log.h"
#include "nn/gemm.h"
#include "private/privacyparts.h"
#include "private/units.h"

/* Numbers of counts, for private_count: the learner's own is 1. */
enum { COUNT_SERIES = 0 };

/* ---- The run ---- */

static char *
beside(const char *file, const char *ending)
{
	struct buf b = {0};

	buf_printf(&b, "%s%s", file, ending);
	return (char *)b.p;
}

static char *
ledger_name(const struct privacy *p, const char *output)
{
	const struct run_options *o = p->o;
	const char *by = o->checkpoint != NULL ? o->checkpoint : output;

	if (o->privacy.ledger != NULL)
		return xstrdup(o->privacy.ledger);
	return by != NULL && strcmp(by, "-") != 0 ? beside(by, ".ledger") : NULL;
}

static int
open_ledger(struct privacy *p, const char *output, struct ns_err *e)
{
	char *path = ledger_name(p, output);
	bool cut = false;

	if (path == NULL)
		return ns_fail(e, NS_EUSAGE,
		    "say with --ledger where to write down what is spent");
	p->ledger = dp_ledger_open(path, &cut, e);
	if (cut)
		log_warn("'%s': the last line was cut short, and is gone", path);
	free(path);
	if (p->ledger == NULL)
		return e->code;
	dp_ledger_data(p->ledger, p->feed->map, p->feed->bytes, p->data);
	return NS_OK;
}

/* The data: its records, and what shapes nets and sums beside them. */
static void
put_data(const struct privacy *p, struct buf *b)
{
	const struct feed *f = p->feed;
	const struct carry *c;
	uint8_t records[32];
	size_t i, j;

	dp_hmac(p->file.byte, DP_KEY_BYTES, f->map, f->bytes, records);
	buf_put(b, records, sizeof records);
	for (i = 0; i < f->n_chunks; i++) {
		c = &f->chunk[i].carry;
		buf_printf(b, " %zu\n", f->chunk[i].n);
		for (j = 0; j < c->n_meta; j++)
			buf_printf(b, "%s=%s\n", c->meta[j].key, c->meta[j].val);
	}
}

/*
 * The same noise on two sums that are not the same would give both away: a run that
 * does anything else than the one whose key this is, if only by another order of sums,
 * has other noise, another name, and is paid for by itself.
 */
static void
derive_key(struct privacy *p, const struct privacy_steps *s)
{
	const struct run_options *o = p->o;
	struct buf b = {0};

	hypers_text(o->ops->kind->hypers, o->config, &b);
	buf_printf(&b,
	    "kind=%s\nchunk=%d\nwarm=%" PRIu32 "\nsnapshots=%d\nsteps=%" PRIu64
	    "\nothers=%" PRIu64 "\nunit=%s\nseries=%d\nchunks=%d\ndata=",
	    o->ops->kind->name, o->chunk, s->warm_crc, o->snapshots, s->first,
	    s->others, p->marks.unit, p->marks.max_series, p->marks.max_chunks);
	put_data(p, &b);
	buf_printf(&b,
	    "\nrate=%.17g\nsigma=%.17g\nclip=%.17g\ncounts=%.17g\nseries=%.17g\n"
	    "delta=%.17g\nkernel=%s\nversion=%s\n",
	    p->plan.rate, p->budget.sigma, o->privacy.clip, p->budget.counts,
	    p->budget.series, o->privacy.delta, gemm_kernel(), NS_VERSION);
	dp_hmac(p->file.byte, DP_KEY_BYTES, b.p, b.len, p->key.byte);
	buf_free(&b);
	dp_key_tag(&p->key, p->run);
}

static int
check_key(const struct privacy *p, struct ns_err *e)
{
	const struct run_options *o = p->o;
	bool lost;
	char *key;

	if (o->checkpoint == NULL || o->privacy.insecure ||
	    access(o->checkpoint, F_OK) < 0)
		return NS_OK;
	key = beside(o->checkpoint, ".key");
	lost = access(key, F_OK) < 0 && errno == ENOENT;
	free(key);
	if (!lost)
		return NS_OK;
	return ns_fail(e, NS_EKIND,
	    "checkpoint '%s' has no key beside it: its run has ended, or was not "
	    "private; remove it or name another",
	    o->checkpoint);
}

static int
open_key(struct privacy *p, struct ns_err *e)
{
	const struct run_options *o = p->o;
	bool fresh = false;
	int rc = NS_OK;

	if (o->privacy.insecure) {
		dp_key_insecure(&p->file, o->seed);
	} else if (o->checkpoint != NULL) {
		p->key_path = beside(o->checkpoint, ".key");
		rc = dp_key_open(&p->file, p->key_path, &fresh, e);
	} else {
		rc = dp_key_new(&p->file, e);
	}
	return rc;
}

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* The sums that a unit can be in: of the nets with most steps, as many as it can have
 * chunks. */
static void
make_plan(struct privacy *p, const struct privacy_steps *s)
{
	const struct learner_ops *ops = p->o->ops;
	uint64_t per_step = ops->releases(p->o->config);
	int nets = least(s->nets, p->marks.max_chunks);

	p->plan.rate = p->o->privacy.rate;
	p->plan.nets = nets;
	p->plan.sums = per_step * (s->first + (uint64_t)(nets - 1) * s->others);
	p->plan.count_share = ops->count_share != NULL ? ops->count_share(s->warm) : 0;
	if (p->plan.count_share > 0 && p->o->privacy.count_share > 0)
		p->plan.count_share = p->o->privacy.count_share;
}

static int
make_budget(struct privacy *p, struct ns_err *e)
{
	int rc = budget_make(&p->budget, &p->o->privacy, &p->plan, e);

	if (rc >= 0)
		log_info("private unit=%s rate=%g sums=%" PRIu64
			 " sigma=%.4g counts=%.4g series=%.4g",
		    p->marks.unit, p->plan.rate, p->plan.sums, p->budget.sigma,
		    p->budget.counts, p->budget.series);
	return rc;
}

/* A promise that --sigma makes is judged as one that --epsilon asks for. */
static int
judge_promise(const struct privacy *p, struct ns_err *e)
{
	const struct privacy_options *o = &p->o->privacy;
	struct dp_mechanism m[PRIVACY_MECHANISMS];
	double epsilon;

	if (!o->has_sigma)
		return NS_OK;
	epsilon = dp_pld_epsilon(m, privacy_costs(p, p->plan.sums, m), o->delta);
	if (!isfinite(epsilon)) {
		log_warn("with --sigma %g nobody is protected", o->sigma);
		return NS_OK;
	}
	if (epsilon > EPSILON_MOST && !o->weak)
		return ns_fail(e, NS_EUSAGE,
		    "--sigma %g over %" PRIu64 " sums is an epsilon of %.3g, hardly a "
		    "promise; --weak allows it",
		    o->sigma, p->plan.sums, epsilon);
	if (epsilon > EPSILON_USUAL)
		log_warn("an epsilon of %.3g is a weak promise, see "
			 "netshare-privacy(7)",
		    epsilon);
	return NS_OK;
}

struct privacy *
privacy_begin(const struct run_options *o, const char *output, struct feed *f,
    const struct privacy_steps *steps, struct ns_err *e)
{
	struct privacy *p = xcalloc(1, sizeof *p);

	p->o = o;
	p->feed = f;
	if (guard_input(&p->marks, f, e) < 0)
		goto failed;
	make_plan(p, steps);
	if (check_key(p, e) < 0 || make_budget(p, e) < 0 || judge_promise(p, e) < 0 ||
	    open_ledger(p, output, e) < 0 || open_key(p, e) < 0)
		goto failed;
	derive_key(p, steps);
	return p;
failed:
	privacy_end(p, e->code, e);
	return NULL;
}

static void
end_lesson(struct privacy *p)
{
	units_free(p->units);
	p->units = NULL;
	dp_key_wipe(&p->private.key);
}

int
privacy_end(struct privacy *p, int rc, struct ns_err *e)
{
	if (p == NULL)
		return rc;
	end_lesson(p);
	dp_key_wipe(&p->key);
	dp_key_wipe(&p->file);
	dp_ledger_close(p->ledger);
	if (rc >= 0 && p->key_path != NULL)
		rc = dp_key_remove(p->key_path, e);
	free(p->key_path);
	free(p);
	return rc;
}

/* ---- The ledger ---- */

/* Noise that anybody can make again is none. */
static int
write_down(struct privacy *p, const char *what, double q, double sigma, double clip,
    uint64_t steps, uint64_t planned, struct ns_err *e)
{
	struct dp_entry x = {.net = p->net,
	    .q = q,
	    .sigma = p->o->privacy.insecure ? 0 : sigma,
	    .clip = clip,
	    .delta = p->o->privacy.delta,
	    .steps = steps,
	    .planned = planned,
	    .series = p->marks.max_series,
	    .chunks = p->marks.max_chunks};

	memcpy(x.run, p->run, sizeof x.run);
	memcpy(x.data, p->data, sizeof x.data);
	snprintf(x.what, sizeof x.what, "%s", what);
	snprintf(x.unit, sizeof x.unit, "%s", p->marks.unit);
	return dp_ledger_add(p->ledger, &x, e);
}

/* What was counted before the first step. */
static int
write_counts(struct privacy *p, struct ns_err *e)
{
	int rc = write_down(p, "series", 1, p->budget.series, 1, 1, 1, e);

	if (rc >= 0 && p->budget.counts > 0)
		rc = write_down(p, "counts", 1, p->budget.counts, 1, 1, 1, e);
	p->counted = rc >= 0;
	return rc;
}

int
privacy_spent(struct privacy *p, uint64_t steps, struct ns_err *e)
{
	uint64_t per_step = p->o->ops->releases(p->o->config);
	int rc;

	if (p->counted && p->sums == steps * per_step)
		return NS_OK;
	if (!p->counted && (rc = write_counts(p, e)) < 0)
		return rc;
	p->sums = steps * per_step;
	if (p->sums > p->most)
		p->most = p->sums;
	return write_down(p, "sgd", p->private.rate, p->private.sigma, p->private.clip,
	    p->sums, p->planned * per_step, e);
}

/* ---- A lesson ---- */

struct counting {
	const struct lesson *l;
	size_t *begin; /* (n + 1) number of the first series of each chunk */
};

/* One series, and its steps as a share of the most it may have. */
static void
add_series(void *arg, uint32_t number, double *v)
{
	const struct counting *c = arg;
	const struct lesson *l = c->l;
	const struct carry *k;
	const uint8_t *rec;
	size_t i = 0;

	while (number >= c->begin[i + 1])
		i++;
	rec = feed_record(l->feed, &l->chunk[i], number - (uint32_t)c->begin[i]);
	k = &l->chunk[i].carry;
	v[i] += 1;
	v[l->n + i] +=
	    (double)get_le32(rec + l->feed->schema.attr_bytes) / (double)k->max_steps;
}

static uint64_t
whole(double v, uint64_t most)
{
	return v < 1 ? 1 : v > (double)most ? most : (uint64_t)(v + .5);
}

/* What models will say of how much there is. */
static void
count_series(struct privacy *p, const struct lesson *l)
{
	struct counting c = {l, xcalloc(l->n + 1, sizeof *c.begin)};
	double *sum = xcalloc(2 * l->n + 1, sizeof *sum);
	struct carry *k;
	size_t i;

	for (i = 0; i < l->n; i++)
		c.begin[i + 1] = c.begin[i] + l->chunk[i].n;
	private_count(&p->private, p->units, COUNT_SERIES, p->budget.series, sqrt(2),
	    add_series, &c, sum, 2 * l->n);
	for (i = 0; i < l->n; i++) {
		k = &p->feed->chunk[&l->chunk[i] - p->feed->chunk].carry;
		k->n_series = whole(sum[i], UINT32_MAX);
		k->n_records =
		    whole(sum[l->n + i] * (double)k->max_steps, INT64_MAX / 2);
		if (k->n_records < k->n_series)
			k->n_records = k->n_series;
	}
	free(sum);
	free(c.begin);
}

/* Every net has a key of its own, so that rounds of the same number differ. */
static void
lesson_key(const struct privacy *p, struct dp_key *key)
{
	dp_random(&p->key, DP_START, (uint64_t)(p->net + 1), 0, key->byte,
	    DP_KEY_BYTES);
}

static void
fill_private(struct privacy *p, const struct lesson *l)
{
	const struct privacy_options *o = &p->o->privacy;

	p->private = (struct private){.rate = o->rate,
	    .nominal = p->o->ops->nominal(l->config),
	    .clip = o->clip,
	    .sigma = p->budget.sigma,
	    .max_series = p->marks.max_series,
	    .count_sigma = p->budget.counts};
	lesson_key(p, &p->private.key);
}

int
privacy_lesson(struct privacy *p, struct lesson *l, uint64_t steps, struct ns_err *e)
{
	uint8_t seed[8];

	end_lesson(p);
	p->net = l->n == 1 && !p->o->ops->together ? l->chunk->carry.index : -1;
	p->planned = steps;
	p->sums = 0;
	p->counted = false;
	fill_private(p, l);
	p->units = units_of(l, p->marks.max_series, e);
	if (p->units == NULL)
		return e->code;
	count_series(p, l);
	dp_random(&p->private.key, DP_START, 0, 0, seed, sizeof seed);
	l->seed = get_le64(seed);
	l->private = &p->private;
	l->units = p->units;
	return NS_OK;
}
