#include "ingest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "trace/rstream.h"

/* The inputs and a heap of those that have a record, earliest first. */
struct merge {
	struct source *source;
	int n;
	struct source **heap;
	int n_heap;
};

/* Of equal times the earlier operand goes first, so the order is one. */
static bool
before(const struct source *a, const struct source *b)
{
	int64_t ta = source_time(a), tb = source_time(b);

	return ta != tb ? ta < tb : a < b;
}

static void
sift_down(struct merge *m, int i)
{
	struct source *s = m->heap[i];
	int child;

	while ((child = 2 * i + 1) < m->n_heap) {
		if (child + 1 < m->n_heap && before(m->heap[child + 1], m->heap[child]))
			child++;
		if (!before(m->heap[child], s))
			break;
		m->heap[i] = m->heap[child];
		i = child;
	}
	m->heap[i] = s;
}

static int
merge_start(struct merge *m, struct intake *k, struct ns_err *e)
{
	int i, rc;

	for (i = 0; i < m->n; i++) {
		rc = source_next(&m->source[i], k, e);
		if (rc < 0)
			return rc;
		if (rc > 0)
			m->heap[m->n_heap++] = &m->source[i];
	}
	for (i = m->n_heap / 2 - 1; i >= 0; i--)
		sift_down(m, i);
	return NS_OK;
}

/* Be done with the earliest record and read the next one of its input. */
static int
merge_advance(struct merge *m, struct intake *k, struct ns_err *e)
{
	int rc = source_next(m->heap[0], k, e);

	if (rc < 0)
		return rc;
	if (rc == 0)
		m->heap[0] = m->heap[--m->n_heap];
	if (m->n_heap > 0)
		sift_down(m, 0);
	return NS_OK;
}

static int
check_kinds(const struct merge *m, struct ns_err *e)
{
	const struct source *a = &m->source[0], *b;
	int i;

	for (i = 1; i < m->n; i++) {
		b = &m->source[i];
		if (a->of_flows != b->of_flows)
			return ns_fail(e, NS_EKIND, "'%s' holds %s, '%s' %s",
			    a->in.name, a->of_flows ? "flows" : "packets", b->in.name,
			    b->of_flows ? "flows" : "packets");
	}
	return NS_OK;
}

static int
open_sources(struct merge *m, const struct ingest *g, char **paths, struct ns_err *e)
{
	const struct source *s;
	int rc;

	if (g->iface != NULL) {
		m->n = source_open_live(&m->source[0], g->iface, e) == NS_OK;
		return m->n > 0 ? NS_OK : e->code;
	}
	for (; *paths != NULL; paths++) {
		rc = source_open(&m->source[m->n], &g->intake, *paths, e);
		if (rc < 0)
			return rc;
		s = &m->source[m->n++];
		if (s->is_csv && s->csv.unknown[0] != '\0')
			log_warn("%s: columns not known are left out: %s", s->in.name,
			    s->csv.unknown);
	}
	return check_kinds(m, e);
}

static int
put_head(struct nsr_writer *w, const struct merge *m, struct ns_err *e)
{
	const struct source *s = &m->source[0];
	const char *unit = source_unit(s);
	int i;

	for (i = 0; i < m->n; i++)
		if (s[i].is_csv && s[i].csv.unit_unsure)
			log_warn("%s: ts is taken to be in %s: --time-unit says "
				 "otherwise",
			    s[i].in.name, source_unit(&s[i]));
	/* The finest unit of all inputs, so that nothing is lost when it is written. */
	for (i = 1; i < m->n; i++)
		if (time_unit_of(source_unit(&m->source[i])) > time_unit_of(unit))
			unit = source_unit(&m->source[i]);
	log_info("time_unit=%s", unit);
	if (nsr_put_meta(w, e, "trace.kind", "%s", s->of_flows ? "flow" : "packet") <
		0 ||
	    nsr_put_meta(w, e, "source.format", "%s", source_format(s)) < 0 ||
	    nsr_put_meta(w, e, "source.time_unit", "%s", unit) < 0)
		return e->code;
	return NS_OK;
}

static int
put_record(struct trace_writer *t, struct source *s, int label, struct ns_err *e)
{
	if (s->of_flows) {
		if (label >= 0)
			s->flow.label = (uint16_t)label;
		return trace_put_flow(t, &s->flow, e);
	}
	if (label >= 0)
		s->packet.label = (uint16_t)label;
	return trace_put_packet(t, &s->packet, e);
}

/* All records in order of time, at most as many as asked for. */
static int
put_body(struct ingest *g, struct merge *m, struct trace_writer *t, int label,
    struct ns_err *e)
{
	struct tally *n = &g->intake.tally;
	struct progress progress;
	int rc = NS_OK;

