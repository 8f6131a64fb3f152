/*
 * One output: opened before the input is read, so that a name that cannot be created is
 * told at once; written when all records are in order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "decode.h"

#define NS_PER_US 1000

static int
put_metas(struct nsr_writer *w, const struct intake *in, struct ns_err *e)
{
	const char *p = (const char *)in->meta.p, *end = p + in->meta.len, *val;
	int rc;

	while (p < end) {
		val = p + strlen(p) + 1;
		if ((rc = nsr_put_meta(w, e, p, "%s", val)) < 0)
			return rc;
		p = val + strlen(val) + 1;
	}
	if (in->synthetic && (rc = guarantee_put(&in->guarantee, w, e)) < 0)
		return rc;
	return nsr_put_meta(w, e, "trace.kind", "%s", in->of_flows ? "flow" : "packet");
}

static int
put_count(struct nsr_writer *w, const char *key, uint64_t n, struct ns_err *e)
{
	return n == 0 ? NS_OK : nsr_put_meta(w, e, key, "%llu", (unsigned long long)n);
}

static int
put_records(struct trace_writer *tw, const struct intake *in, struct ns_err *e)
{
	const struct item *i;
	int rc;

	while ((rc = order_next(in->order, &i, e)) > 0) {
		rc = in->of_flows ? trace_put_flow(tw, &i->u.flow, e)
				  : trace_put_packet(tw, &i->u.packet, e);
		if (rc < 0)
			return rc;
	}
	return rc;
}

static int
write_ns(const struct tool *t, const struct intake *in, struct out *o, struct ns_err *e)
{
	struct nsr_writer *w = nsr_writer_new(o, in->opts->level);
	struct nsr_schema schema;
	struct trace_writer tw;
	int rc;

	if (in->of_flows)
		flow_schema(&schema);
	else
		packet_schema(&schema);
	trace_writer_init(&tw, w, &in->labels);
	if ((rc = nsr_begin(w, &schema, e)) < 0 || (rc = put_metas(w, in, e)) < 0 ||
	    (rc = put_records(&tw, in, e)) < 0 ||
	    (rc = put_count(w, "decode.fitted", in->mends.fitted, e)) < 0 ||
	    (rc = put_count(w, "decode.clamped", in->mends.clamped, e)) < 0 ||
	    (rc = nsr_put_prov(w, t, NULL, in->history, e)) < 0)
		goto out;
	rc = nsr_end(w, e);
out:
	if (rc < 0)
		nsr_end_failed(w, ns_exit_status(rc));
	trace_writer_free(&tw);
	nsr_writer_free(w);
	return rc;
}

static int
write_csv(const struct intake *in, struct out *o, struct ns_err *e)
{
	const struct item *i;
	struct csv c;
	int rc;

	c.labels = &in->labels;
	c.label = in->has_labels;
	c.unit_ns = in->opts->unit_ns != 0 ? in->opts->unit_ns : in->unit_ns;
	if (c.unit_ns == 0)
		c.unit_ns = NS_PER_US;
	rc = csv_begin(&c, o, in->of_flows, e);
	while (rc == NS_OK && (rc = order_next(in->order, &i, e)) > 0)
		rc = in->of_flows ? csv_put_flow(&c, o, &i->u.flow, e)
				  : csv_put_packet(&c, o, &i->u.packet, e);
	return rc;
}

static void
warn_frames(const struct frame_counts *n)
{
	if (n->raised > 0)
		log_warn("%llu packets were shorter than their headers and got longer",
		    (unsigned long long)n->raised);
	if (n->capped > 0)
		log_warn("%llu frames were cut at %d bytes, their length on the wire "
			 "kept",
		    (unsigned long long)n->capped, SNAPLEN);
}

static int
write_capture(const struct intake *in, struct out *o, struct ns_err *e)
{
	struct frame_counts n = {0};
	struct frame *f = xcalloc(1, sizeof *f);
	const struct item *i;
	struct capture c;
	int rc;

	rc = capture_begin(&c, o, in, e);
	while (rc == NS_OK && (rc = order_next(in->order, &i, e)) > 0) {
		frame_build(f, in->opts, &i->u.packet, i->seq, i->ack, &n);
		rc = capture_put(&c, o, i->u.packet.t_ns, f, e);
	}
	free(f);
	if (rc == NS_OK)
		warn_frames(&n);
	return rc;
}

int
output_write(const struct tool *t, const struct intake *in, struct out *o,
    struct ns_err *e)
{
	int rc;

	if ((rc = order_start(in->order, e)) < 0)
		return rc;
	if (in->opts->format == FORMAT_NS)
		return write_ns(t, in, o, e);
	if (in->opts->format == FORMAT_CSV)
		return write_csv(in, o, e);
	return write_capture(in, o, e);
}
