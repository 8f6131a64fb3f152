/* A codec that is there already, or needs no trace, applied to each stream as it comes.
 */
#include <stdlib.h>

#include "base/io.h"
#include "base/mem.h"
#include "encode.h"
#include "trace/inputs.h"

struct applied {
	struct target g;
	struct codec *codec;       /* NULL with -P alone, until the first stream */
	struct nsr_reader *reader; /* the codec came from it; at its end */
};

/* Where the codec says it is from; with -P that must be nothing private. */
static int
check_origin(struct applied *a, const char *path, struct ns_err *e)
{
	const char *origin = nsr_meta(a->reader, META_ORIGIN);

	if (!a->g.opts->is_private)
		return NS_OK;
	if (origin == NULL || !codec_is_public(a->codec))
		return ns_fail(e, NS_EUSAGE,
		    "-P: the codec of '%s' may hold what is private: it was fitted "
		    "without --public",
		    path);
	a->g.origin =
	    strcmp(origin, ORIGIN_CONSTANTS) == 0 ? ORIGIN_CONSTANTS : ORIGIN_PUBLIC;
	codec_clamp(a->codec);
	return NS_OK;
}

static int
load_codec(struct applied *a, const char *path, struct ns_err *e)
{
	int rc, fd = in_open(path, e);

	if (fd < 0)
		return fd;
	a->reader = nsr_reader_new(fd, path);
	if ((rc = nsr_stream(a->reader, e)) < 0)
		return rc;
	if ((a->codec = codec_load(a->reader, e)) == NULL)
		return ns_fail_in(e, path);
	a->g.codec = a->codec;
	a->g.codec_from = a->reader;
	rc = check_origin(a, path, e);
	return rc < 0 ? rc : nsr_skip(a->reader, e);
}

/* The codec of constants: for the first stream's kind and number of chunks. */
static int
make_codec(struct applied *a, const struct nsr_reader *r, struct ns_err *e)
{
	struct chunk_info k;

	if (a->codec != NULL)
		return NS_OK;
	if (chunk_info_get(&k, r, e) < 0)
		return e->code;
	a->codec = codec_constants(&a->g.opts->codec, k.of_flows, k.count, e);
	if (a->codec == NULL)
		return e->code;
	codec_clamp(a->codec);
	a->g.codec = a->codec;
	a->g.origin = ORIGIN_CONSTANTS;
	return NS_OK;
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

	if (g->codec_from != NULL)
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
	bool is_private = g->opts->is_private;
	size_t n_meta = nsr_meta_count(r);
	int rc;

	if (g->begun && (rc = units_alike(t, g->units, e)) < 0)
		return rc;
	g->units = t->units;
	meta_save(&meta, r, 0, is_private);
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
	meta_save(&meta, r, n_meta, is_private);
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
	struct applied *a = arg;
	int rc = make_codec(a, t->r, e);

	if (rc < 0)
		return rc;
	return target_is_pattern(a->g.tool) ? apply_chunk_file(&a->g, t, e)
					    : apply_stream(&a->g, t, e);
}

static int
apply_all(struct applied *a, struct labels *l, struct ns_err *e)
{
	struct target *g = &a->g;
	bool one_output = !target_is_pattern(g->tool);
	int rc;

	if (one_output && (rc = target_open(g, g->tool->output, e)) < 0)
		return rc;
	rc = trace_inputs(g->tool, 1u << NSR_SERIES, l, take_stream, a, e);
	return one_output ? target_close(g, rc, e) : rc;
}

/* Of -P -F: no record is looked at. */
static int
take_kind(void *arg, struct trace_reader *t, struct ns_err *e)
{
	int rc = make_codec(arg, t->r, e);

	return rc < 0 ? rc : nsr_skip(t->r, e);
}

/* Such a codec is public: its provenance tells of no input. */
static int
write_constants(struct applied *a, struct labels *l, struct ns_err *e)
{
	struct nsr_history *h = nsr_history_new();
	int rc = trace_inputs(a->g.tool, 1u << NSR_SERIES, l, take_kind, a, e);

	if (rc >= 0 && a->codec == NULL)
		rc = ns_fail(e, NS_EKIND, "there is no stream to make a codec for");
	if (rc >= 0)
		rc = target_codec(&a->g, h, e);
	nsr_history_free(h);
	return rc;
}

int
apply_run(const struct tool *t, const struct encode_opts *o, struct ns_err *e)
{
	struct applied a = {.g = {.tool = t, .opts = o}};
	struct labels l;
	int rc = NS_OK;

	labels_init(&l);
	if (o->apply != NULL)
		rc = load_codec(&a, o->apply, e);
	if (rc >= 0)
		rc = o->fit_to != NULL ? write_constants(&a, &l, e)
				       : apply_all(&a, &l, e);
	labels_free(&l);
	codec_free(a.codec);
	nsr_reader_free(a.reader);
	return rc;
}
