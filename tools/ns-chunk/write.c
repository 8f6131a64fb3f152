/*
 * The second sort's order is the output's: chunk after chunk, in each the flows by
 * their first record, in each flow its tags and then its series by time.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "chunk.h"

struct walk {
	const struct tool *tool;
	const struct intake *in;
	const struct spans *spans;
	struct regrouped *g;
	const struct chunk_rec *cur; /* not written yet; NULL at the end */
	struct series_head head;     /* of the present flow */
	uint8_t tags[CHUNKS_MAX / 8];
	struct out *out;
	struct nsr_writer *w;
	struct trace_writer tw;
};

static int
advance(struct walk *k, struct ns_err *e)
{
	const void *p;
	int rc;

	if ((rc = extsort_next(k->g->by_chunk, &p, e)) < 0)
		return rc;
	k->cur = rc > 0 ? p : NULL;
	return NS_OK;
}

static bool
same_flow(const struct walk *k, uint64_t order)
{
	return k->cur != NULL && k->cur->order == order;
}

static bool
in_chunk(const struct walk *k, int chunk)
{
	return k->cur != NULL &&
	    extsort_i64_of_key(k->cur->t_first) < k->spans->edge[chunk + 1];
}

/* The flow's chunks: as its tag records say, or this chunk alone. */
static int
read_tags(struct walk *k, int chunk, uint64_t order, struct ns_err *e)
{
	int i, rc;

	memset(k->tags, 0, sizeof k->tags);
	k->tags[chunk / 8] = (uint8_t)(1 << chunk % 8);
	while (same_flow(k, order) && k->cur->part != PART_SERIES) {
		memcpy(k->tags + k->cur->part * TAG_PART, k->cur->body, TAG_PART);
		if ((rc = advance(k, e)) < 0)
			return rc;
	}
	for (i = 0; i < chunk && (k->tags[i / 8] >> i % 8 & 1) == 0; i++)
		;
	k->head.starts = i == chunk;
	return NS_OK;
}

/* The bytes of a series; in private mode its unit follows them. */
static size_t
series_bytes(struct walk *k)
{
	size_t n = k->cur->bytes - offsetof(struct chunk_rec, body);

	if (!k->head.units)
		return n;
	n -= sizeof k->head.unit;
	memcpy(&k->head.unit, k->cur->body + n, sizeof k->head.unit);
	return n;
}

/* One flow of the chunk: one series, or as many as max_steps asks for. */
static int
write_flow(struct walk *k, int chunk, struct ns_err *e)
{
	uint64_t order = k->cur->order;
	size_t n;
	int rc = read_tags(k, chunk, order, e);

	while (rc == NS_OK && same_flow(k, order)) {
		k->head.most_label = k->cur->most_label;
		n = series_bytes(k);
		rc = trace_put_series(&k->tw, &k->head, k->cur->body, n, e);
		if (rc == NS_OK)
			rc = advance(k, e);
	}
	return rc;
}

static int
put_source(struct walk *k, struct ns_err *e)
{
	const struct source_meta *m = &k->in->source;
	size_t i;
	int rc;

	for (i = 0; i < m->n; i++) {
		rc = nsr_put_meta(k->w, e, m->v[i].key, "%s", m->v[i].val);
		if (rc < 0)
			return rc;
	}
	return NS_OK;
}

/* In private mode what there is to know of the trace is what was written. */
static uint64_t
all_records(const struct walk *k)
{
	uint64_t n = 0;
	int c;

	if (k->in->opts->unit == UNIT_NONE)
		return k->in->n;
	for (c = 0; c < k->spans->n; c++)
		n += k->g->total[c].records;
	return n;
}

static int
put_privacy(struct walk *k, struct ns_err *e)
{
	const struct chunk_opts *o = k->in->opts;
	int rc;

	if ((rc = nsr_put_meta(k->w, e, "privacy.unit", "%s",
		 unit_kind_name(o->unit))) < 0 ||
	    (rc = nsr_put_meta(k->w, e, "privacy.max_series", "%u", o->max_series)) <
		0 ||
	    (rc = nsr_put_meta(k->w, e, "privacy.max_chunks", "%u", o->max_chunks)) < 0)
		return rc;
	return nsr_put_meta(k->w, e, "privacy.max_steps", "%u", o->max_steps);
}

