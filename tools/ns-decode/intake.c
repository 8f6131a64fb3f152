/*
 * Reading: whatever the kind of the streams, packets or flow records go into the order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "decode.h"
#include "trace/inputs.h"

#define KINDS (1u << NSR_PACKET | 1u << NSR_FLOW | 1u << NSR_SERIES | 1u << NSR_TENSOR)
#define PROGRESS_MASK 4095

void
intake_init(struct intake *in, const struct decode_opts *o)
{
	memset(in, 0, sizeof *in);
	in->opts = o;
	in->history = nsr_history_new();
	labels_init(&in->labels);
}

void
intake_free(struct intake *in)
{
	order_free(in->order);
	nsr_history_free(in->history);
	labels_free(&in->labels);
	buf_free(&in->meta);
	guarantee_free(&in->guarantee);
}

static void
keep_meta(struct intake *in, const struct nsr_reader *r)
{
	const char *key, *val;
	size_t i;

	for (i = 0; i < nsr_meta_count(r); i++) {
		nsr_meta_at(r, i, &key, &val);
		if (strncmp(key, "source.", 7) != 0 && strncmp(key, "sample.", 7) != 0)
			continue;
		buf_put(&in->meta, key, strlen(key) + 1);
		buf_put(&in->meta, val, strlen(val) + 1);
	}
}

/* What all streams have in common, from the first; order and labels go on from there.
 */
static int
first_stream(struct intake *in, const struct nsr_reader *r, struct ns_err *e)
{
	bool capture = format_is_capture(in->opts->format);

	if (in->of_flows && capture)
		return ns_fail(e, NS_EKIND,
		    "flows cannot be written as packets; use -f csv or -f ns");
	keep_meta(in, r);
	in->synthetic = true;
	in->order = order_new(in->of_flows, capture, in->opts->memory);
	return NS_OK;
}

static int
open_stream(struct intake *in, const struct nsr_reader *r, bool of_flows,
    struct ns_err *e)
{
	const char *unit = nsr_meta(r, "source.time_unit");
	int64_t ns = unit != NULL ? time_unit_ns(unit) : 0;
	int rc;

	if (in->order == NULL) {
		in->of_flows = of_flows;
		if ((rc = first_stream(in, r, e)) < 0)
			return rc;
	} else if (of_flows != in->of_flows) {
		return ns_fail(e, NS_EKIND, "%s: packets and flows cannot be mixed",
		    nsr_name(r));
	}
	if (ns != 0 && (in->unit_ns == 0 || ns < in->unit_ns))
		in->unit_ns = ns;
	if (nsr_meta(r, "sample.seed") == NULL)
		in->synthetic = false;
	guarantee_add_stream(&in->guarantee, r);
	return NS_OK;
}

/* Each chunk may come once, and all must be of one trace. */
static int
open_chunk(struct intake *in, const struct nsr_reader *r, struct chunk_info *c,
    struct ns_err *e)
{
	uint8_t bit;
	int rc;

	if ((rc = chunk_info_get(c, r, e)) < 0)
		return rc;
	if (in->chunk_count != 0 && c->count != in->chunk_count)
		return ns_fail(e, NS_EKIND,
		    "%s: chunk %d is one of %d, those before were of %d chunks",
		    nsr_name(r), c->index, c->count, in->chunk_count);
	in->chunk_count = c->count;
	bit = (uint8_t)(1 << c->index % 8);
	if (in->seen[c->index / 8] & bit)
		return ns_fail(e, NS_EKIND, "%s: chunk %d comes a second time",
		    nsr_name(r), c->index);
	in->seen[c->index / 8] |= bit;
	return open_stream(in, r, c->of_flows, e);
}

static int
take_packet(struct intake *in, const struct packet *p, struct ns_err *e)
{
	in->has_labels |= p->label != 0;
	return order_put_packet(in->order, p, e);
}

static int
take_flow(struct intake *in, const struct flow *f, struct ns_err *e)
{
	in->has_labels |= f->label != 0;
	return order_put_flow(in->order, f, e);
}

static int
take_series(struct intake *in, const struct series *s, struct ns_err *e)
{
	uint32_t i;
	int rc = NS_OK;

	for (i = 0; i < s->n && rc == NS_OK; i++)
		rc = s->packets != NULL ? take_packet(in, &s->packets[i], e)
					: take_flow(in, &s->flows[i], e);
	return rc;
}

static int
read_series(struct intake *in, struct trace_reader *t, struct ns_err *e)
{
	const struct series *s;
	struct chunk_info c;
	uint64_t n = 0;
	int rc;

	if ((rc = open_chunk(in, t->r, &c, e)) < 0)
		return rc;
	while ((rc = trace_next_series(t, &s, e)) > 0) {
		if ((rc = take_series(in, s, e)) < 0)
			return rc;
		if ((++n & PROGRESS_MASK) == 0)
			progress_at(&in->progress, order_count(in->order));
	}
	return rc;
}

/* The source had whole units of time, so what was learnt from it has them, too: the
 * nearest, and equal times stay equal. */
