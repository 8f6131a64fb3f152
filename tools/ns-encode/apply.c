/* A codec that is there already, applied to each stream as it comes. */
#include <stdlib.h>

#include "base/io.h"
#include "base/mem.h"
#include "encode.h"

/* The codec and the reader it came from, at its end. */
static int
load_codec(const char *path, struct codec **c, struct nsr_reader **r, struct ns_err *e)
{
	int rc, fd = in_open(path, e);

	if (fd < 0)
		return fd;
	*r = nsr_reader_new(fd, path);
	if ((rc = nsr_stream(*r, e)) < 0)
		return rc;
	if ((*c = codec_load(*r, e)) == NULL)
		return ns_fail_in(e, path);
	return nsr_skip(*r, e);
}

/* The provenance of one stream: the codec's and its own. */
static int
end_applied(struct target *g, const struct nsr_reader *r, struct ns_err *e)
{
	struct nsr_history *h = nsr_history_new();
	int rc;

	nsr_history_add(h, g->codec_from);
	nsr_history_add(h, r);
	rc = target_end(g, h, e);
	nsr_history_free(h);
	return rc;
}

/* One input stream to one tensor stream. */
static int
apply_stream(struct target *g, struct nsr_reader *r, struct trace_reader *t,
    struct ns_err *e)
{
	struct buf meta = {0}, b = {0};
	const struct series *s;
	struct chunk_info k;
	size_t n_meta = nsr_meta_count(r);
	int rc;

	meta_save(&meta, r, 0);
	rc = chunk_info_get(&k, r, e);
	if (rc >= 0)
		rc = target_begin(g, &meta, e);
	while (rc >= 0 && (rc = trace_next_series(t, &s, e)) > 0) {
		if (codec_encode(g->codec, s, &k, t->labels, &b, e) < 0)
			rc = ns_fail_in(e, nsr_name(r));
		else
			rc = nsr_put(g->w, b.p, b.len, e);
	}
	meta.len = 0;
	meta_save(&meta, r, n_meta);
	if (rc >= 0)
		rc = meta_write(g->w, &meta, e);
	buf_free(&meta);
	buf_free(&b);
	return rc < 0 ? rc : end_applied(g, r, e);
}

static int
apply_chunk_file(struct target *g, struct nsr_reader *r, struct trace_reader *t,
    struct ns_err *e)
{
	struct chunk_info k;
	char *path;
	int rc = chunk_info_get(&k, r, e);

	if (rc < 0)
		return rc;
	path = pattern_name(g->tool->output, k.index);
	rc = target_open(g, path, e);
	free(path);
	if (rc < 0)
		return rc;
	return target_close(g, apply_stream(g, r, t, e), e);
}

static int
apply_input(struct target *g, const char *path, struct labels *l, struct ns_err *e)
{
	struct trace_reader t;
	struct nsr_reader *r;
	int rc, fd = in_open(path, e);

	if (fd < 0)
		return fd;
	r = nsr_reader_new(fd, path);
	trace_reader_init(&t, r, l);
	while ((rc = trace_stream(&t, 1u << NSR_SERIES, e)) > 0) {
		rc = target_is_pattern(g->tool) ? apply_chunk_file(g, r, &t, e)
						: apply_stream(g, r, &t, e);
		if (rc < 0)
			break;
	}
	trace_reader_free(&t);
	nsr_reader_free(r);
	return rc;
}

static int
apply_all(struct target *g, struct labels *l, struct ns_err *e)
{
	const struct tool *t = g->tool;
	bool one_output = !target_is_pattern(t);
	int i, rc = NS_OK;

	if (one_output && (rc = target_open(g, t->output, e)) < 0)
		return rc;
	if (t->argc == 0)
		rc = apply_input(g, "-", l, e);
	for (i = 0; i < t->argc && rc >= 0; i++)
		rc = apply_input(g, t->argv[i], l, e);
	return one_output ? target_close(g, rc, e) : rc;
}

int
apply_run(const struct tool *t, const struct encode_opts *o, struct ns_err *e)
{
	struct target g = {.tool = t, .opts = o};
	struct nsr_reader *r = NULL;
	struct codec *c = NULL;
	struct labels l;
	int rc;

	labels_init(&l);
	rc = load_codec(o->apply, &c, &r, e);
	g.codec = c;
	g.codec_from = r;
	if (rc >= 0)
		rc = apply_all(&g, &l, e);
	labels_free(&l);
	codec_free(c);
	nsr_reader_free(r);
	return rc;
}