/* What is known of the whole trace; the same in every chunk. */
static int
put_trace(struct walk *k, struct ns_err *e)
{
	const struct spans *s = k->spans;
	const struct chunk_opts *o = k->in->opts;
	int rc;

	if ((rc = nsr_put_meta(k->w, e, "trace.t0_ns", "%lld", (long long)s->edge[0])) <
	    0)
		return rc;
	if ((rc = nsr_put_meta(k->w, e, "trace.len_ns", "%lld",
		 (long long)(s->edge[s->n] - s->edge[0]))) < 0)
		return rc;
	if ((rc = nsr_put_meta(k->w, e, "trace.records", "%llu",
		 (unsigned long long)all_records(k))) < 0)
		return rc;
	if ((rc = nsr_put_meta(k->w, e, "trace.max_steps", "%u", k->g->longest)) < 0)
		return rc;
	if (o->unit != UNIT_NONE)
		return put_privacy(k, e);
	if (o->has_from || o->has_to)
		return nsr_put_meta(k->w, e, "chunk.outside", "%llu",
		    (unsigned long long)k->in->outside);
	return NS_OK;
}

static int
put_head(struct walk *k, int chunk, struct ns_err *e)
{
	struct chunk_info c;
	int rc;

	memset(&c, 0, sizeof c);
	c.index = chunk;
	c.count = k->spans->n;
	c.t0_ns = k->spans->edge[chunk];
	c.len_ns = k->spans->edge[chunk + 1] - c.t0_ns;
	c.of_flows = intake_of_flows(k->in);
	c.n_series = k->g->total[chunk].series;
	c.n_records = k->g->total[chunk].records;
	if ((rc = put_source(k, e)) < 0 || (rc = chunk_info_put(k->w, &c, e)) < 0)
		return rc;
	if ((rc = put_trace(k, e)) < 0 || k->in->opts->unit != UNIT_NONE)
		return rc;
	return nsr_put_meta(k->w, e, "chunk.steps_cut", "%llu",
	    (unsigned long long)k->g->total[chunk].cut);
}

static int
write_chunk(struct walk *k, int chunk, struct ns_err *e)
{
	struct nsr_schema schema;
	int rc;

	series_schema(&schema, intake_of_flows(k->in), k->head.units);
	if ((rc = nsr_begin(k->w, &schema, e)) < 0 || (rc = put_head(k, chunk, e)) < 0)
		return rc;
	trace_writer_init(&k->tw, k->w, &k->in->labels);
	while (rc == NS_OK && in_chunk(k, chunk))
		rc = write_flow(k, chunk, e);
	trace_writer_free(&k->tw);
	if (rc == NS_OK)
		rc = nsr_put_prov(k->w, k->tool, NULL, k->in->history, e);
	return rc < 0 ? rc : nsr_end(k->w, e);
}

/* All chunks that go to one output: those from first on, below end. */
static int
write_output(struct walk *k, const char *path, int first, int end, struct ns_err *e)
{
	int c, rc = NS_OK;

	if ((k->out = out_open(path, true, e)) == NULL)
		return e->code;
	k->w = nsr_writer_new(k->out, k->in->opts->level);
	for (c = first; c < end && rc == NS_OK; c++)
		rc = write_chunk(k, c, e);
	return nsr_finish(k->w, k->out, rc, e);
}

static int
write_files(struct walk *k, struct ns_err *e)
{
	char *path;
	int c, rc = NS_OK;

	for (c = 0; c < k->spans->n && rc == NS_OK; c++) {
		path = pattern_name(k->tool->output, c);
		rc = write_output(k, path, c, c + 1, e);
		free(path);
	}
	return rc;
}

int
chunks_write(const struct tool *t, const struct intake *in, const struct spans *s,
    struct regrouped *g, struct ns_err *e)
{
	bool files = t->output != NULL && pattern_check(t->output, e) == 1;
	struct walk k;
	int rc;

	memset(&k, 0, sizeof k);
	k.tool = t;
	k.in = in;
	k.spans = s;
	k.g = g;
	k.head.of_flows = intake_of_flows(in);
	k.head.units = in->opts->unit != UNIT_NONE;
	k.head.chunk_count = s->n;
	k.head.tags = k.tags;
	rc = advance(&k, e);
	if (rc == NS_OK)
		rc = files ? write_files(&k, e)
			   : write_output(&k, t->output, 0, s->n, e);
	assert(rc < 0 || k.cur == NULL);
	return rc;
}
