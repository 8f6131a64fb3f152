/*
 * The second sort's order is the output's: chunk after chunk, in each the flows by
 * their first record, in each flow its tags and then its records by time.
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
	struct series s;             /* room for max_steps steps */
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
same_flow(const struct walk *k, int chunk, uint64_t order)
{
	return k->cur != NULL && k->cur->chunk == chunk && k->cur->order == order;
}

/* The flow's chunks: as its tag records say, or this chunk alone. */
static int
read_tags(struct walk *k, int chunk, uint64_t order, struct ns_err *e)
{
	int i, rc;

	memset(k->s.tags, 0, sizeof k->s.tags);
	k->s.tags[chunk / 8] = (uint8_t)(1 << chunk % 8);
	while (same_flow(k, chunk, order) && k->cur->part != PART_RECORD) {
		memcpy(k->s.tags + k->cur->part * TAG_PART, k->cur->u.tags, TAG_PART);
		if ((rc = advance(k, e)) < 0)
			return rc;
	}
	for (i = 0; i < chunk && !series_in_chunk(&k->s, i); i++)
		;
	k->s.starts = i == chunk;
	return NS_OK;
}

static void
add_step(struct walk *k)
{
	struct series *s = &k->s;

	if (s->packets != NULL) {
		s->packets[s->n++] = k->cur->u.packet;
		s->key = k->cur->u.packet.key;
	} else {
		s->flows[s->n++] = k->cur->u.flow;
		s->key = k->cur->u.flow.key;
	}
}

/* One flow of the chunk, in as many records as max_steps asks for. */
static int
write_flow(struct walk *k, int chunk, struct ns_err *e)
{
	uint64_t order = k->cur->order;
	int rc;

	if ((rc = read_tags(k, chunk, order, e)) < 0)
		return rc;
	k->s.n = 0;
	while (same_flow(k, chunk, order)) {
		if (k->s.n == k->in->opts->max_steps) {
			if ((rc = trace_put_series(&k->tw, &k->s, k->spans->n, e)) < 0)
				return rc;
			k->s.n = 0;
		}
		add_step(k);
		if ((rc = advance(k, e)) < 0)
			return rc;
	}
	return trace_put_series(&k->tw, &k->s, k->spans->n, e);
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
		 (unsigned long long)k->in->n)) < 0)
		return rc;
	if ((rc = nsr_put_meta(k->w, e, "trace.max_steps", "%u", k->g->longest)) < 0)
		return rc;
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
	if ((rc = put_trace(k, e)) < 0)
		return rc;
	return nsr_put_meta(k->w, e, "chunk.steps_cut", "%llu",
	    (unsigned long long)k->g->total[chunk].cut);
}

static int
write_chunk(struct walk *k, int chunk, struct ns_err *e)
{
	struct nsr_schema schema;
	int rc;

	series_schema(&schema, intake_of_flows(k->in));
	if ((rc = nsr_begin(k->w, &schema, e)) < 0 || (rc = put_head(k, chunk, e)) < 0)
		return rc;
	trace_writer_init(&k->tw, k->w, &k->in->labels);
	while (rc == NS_OK && k->cur != NULL && k->cur->chunk == chunk)
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
	if (intake_of_flows(in))
		k.s.flows = xcalloc(in->opts->max_steps, sizeof *k.s.flows);
	else
		k.s.packets = xcalloc(in->opts->max_steps, sizeof *k.s.packets);
	rc = advance(&k, e);
	if (rc == NS_OK)
		rc = files ? write_files(&k, e)
			   : write_output(&k, t->output, 0, s->n, e);
	assert(rc < 0 || k.cur == NULL);
	free(k.s.packets);
	free(k.s.flows);
	return rc;
}
