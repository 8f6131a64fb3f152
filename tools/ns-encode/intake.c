#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "encode.h"
#include "trace/inputs.h"

/* What is done at once: the next batch is read while the present one is put aside and
 * fitted to. */
enum { JOB_READ, JOB_FIELDS, JOB_WORDS, JOB_PAIRS, JOB_SPOOL, JOBS };

struct round {
	struct intake *in;
	struct trace_reader *t;
	struct chunk *c;
	struct batch *next, *now;
	struct pairing *pairing; /* NULL: nobody asks */
	/* The texts of the present batch; those of the next come in meanwhile. */
	struct labels known;
	int rc[JOBS];
	struct ns_err err[JOBS];
};

void
intake_init(struct intake *in, const struct encode_opts *o)
{
	memset(in, 0, sizeof *in);
	in->opts = o;
	in->spool = spool_new(o->memory);
	in->pool = pool_new(o->threads);
	in->history = nsr_history_new();
	labels_init(&in->labels);
}

void
intake_free(struct intake *in)
{
	int i;

	for (i = 0; i < in->count; i++) {
		buf_free(&in->chunk[i].meta);
		free(in->chunk[i].from);
		free(in->chunk[i].batch);
		pairs_free(&in->chunk[i].pairs);
	}
	free(in->chunk);
	codec_free(in->codec);
	spool_free(in->spool);
	pool_free(in->pool);
	nsr_history_free(in->history);
	labels_free(&in->labels);
}

/* Counts but those that readers ask for, and what was told from the data, as units of
 * time, stay behind. */