	progress_start(&progress, m->source[0].of_flows ? "flows" : "packets", 0);
	while (m->n_heap > 0) {
		rc = put_record(t, m->heap[0], label, e);
		if (rc < 0)
			break;
		n->records++;
		if (n->records % 4096 == 0)
			progress_at(&progress, n->records);
		if (n->records == g->most)
			break;
		rc = merge_advance(m, &g->intake, e);
		if (rc < 0)
			break;
	}
	progress_end(&progress);
	return rc;
}

static int
put_counters(struct nsr_writer *w, const struct tally *n, struct ns_err *e)
{
	char key[64];
	int i;

	if (nsr_put_meta(w, e, "ingest.read", "%" PRIu64, n->read) < 0 ||
	    nsr_put_meta(w, e, "ingest.records", "%" PRIu64, n->records) < 0)
		return e->code;
	if (n->filtered > 0 &&
	    nsr_put_meta(w, e, "ingest.filtered", "%" PRIu64, n->filtered) < 0)
		return e->code;
	if (n->no_ports > 0 &&
	    nsr_put_meta(w, e, "ingest.ports_dropped", "%" PRIu64, n->no_ports) < 0)
		return e->code;
	for (i = 0; i < SKIP_REASONS; i++) {
		if (n->skipped[i] == 0)
			continue;
		snprintf(key, sizeof key, "ingest.skipped.%s", skip_name(i));
		if (nsr_put_meta(w, e, key, "%" PRIu64, n->skipped[i]) < 0)
			return e->code;
	}
	return NS_OK;
}

static int
put_tail(struct ingest *g, const struct merge *m, struct nsr_writer *w,
    struct ns_err *e)
{
	struct nsr_history *h = nsr_history_new();
	struct input *in;
	uint64_t lost;
	int i, rc;

	for (i = 0; i < m->n && g->iface == NULL; i++) {
		in = &m->source[i].in;
		input_settle(in);
		nsr_history_source(h, in->fd == 0 ? "-" : in->name, in->crc,
		    in->n_taken);
	}
	rc = put_counters(w, &g->intake.tally, e);
	lost = g->iface != NULL ? live_dropped(m->source[0].live) : 0;
	if (rc == NS_OK && lost > 0)
		rc = nsr_put_meta(w, e, "ingest.lost", "%" PRIu64, lost);
	if (rc == NS_OK)
		rc = nsr_put_prov(w, g->tool, NULL, h, e);
	if (rc == NS_OK)
		rc = nsr_end(w, e);
	nsr_history_free(h);
	return rc;
}

/* What was left out is always said, so that nobody takes it for all. */
static void
report(const struct tally *n, bool rows)
{
	const char *what = rows ? "rows" : "packets";
	char text[1000];

	log_info("read=%" PRIu64 " records=%" PRIu64 " filtered=%" PRIu64
		 " skipped=%" PRIu64 " ports_dropped=%" PRIu64,
	    n->read, n->records, n->filtered, tally_skipped(n), n->no_ports);
	if (tally_skipped(n) == 0)
		return;
	tally_text(n, text, sizeof text);
	log_warn("%" PRIu64 " of %" PRIu64 " %s not modelled: %s", tally_skipped(n),
	    n->read, what, text);
}

static int
write_stream(struct ingest *g, struct merge *m, struct ns_err *e)
{
	struct nsr_writer *w = nsr_writer_new(g->out, g->level);
	struct nsr_schema *schema = xcalloc(1, sizeof *schema);
	struct trace_writer t;
	int rc, label = -1;

	if (m->source[0].of_flows)
		flow_schema(schema);
	else
		packet_schema(schema);
	trace_writer_init(&t, w, g->intake.labels);
	if (g->label != NULL)
		label = labels_intern(g->intake.labels, g->label);
	rc = nsr_begin(w, schema, e);
	if (rc == NS_OK)
		rc = put_head(w, m, e);
	if (rc == NS_OK)
		rc = put_body(g, m, &t, label, e);
	if (rc == NS_OK)
		rc = put_tail(g, m, w, e);
	if (rc < 0)
		nsr_end_failed(w, ns_exit_status(rc));
	trace_writer_free(&t);
	free(schema);
	nsr_writer_free(w);
	return rc;
}

int
ingest_run(struct ingest *g, char **paths, int n, struct ns_err *e)
{
	struct merge m = {0};
	int i, rc;

	m.source = xcalloc((size_t)n, sizeof *m.source);
	m.heap = xcalloc((size_t)n, sizeof(struct source *));
	rc = open_sources(&m, g, paths, e);
	if (rc == NS_OK)
		rc = merge_start(&m, &g->intake, e);
	if (rc == NS_OK)
		rc = write_stream(g, &m, e);
	if (rc == NS_OK)
		report(&g->intake.tally, m.source[0].is_csv);
	for (i = 0; i < m.n; i++)
		source_close(&m.source[i]);
	free(m.source);
	free(m.heap);
	return rc;
}
