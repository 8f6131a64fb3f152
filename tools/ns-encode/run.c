#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "encode.h"

void
fit_pairs(struct codec *c, const struct pairs *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i].delay_ns >= 0)
			codec_fit_answer(c, p->v[i].opener_steps, p->v[i].delay_ns);
}

static int
fit_chunk(struct codec *c, const struct intake *in, const struct chunk *k,
    struct spool_reader *r, struct ns_err *e)
{
	size_t i;
	uint32_t s;
	int rc;

	for (i = 0; i < k->n; i++) {
		if ((rc = spool_load(r, &k->batch[i], e)) < 0)
			return rc;
		for (s = 0; s < k->batch[i].n; s++) {
			rc = codec_fit_series(c, spool_next(r), &k->info, &in->labels,
			    e);
			if (rc < 0)
				return fail_in_chunk(&k->info, e);
		}
	}
	if (in->pairs)
		fit_pairs(c, &k->pairs);
	return NS_OK;
}

/* The chunks one after another, as they did not come so. */
static int
fit_chunks(struct intake *in, struct ns_err *e)
{
	struct spool_reader *r;
	int i, rc = NS_OK;

	in->codec = codec_new(&in->opts->codec, in->of_flows, in->count, e);
	if (in->codec == NULL)
		return e->code;
	r = spool_reader_new(in->spool, in->of_flows, in->count);
	for (i = 0; i < in->count && rc >= 0; i++)
		rc = fit_chunk(in->codec, in, &in->chunk[i], r, e);
	spool_reader_free(r);
	return rc;
}

static int
fit(struct intake *in, struct ns_err *e)
{
	int rc = in->codec == NULL ? fit_chunks(in, e) : NS_OK;

	if (rc >= 0)
		rc = codec_fit_end(in->codec, in->pool, e);
	if (rc >= 0)
		log_info("chunks=%d attributes=%d features=%d longest=%u codec=%08x",
		    in->count, codec_schema(in->codec)->n_attr,
		    codec_schema(in->codec)->n_feat, codec_max_steps(in->codec),
		    (unsigned)codec_hash(in->codec));
	return rc;
}

static int
write_chunk(struct target *g, const struct intake *in, const struct chunk *k,
    struct ns_err *e)
{
	int rc = target_begin(g, &k->meta, e);

	if (rc >= 0)
		rc = records_write(g, in, k, e);
	return rc < 0 ? rc : target_end(g, in->history, e);
}

/* Chunks first .. end - 1 to one output. */
static int
write_output(struct target *g, struct intake *in, const char *path, int first, int end,
    struct ns_err *e)
{
	int i, rc = target_open(g, path, e);

	if (rc < 0)
		return rc;
	for (i = first; i < end && rc >= 0; i++)
		rc = write_chunk(g, in, &in->chunk[i], e);
	return target_close(g, rc, e);
}

static int
write_files(struct target *g, struct intake *in, struct ns_err *e)
{
	int i, rc = NS_OK;
	char *path;

	for (i = 0; i < in->count && rc >= 0; i++) {
		path = pattern_name(g->tool->output, i);
		rc = write_output(g, in, path, i, i + 1, e);
		free(path);
	}
	return rc;
}

static int
run_fit(const struct tool *t, const struct encode_opts *o, struct ns_err *e)
{
	struct target g = {.tool = t, .opts = o};
	struct intake in;
	int rc;

	intake_init(&in, o);
	if ((rc = intake_read(&in, t, e)) < 0 || (rc = fit(&in, e)) < 0)
		goto out;
	g.codec = in.codec;
	if (o->is_public) {
		g.origin = ORIGIN_PUBLIC;
		codec_declare_public(in.codec);
	}
	g.units = in.units && o->fit_to == NULL; /* a codec is nobody's */
	if (o->fit_to != NULL)
		rc = target_codec(&g, in.history, e);
	else if (target_is_pattern(t))
		rc = write_files(&g, &in, e);
	else
		rc = write_output(&g, &in, t->output, 0, in.count, e);
out:
	intake_free(&in);
	return rc;
}

int
encode_run(const struct tool *t, const struct encode_opts *o, struct ns_err *e)
{
	return o->apply != NULL || o->is_private ? apply_run(t, o, e)
						 : run_fit(t, o, e);
}