static int64_t
whole_units(int64_t t_ns, int64_t unit_ns)
{
	int64_t rest = (t_ns % unit_ns + unit_ns) % unit_ns;

	if (t_ns < INT64_MIN + unit_ns || t_ns > INT64_MAX - unit_ns)
		return t_ns;
	if (2 * rest < unit_ns)
		return t_ns - rest;
	return t_ns - rest + unit_ns;
}

/* A series of a codec on the source's own scale of time. */
static int
take_decoded(struct intake *in, const struct series *s, struct ns_err *e)
{
	uint32_t i;

	for (i = 0; i < s->n && in->unit_ns > 1; i++) {
		if (s->packets != NULL)
			s->packets[i].t_ns =
			    whole_units(s->packets[i].t_ns, in->unit_ns);
		else
			s->flows[i].t_start_ns =
			    whole_units(s->flows[i].t_start_ns, in->unit_ns);
	}
	return take_series(in, s, e);
}

static int
decode_tensors(struct intake *in, struct codec *codec, const struct tensor_schema *ts,
    const struct chunk_info *c, struct nsr_reader *r, struct ns_err *e)
{
	const struct series *s;
	const uint8_t *rec;
	uint64_t n = 0;
	size_t len;
	int rc;

	while ((rc = nsr_next(r, &rec, &len, e)) > 0) {
		rc = tensor_cut_unit(ts, rec, &len, e);
		if (rc == NS_OK)
			rc = codec_decode(codec, rec, len, c, &in->labels, &s,
			    &in->mends, e);
		if (rc < 0)
			return ns_fail_in(e, nsr_name(r));
		if ((rc = take_decoded(in, s, e)) < 0)
			return rc;
		if ((++n & PROGRESS_MASK) == 0)
			progress_at(&in->progress, order_count(in->order));
	}
	return rc;
}

/* The records are those of the codec; who owns them is of no matter here. */
static bool
is_of_codec(const struct nsr_reader *r, struct tensor_schema *ts)
{
	struct nsr_schema schema;
	int units;

	for (units = 0; units <= 1; units++) {
		ts->has_unit = units == 1;
		tensor_schema_to_nsr(ts, &schema);
		if (nsr_schema_same(&schema, nsr_schema(r)))
			return true;
	}
	return false;
}

static int
read_tensors(struct intake *in, struct nsr_reader *r, struct ns_err *e)
{
	struct tensor_schema ts;
	struct chunk_info c;
	struct codec *codec;
	int rc;

	if ((rc = nsr_expect(r, NSR_TENSOR, TENSOR_VERSION, e)) < 0 ||
	    (rc = open_chunk(in, r, &c, e)) < 0)
		return rc;
	if ((codec = codec_load(r, e)) == NULL)
		return e->code;
	ts = *codec_schema(codec);
	if (is_of_codec(r, &ts))
		rc = decode_tensors(in, codec, &ts, &c, r, e);
	else
		rc = ns_fail(e, NS_ECORRUPT, "%s: the codec is of another tensor",
		    nsr_name(r));
	codec_free(codec);
	return rc;
}

static int
read_packets(struct intake *in, struct trace_reader *t, struct ns_err *e)
{
	struct packet packet;
	int rc;

	if ((rc = open_stream(in, t->r, false, e)) < 0)
		return rc;
	while ((rc = trace_next_packet(t, &packet, e)) > 0) {
		if ((rc = take_packet(in, &packet, e)) < 0)
			return rc;
		if ((order_count(in->order) & PROGRESS_MASK) == 0)
			progress_at(&in->progress, order_count(in->order));
	}
	return rc;
}

static int
read_flows(struct intake *in, struct trace_reader *t, struct ns_err *e)
{
	struct flow flow;
	int rc;

	if ((rc = open_stream(in, t->r, true, e)) < 0)
		return rc;
	while ((rc = trace_next_flow(t, &flow, e)) > 0) {
		if ((rc = take_flow(in, &flow, e)) < 0)
			return rc;
		if ((order_count(in->order) & PROGRESS_MASK) == 0)
			progress_at(&in->progress, order_count(in->order));
	}
	return rc;
}

static int
read_stream(struct intake *in, struct trace_reader *t, struct ns_err *e)
{
	switch (t->kind) {
	case NSR_PACKET:
		return read_packets(in, t, e);
	case NSR_FLOW:
		return read_flows(in, t, e);
	case NSR_SERIES:
		return read_series(in, t, e);
	default:
		return read_tensors(in, t->r, e);
	}
}

static int
take_stream(void *arg, struct trace_reader *t, struct ns_err *e)
{
	struct intake *in = arg;
	int rc = read_stream(in, t, e);

	if (rc >= 0)
		nsr_history_add(in->history, t->r);
	return rc;
}

int
intake_read(struct intake *in, const struct tool *t, struct ns_err *e)
{
	int rc;

	progress_start(&in->progress, "records", 0);
	rc = trace_inputs(t, KINDS, &in->labels, take_stream, in, e);
	progress_end(&in->progress);
	return rc;
}
