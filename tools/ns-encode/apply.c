/* A codec that is there already, applied to each stream as it comes. */
#include <stdlib.h>

#include "base/io.h"
#include "base/mem.h"
#include "encode.h"
#include "trace/inputs.h"

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

int
encode_one(struct target *g, const struct trace_reader *t, const struct series *s,
    const struct chunk_info *k, struct buf *b, struct ns_err *e)
{
	if (encode_record(g, s, k, t->labels, b, e) < 0)
		return ns_fail_in(e, nsr_name(t->r));
	return nsr_put(g->w, b->p, b->len, e);
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

/* The series as they come. */
static int
encode_all(struct target *g, struct trace_reader *t, const struct chunk_info *k,
    struct ns_err *e)
{
	const struct series *s;
	struct buf b = {0};
	int rc;

	while ((rc = address_map_next(g->opts->map, t, &s, e)) > 0)
		if ((rc = encode_one(g, t, s, k, &b, e)) < 0)
			break;
	buf_free(&b);
	return rc;
}

/* One input stream to one tensor stream. */
static int
apply_stream(struct target *g, struct trace_reader *t, struct ns_err *e)
{
	const struct nsr_reader *r = t->r;
	struct buf meta = {0};
	struct chunk_info k;
	struct address_map *map = g->opts->map;
	size_t n_meta = nsr_meta_count(r);
	int rc;

	if (g->begun && (rc = units_alike(t, g->units, e)) < 0)
		return rc;
	g->units = t->units;
	meta_save(&meta, r, 0);
	rc = chunk_info_get(&k, r, e);
	if (rc >= 0)
		rc = address_map_chunk(map, t, &k, e);
	if (rc >= 0)
		rc = target_begin(g, &meta, e);
	if (rc >= 0)
		rc = codec_pairs(g->codec) && pairs_allowed(t)
		    ? paired_encode(g, t, &k, e)
		    : encode_all(g, t, &k, e);
	if (rc >= 0)
		rc = address_map_end(map, e);
	meta.len = 0;
	meta_save(&meta, r, n_meta);
	if (rc >= 0)
		rc = meta_write(g->w, &meta, e);
	buf_free(&meta);
	return rc < 0 ? rc : end_applied(g, r, e);
}

static int
apply_chunk_file(struct target *g, struct trace_reader *t, struct ns_err *e)
{
	struct chunk_info k;
	char *path;
	int rc = chunk_info_get(&k, t->r, e);

	if (rc < 0)
		return rc;
	path = pattern_name(g->tool->output, k.index);
	rc = target_open(g, path, e);
	free(path);
	if (rc < 0)
		return rc;
	return target_close(g, apply_stream(g, t, e), e);
}

static int
take_stream(void *arg, struct trace_reader *t, struct ns_err *e)
{
	struct target *g = arg;

	return target_is_pattern(g->tool) ? apply_chunk_file(g, t, e)
					  : apply_stream(g, t, e);
}

static int
apply_all(struct target *g, struct labels *l, struct ns_err *e)
{
	bool one_output = !target_is_pattern(g->tool);
	int rc;

	if (one_output && (rc = target_open(g, g->tool->output, e)) < 0)
		return rc;
	rc = trace_inputs(g->tool, 1u << NSR_SERIES, l, take_stream, g, e);
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
