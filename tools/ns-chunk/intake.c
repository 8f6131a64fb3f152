/*
 * Reading: every record with the hash of its five-tuple and its place in the input goes
 * into the first sort.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chunk.h"
#include "trace/inputs.h"

#define PROGRESS_MASK 4095

void
intake_init(struct intake *in, const struct chunk_opts *o)
{
	memset(in, 0, sizeof *in);
	in->opts = o;
	labels_init(&in->labels);
	in->history = nsr_history_new();
	in->min_ns = INT64_MAX;
	in->max_ns = INT64_MIN;
}

void
intake_free(struct intake *in)
{
	size_t i;

	for (i = 0; i < in->source.n; i++) {
		free(in->source.v[i].key);
		free(in->source.v[i].val);
	}
	free(in->source.v);
	extsort_free(in->by_flow);
	extsort_free(in->by_time);
	nsr_history_free(in->history);
	labels_free(&in->labels);
}

/* Behind the hash, which decides nearly always; any grouping order will do. */
static int
cmp_records(const uint8_t *a, const uint8_t *b, bool of_flows)
{
	int64_t ta = record_time(a), tb = record_time(b);
	int c =
	    memcmp(record_tuple(a, of_flows), record_tuple(b, of_flows), RECORD_TUPLE);

	return c != 0 ? c : (ta > tb) - (ta < tb);
}

static int
cmp_packets(const void *a, const void *b)
{
	return cmp_records(((const struct flow_rec *)a)->record,
	    ((const struct flow_rec *)b)->record, false);
}

static int
cmp_flows(const void *a, const void *b)
{
	return cmp_records(((const struct flow_rec *)a)->record,
	    ((const struct flow_rec *)b)->record, true);
}

struct extsort *
sort_new(const struct chunk_opts *o, size_t size, extsort_cmp *cmp)
{
	struct extsort *s = extsort_new(size, cmp, o->memory / 2);

	if (o->threads > 1)
		extsort_concurrent(s);
	return s;
}

static void
start_sorts(struct intake *in, int kind)
{
	enum unit_kind unit = in->opts->unit;
	bool of_flows = kind == NSR_FLOW;
	extsort_cmp *cmp = of_flows ? cmp_flows : cmp_packets;

	if (unit != UNIT_NONE)
		cmp = unit_order(unit, of_flows);
	in->kind = kind;
	in->by_flow = sort_new(in->opts,
	    offsetof(struct flow_rec, record) + record_bytes(of_flows), cmp);
	if (in->opts->by_count)
		in->by_time = sort_new(in->opts, sizeof(uint64_t), NULL);
}

static bool
finer(const char *unit, const char *old)
{
	int64_t ns = time_unit_ns(unit), old_ns = time_unit_ns(old);

	return ns != 0 && (old_ns == 0 || ns < old_ns);
}

/* The first value of a key stays, but of two time units the finer one. */
static void
source_add(struct source_meta *s, const char *key, const char *val)
{
	size_t i;

	for (i = 0; i < s->n && strcmp(s->v[i].key, key) != 0; i++)
		;
	if (i == s->n) {
		xgrow(&s->v, &s->cap, s->n + 1, sizeof *s->v);
		s->v[s->n].key = xstrdup(key);
		s->v[s->n++].val = xstrdup(val);
	} else if (strcmp(key, "source.time_unit") == 0 && finer(val, s->v[i].val)) {
		free(s->v[i].val);
		s->v[i].val = xstrdup(val);
	}
}

static void
keep_source(struct intake *in, const struct nsr_reader *r)
{
	const char *key, *val;
	size_t i;

	for (i = 0; i < nsr_meta_count(r); i++) {
		nsr_meta_at(r, i, &key, &val);
		if (strncmp(key, "source.", 7) == 0)
			source_add(&in->source, key, val);
	}
}

static uint64_t
sort_key(const struct intake *in, const uint8_t *tuple)
{
	uint8_t key[UNIT_KEY];

	if (in->opts->unit == UNIT_NONE)
		return record_hash(tuple);
	unit_key(in->opts->unit, tuple, key);
	return unit_hash(key);
}

/* rec's hash and order are filled in here. */
static int
take(struct intake *in, struct flow_rec *rec, struct ns_err *e)
{
	const struct chunk_opts *o = in->opts;
	int64_t t = record_time(rec->record);
	uint64_t time = extsort_key_i64(t);
	int rc;

	if ((o->has_from && t < o->from_ns) || (o->has_to && t >= o->to_ns)) {
		in->outside++;
		return NS_OK;
	}
	if (t < in->min_ns)
		in->min_ns = t;
	if (t > in->max_ns)
		in->max_ns = t;
	if (in->by_time != NULL && (rc = extsort_put(in->by_time, &time, e)) < 0)
		return rc;
	rec->hash = sort_key(in, record_tuple(rec->record, intake_of_flows(in)));
	rec->order = in->n++;
	return extsort_put(in->by_flow, rec, e);
}

static int
read_records(struct intake *in, struct trace_reader *t, struct ns_err *e)
{
	struct flow_rec rec;
	int rc;

	memset(&rec, 0, sizeof rec);
	while ((rc = trace_next_record(t, rec.record, e)) > 0) {
		if ((rc = take(in, &rec, e)) < 0)
			return rc;
		if ((in->n & PROGRESS_MASK) == 0 && in->opts->unit == UNIT_NONE)
			progress_at(&in->progress, in->n);
	}
	return rc;
}

static int
take_stream(void *arg, struct trace_reader *t, struct ns_err *e)
{
	struct intake *in = arg;
	int rc;

	if (in->kind == 0)
		start_sorts(in, t->kind);
	keep_source(in, t->r);
	if ((rc = read_records(in, t, e)) < 0)
		return rc;
	nsr_history_add(in->history, t->r);
	return NS_OK;
}

int
intake_read(struct intake *in, const struct tool *t, struct ns_err *e)
{
	int rc;

	if (in->opts->unit == UNIT_NONE)
		progress_start(&in->progress, "records", 0);
	rc = trace_inputs(t, 1u << NSR_PACKET | 1u << NSR_FLOW, &in->labels,
	    take_stream, in, e);
	if (in->opts->unit == UNIT_NONE)
		progress_end(&in->progress);
	return rc;
}