static bool
is_kept(const char *key)
{
	static const char *const keys[] = {"trace.kind", "trace.t0_ns", "trace.len_ns",
	    "trace.max_steps", "chunk.index", "chunk.count", "chunk.t0_ns",
	    "chunk.len_ns", "chunk.series", "chunk.records"};
	size_t i;

	for (i = 0; i < LEN(keys); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return strncmp(key, "privacy.", 8) == 0;
}

void
meta_save(struct buf *b, const struct nsr_reader *r, size_t first, bool is_private)
{
	const char *key, *val;
	size_t i;

	for (i = first; i < nsr_meta_count(r); i++) {
		nsr_meta_at(r, i, &key, &val);
		if (strcmp(key, META_ORIGIN) == 0 || (is_private && !is_kept(key)))
			continue;
		buf_put(b, key, strlen(key) + 1);
		buf_put(b, val, strlen(val) + 1);
	}
}

int
meta_write(struct nsr_writer *w, const struct buf *b, struct ns_err *e)
{
	const char *p = (const char *)b->p, *val;
	size_t at = 0;
	int rc = NS_OK;

	while (at < b->len && rc >= 0) {
		val = p + at + strlen(p + at) + 1;
		rc = nsr_put_meta(w, e, p + at, "%s", val);
		at = (size_t)(val - p) + strlen(val) + 1;
	}
	return rc;
}

/* A place for the chunk of the present stream; every chunk is of the same trace. */
static struct chunk *
add_chunk(struct intake *in, const struct trace_reader *t, struct ns_err *e)
{
	const struct nsr_reader *r = t->r;
	struct chunk_info k;
	struct chunk *c;

	if (chunk_info_get(&k, r, e) < 0)
		return NULL;
	if (in->count == 0) {
		in->count = k.count;
		in->of_flows = k.of_flows;
		in->units = t->units;
		in->chunk = xcalloc((size_t)k.count, sizeof *in->chunk);
		in->codec = codec_new(&in->opts->codec, k.of_flows, k.count, e);
		if (in->codec == NULL)
			return NULL;
		in->pairs = codec_pairs(in->codec) && pairs_allowed(t);
	}
	if (units_alike(t, in->units, e) < 0)
		return NULL;
	if (k.count != in->count) {
		ns_fail(e, NS_EKIND, "%s: chunk %d of %d among chunks of a trace of %d",
		    nsr_name(r), k.index, k.count, in->count);
		return NULL;
	}
	c = &in->chunk[k.index];
	if (c->there) {
		ns_fail(e, NS_EKIND, "chunk %d comes twice, from '%s' and '%s'",
		    k.index, c->from, nsr_name(r));
		return NULL;
	}
	c->there = true;
	c->info = k;
	c->from = xstrdup(nsr_name(r));
	return c;
}

static void
fit_no_more(struct intake *in)
{
	codec_free(in->codec);
	in->codec = NULL;
}

/* Not beyond the end, nor beyond an error. */
static int
read_next(struct round *r, struct ns_err *e)
{
	r->next->n = 0;
	return r->rc[JOB_READ] > 0 ? batch_read(r->next, r->t, r->in->opts->map, e)
				   : r->rc[JOB_READ];
}

static int
fit_fields(const struct round *r, struct ns_err *e)
{
	struct codec *c = r->in->codec;
	int rc = NS_OK;
	size_t i;

	for (i = 0; i < r->now->n && c != NULL && rc >= 0; i++)
		rc = codec_fit_fields(c, &r->now->s[i], &r->c->info, &r->known, e);
	return rc;
}

static void
fit_words(const struct round *r)
{
	size_t i;

	for (i = 0; i < r->now->n && r->in->codec != NULL; i++)
		codec_fit_words(r->in->codec, &r->now->s[i]);
}

static void
find_pairs(const struct round *r)
{
	size_t i;

	for (i = 0; i < r->now->n && r->pairing != NULL; i++)
		pairing_add(r->pairing, &r->now->s[i]);
}

static int
put_aside(const struct round *r, struct ns_err *e)
{
	int rc = NS_OK;
	size_t i;

	for (i = 0; i < r->now->n && rc >= 0; i++)
		rc = spool_put(r->in->spool, &r->now->s[i], r->in->count, e);
	return rc;
}

static void
run_job(void *arg, int job)
{
	struct round *r = arg;
	struct ns_err *e = &r->err[job];

	if (job == JOB_READ)
		r->rc[job] = read_next(r, e);
	else if (job == JOB_FIELDS)
		r->rc[job] = fit_fields(r, e);
	else if (job == JOB_WORDS)
		fit_words(r);
	else if (job == JOB_PAIRS)
		find_pairs(r);
	else
		r->rc[job] = put_aside(r, e);
}

static void
learn_texts(struct labels *known, const struct labels *all)
{
	if (known->n == all->n)
		return;
	xgrow(&known->text, &known->cap, all->n, sizeof *known->text);
	memcpy(known->text, all->text, all->n * sizeof *known->text);
	known->n = all->n;
}

/* The batch that was read is the present one from here on. */
static void
turn(struct round *r)
{
	uint64_t end = spool_at(r->in->spool);
	struct batch *b = r->now;
	struct chunk *c = r->c;

	if (c->n > 0)
		c->batch[c->n - 1].bytes = end - c->batch[c->n - 1].at;
	r->now = r->next;
	r->next = b;
	learn_texts(&r->known, &r->in->labels);
	if (r->now->n == 0)
		return;
	xgrow(&c->batch, &c->cap, c->n + 1, sizeof *c->batch);
	c->batch[c->n++] = (struct extent){.at = end, .n = (uint32_t)r->now->n};
	r->in->n += r->now->n;
	progress_at(&r->in->progress, r->in->n);
}

/* What came first in the input is told first. */
static int
read_batches(struct round *r, struct ns_err *e)
{
	r->rc[JOB_READ] = 1;
	do {
		pool_run(r->in->pool, run_job, r, JOBS);
		if (r->rc[JOB_FIELDS] < 0)
			fit_no_more(r->in);
		if (r->rc[JOB_SPOOL] < 0) {
			*e = r->err[JOB_SPOOL];
			return e->code;
		}
		turn(r);
	} while (r->now->n > 0);
	if (r->rc[JOB_READ] < 0)
		*e = r->err[JOB_READ];
	return r->rc[JOB_READ];
}

/* Once all of the chunk is there. */
static void
end_pairs(struct round *r)
{
	if (r->pairing == NULL)
		return;
	pairing_end(r->pairing, &r->c->pairs);
	if (r->in->codec != NULL)
		fit_pairs(r->in->codec, &r->c->pairs);
}

static int
read_chunk(void *arg, struct trace_reader *t, struct ns_err *e)
{
	struct intake *in = arg;
	struct chunk *c = add_chunk(in, t, e);
	struct batch a, b;
	struct round r = {.in = in, .t = t, .c = c, .next = &a, .now = &b};
	int rc;

	if (c == NULL || address_map_chunk(in->opts->map, t, &c->info, e) < 0)
		return e->code;
	if (c->info.index != in->next++)
		fit_no_more(in);
	if (in->pairs)
		r.pairing = pairing_new(t->units);
	batch_init(&a);
	batch_init(&b);
	rc = read_batches(&r, e);
	batch_free(&a);
	batch_free(&b);
	free(r.known.text);
	end_pairs(&r);
	if (rc < 0)
		return rc;
	meta_save(&c->meta, t->r, 0, false);
	nsr_history_add(in->history, t->r);
	return NS_OK;
}

/* Which chunks never came, by their numbers. */
static int
check_missing(const struct intake *in, struct ns_err *e)
{
	struct buf b = {0};
	int i, n = 0, rc = NS_OK;

	for (i = 0; i < in->count; i++) {
		if (in->chunk[i].there)
			continue;
		if (n++ < 10)
			buf_printf(&b, "%s%d", n > 1 ? ", " : "", i);
	}
	if (n > 10)
		buf_printf(&b, " and %d more", n - 10);
	if (n > 0)
		rc = ns_fail(e, NS_EKIND, "of %d chunks these are missing: %.*s",
		    in->count, (int)b.len, (const char *)b.p);
	buf_free(&b);
	return rc;
}

int
intake_read(struct intake *in, const struct tool *t, struct ns_err *e)
{
	int rc;

	progress_start(&in->progress, "series", 0);
	rc = trace_inputs(t, 1u << NSR_SERIES, &in->labels, read_chunk, in, e);
	progress_end(&in->progress);
	if (rc >= 0)
		rc = address_map_end(in->opts->map, e);
	if (rc >= 0)
		rc = check_missing(in, e);
	return rc < 0 ? rc : spool_end(in->spool, e);
}
