#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/le.h"
#include "encode.h"

bool
target_is_pattern(const struct tool *t)
{
	return t->output != NULL && strchr(t->output, '%') != NULL;
}

int
target_open(struct target *g, const char *path, struct ns_err *e)
{
	g->out = out_open(path, true, e);
	if (g->out == NULL)
		return e->code;
	g->w = nsr_writer_new(g->out, g->opts->level);
	return NS_OK;
}

int
target_close(struct target *g, int rc, struct ns_err *e)
{
	return nsr_finish(g->w, g->out, rc, e);
}

int
target_begin(struct target *g, const struct buf *meta, struct ns_err *e)
{
	struct tensor_schema t = *codec_schema(g->codec);
	struct nsr_schema s;
	int rc;

	t.has_unit = g->units;
	tensor_schema_to_nsr(&t, &s);
	if ((rc = nsr_begin(g->w, &s, e)) < 0)
		return rc;
	g->begun = true;
	if (meta != NULL && (rc = meta_write(g->w, meta, e)) < 0)
		return rc;
	/* records of a public trace, which a codec alone has none of */
	if (meta != NULL && g->opts->is_public &&
	    (rc = nsr_put_meta(g->w, e, "privacy.public", "yes")) < 0)
		return rc;
	if ((rc = nsr_put_meta(g->w, e, "codec.profile", "%s",
		 codec_profile(g->codec))) < 0 ||
	    (rc = nsr_put_meta(g->w, e, "codec.hash", "%08x",
		 (unsigned)codec_hash(g->codec))) < 0)
		return rc;
	if (g->origin != NULL &&
	    (rc = nsr_put_meta(g->w, e, META_ORIGIN, "%s", g->origin)) < 0)
		return rc;
	return codec_put(g->codec, g->w, e);
}

int
target_end(struct target *g, const struct nsr_history *h, struct ns_err *e)
{
	bool fits = g->opts->apply == NULL && !g->opts->is_private;
	int rc = nsr_put_prov(g->w, g->tool, fits ? &g->opts->codec.seed : NULL, h, e);

	return rc < 0 ? rc : nsr_end(g->w, e);
}

int
target_codec(struct target *g, const struct nsr_history *h, struct ns_err *e)
{
	int rc = target_open(g, g->opts->fit_to, e);

	if (rc < 0)
		return rc;
	rc = target_begin(g, NULL, e);
	if (rc >= 0)
		rc = target_end(g, h, e);
	return target_close(g, rc, e);
}

int
encode_record(const struct target *g, const struct series *s,
    const struct chunk_info *k, const struct labels *l, struct buf *b, struct ns_err *e)
{
	int rc = codec_encode(g->codec, s, k, l, b, e);

	if (rc < 0 || !g->units)
		return rc;
	if (b->len > NSR_RECORD_MAX - TENSOR_UNIT_BYTES)
		return ns_fail(e, NS_EKIND,
		    "a series of %u steps and its unit do not fit a tensor record; "
		    "cut flows with a lower ns-chunk --max-steps",
		    s->n);
	put_le64(buf_room(b, TENSOR_UNIT_BYTES), s->unit);
	return NS_OK;
}

int
units_alike(const struct trace_reader *t, bool units, struct ns_err *e)
{
	return t->units == units
	    ? NS_OK
	    : ns_fail(e, NS_EKIND, "%s: series with and without units mixed",
		  nsr_name(t->r));
}

int
fail_in_chunk(const struct chunk_info *k, struct ns_err *e)
{
	char where[32];

	snprintf(where, sizeof where, "chunk %d", k->index);
	return ns_fail_in(e, where);
}
