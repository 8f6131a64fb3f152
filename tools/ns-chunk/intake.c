/*
 * Reading: every record with the hash of its five-tuple and its place in the input goes
 * into the first sort.
 */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "chunk.h"

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

/* The hash first, because it decides nearly always; any grouping order will do. */
static int
cmp_flow_rec(const void *pa, const void *pb, const void *arg)
{
	const struct flow_rec *a = pa, *b = pb;
	bool of_flows = *(const int *)arg == NSR_FLOW;
	int64_t ta, tb;
	int c;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	c = of_flows ? tuple_cmp(&a->u.flow.key, &b->u.flow.key)
		     : tuple_cmp(&a->u.packet.key, &b->u.packet.key);
	if (c != 0)
		return c;
	ta = of_flows ? a->u.flow.t_start_ns : a->u.packet.t_ns;
	tb = of_flows ? b->u.flow.t_start_ns : b->u.packet.t_ns;
	return (ta > tb) - (ta < tb);
}

static int
cmp_time(const void *pa, const void *pb, const void *arg)
{
	const int64_t *a = pa, *b = pb;

	(void)arg;
	return (*a > *b) - (*a < *b);
}

/* The sorts live two at a time, so each has half of the memory. */
static void
start_sorts(struct intake *in, int kind)
{
	size_t body = kind == NSR_FLOW ? sizeof(struct flow) : sizeof(struct packet);

	in->kind = kind;
	in->by_flow = extsort_new(offsetof(struct flow_rec, u) + body, cmp_flow_rec,
	    &in->kind, in->opts->memory / 2);
	if (in->opts->by_count)
		in->by_time =
		    extsort_new(sizeof(int64_t), cmp_time, NULL, in->opts->memory / 2);
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

/* rec's hash and order are filled in here, all else by the caller. */
static int
take(struct intake *in, struct flow_rec *rec, const struct tuple *key, int64_t t,
    struct ns_err *e)
{
	const struct chunk_opts *o = in->opts;
	int rc;

	if ((o->has_from && t < o->from_ns) || (o->has_to && t >= o->to_ns)) {
		in->outside++;
		return NS_OK;
	}
	if (t < in->min_ns)
		in->min_ns = t;
	if (t > in->max_ns)
		in->max_ns = t;
	if (in->by_time != NULL && (rc = extsort_put(in->by_time, &t, e)) < 0)
		return rc;
	rec->hash = tuple_hash(key);
	rec->order = in->n++;
	return extsort_put(in->by_flow, rec, e);
}

static int
read_records(struct intake *in, struct trace_reader *t, struct progress *p,
    struct ns_err *e)
{
	struct flow_rec rec;
	int rc;

	memset(&rec, 0, sizeof rec);
	for (;;) {
		if (in->kind == NSR_FLOW) {
			if ((rc = trace_next_flow(t, &rec.u.flow, e)) <= 0)
				return rc;
			rc = take(in, &rec, &rec.u.flow.key, rec.u.flow.t_start_ns, e);
		} else {
			if ((rc = trace_next_packet(t, &rec.u.packet, e)) <= 0)
				return rc;
			rc = take(in, &rec, &rec.u.packet.key, rec.u.packet.t_ns, e);
		}
		if (rc < 0)
			return rc;
		if ((in->n & PROGRESS_MASK) == 0)
			progress_at(p, in->n);
	}
}

int
intake_read(struct intake *in, const char *path, struct ns_err *e)
{
	unsigned kinds = 1u << NSR_PACKET | 1u << NSR_FLOW;
	struct trace_reader t;
	struct nsr_reader *r;
	struct progress p;
	int fd, rc;

	if ((fd = in_open(path, e)) < 0)
		return fd;
	r = nsr_reader_new(fd, path);
	trace_reader_init(&t, r, &in->labels);
	progress_start(&p, "records", 0);
	if (in->kind != 0)
		kinds = 1u << in->kind;
	while ((rc = trace_stream(&t, kinds, e)) > 0) {
		if (in->kind == 0)
			start_sorts(in, t.kind);
		kinds = 1u << in->kind;
		keep_source(in, r);
		if ((rc = read_records(in, &t, &p, e)) < 0)
			break;
		nsr_history_add(in->history, r);
	}
	progress_end(&p);
	trace_reader_free(&t);
	nsr_reader_free(r);
	return rc;
}
