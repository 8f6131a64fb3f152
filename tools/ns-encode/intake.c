#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "encode.h"
#include "trace/inputs.h"

#define PROGRESS_MASK 4095

void
intake_init(struct intake *in, const struct encode_opts *o)
{
	memset(in, 0, sizeof *in);
	in->opts = o;
	in->spool = spool_new(o->memory);
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
	}
	free(in->chunk);
	codec_free(in->codec);
	spool_free(in->spool);
	nsr_history_free(in->history);
	labels_free(&in->labels);
}

void
meta_save(struct buf *b, const struct nsr_reader *r, size_t first)
{
	const char *key, *val;
	size_t i;

	for (i = first; i < nsr_meta_count(r); i++) {
		nsr_meta_at(r, i, &key, &val);
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
add_chunk(struct intake *in, const struct nsr_reader *r, struct ns_err *e)
{
	struct chunk_info k;
	struct chunk *c;

	if (chunk_info_get(&k, r, e) < 0)
		return NULL;
	if (in->count == 0) {
		in->count = k.count;
		in->of_flows = k.of_flows;
		in->chunk = xcalloc((size_t)k.count, sizeof *in->chunk);
		in->codec = codec_new(in->opts->profile, k.of_flows, k.count, e);
		if (in->codec == NULL)
			return NULL;
	}
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
	c->at = spool_at(in->spool);
	return c;
}

static void
fit_no_more(struct intake *in)
{
	codec_free(in->codec);
	in->codec = NULL;
}

static int
read_chunk(void *arg, struct trace_reader *t, struct ns_err *e)
{
	struct intake *in = arg;
	struct chunk *c = add_chunk(in, t->r, e);
	const struct series *s;
	struct ns_err later;
	int rc;

	if (c == NULL)
		return e->code;
	if (c->info.index != in->next++)
		fit_no_more(in);
	while ((rc = trace_next_series(t, &s, e)) > 0) {
		if ((rc = spool_put(in->spool, s, in->count, e)) < 0)
			return rc;
		if (in->codec != NULL &&
		    codec_fit_series(in->codec, s, &c->info, &in->labels, &later) < 0)
			fit_no_more(in);
		c->n++;
		if ((++in->n & PROGRESS_MASK) == 0)
			progress_at(&in->progress, in->n);
	}
	if (rc < 0)
		return rc;
	meta_save(&c->meta, t->r, 0);
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
	return rc < 0 ? rc : check_missing(in, e);
}
