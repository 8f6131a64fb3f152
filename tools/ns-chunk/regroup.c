/*
 * One pass over the records of each flow: which chunks it is in, and for each of them
 * its series, with a place in the order of the output.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chunk.h"

struct pass {
	struct regrouped *g;
	const struct spans *spans;
	uint32_t max_steps;
	bool of_flows;
	struct visit *visits; /* (CHUNKS_MAX) of the present flow, in time order */
	int n_visits;
	struct buf rec; /* struct chunk_rec of the series being put together */
	uint32_t steps; /* of it, 0 = none */
	uint16_t most_label;
};

/* Of those whose flow came first at one time, which is in no chunk but its own. */
static int
cmp_chunk_rec(const void *pa, const void *pb)
{
	const struct chunk_rec *a = pa, *b = pb;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return (a->part > b->part) - (a->part < b->part);
}

static void
count_visits(struct pass *p)
{
	struct chunk_total *t;
	const struct visit *v;
	uint64_t steps;

	for (v = p->visits; v < p->visits + p->n_visits; v++) {
		t = &p->g->total[v->chunk];
		t->records += v->n;
		t->series += (v->n - 1) / p->max_steps + 1;
		t->cut += v->n > p->max_steps;
		steps = v->n < p->max_steps ? v->n : p->max_steps;
		if (steps > p->g->longest)
			p->g->longest = (uint32_t)steps;
	}
}

/* The series of the last visit is complete, or as long as one may be. */
static int
end_series(struct pass *p, struct ns_err *e)
{
	if (p->steps == 0)
		return NS_OK;
	p->steps = 0;
	return chunk_rec_put(p->g->by_chunk, &p->rec, &p->visits[p->n_visits - 1],
	    PART_SERIES, p->most_label, e);
}

static int
end_flow(struct pass *p, struct ns_err *e)
{
	int rc = end_series(p, e);

	count_visits(p);
	if (rc == NS_OK && p->n_visits > 1)
		rc = chunk_tags_put(p->g->by_chunk, &p->rec, p->visits, p->n_visits, e);
	p->n_visits = 0;
	return rc;
}

static void
begin_visit(struct pass *p, const struct flow_rec *rec)
{
	int64_t t = record_time(rec->record);
	struct visit *v = p->visits + p->n_visits++;

	v->chunk = spans_find(p->spans, t);
	v->t_first = extsort_key_i64(t);
	v->order = rec->order;
	v->n = 0;
}

static int
put_record(struct pass *p, const struct flow_rec *rec, struct ns_err *e)
{
	int64_t t = record_time(rec->record);
	int last = p->n_visits - 1, rc;

	if (last < 0 || t >= p->spans->edge[p->visits[last].chunk + 1]) {
		if ((rc = end_series(p, e)) < 0)
			return rc;
		begin_visit(p, rec);
	} else if (p->steps == p->max_steps && (rc = end_series(p, e)) < 0) {
		return rc;
	}
	p->visits[p->n_visits - 1].n++;
	if (p->steps++ == 0) {
		chunk_rec_begin(&p->rec);
		p->most_label = 0;
		record_series_begin(&p->rec, rec->record, p->of_flows);
	}
	record_series_add(&p->rec, rec->record, p->of_flows, &p->most_label);
	return NS_OK;
}

static int
run_pass(struct pass *p, struct extsort *in, struct ns_err *e)
{
	uint8_t last[RECORD_TUPLE] = {0};
	const struct flow_rec *rec;
	const uint8_t *key;
	const void *q;
	int rc;

	while ((rc = extsort_next(in, &q, e)) > 0) {
		rec = q;
		key = record_tuple(rec->record, p->of_flows);
		if (p->n_visits == 0 || memcmp(key, last, sizeof last) != 0) {
			if ((rc = end_flow(p, e)) < 0)
				return rc;
			memcpy(last, key, sizeof last);
		}
		if ((rc = put_record(p, rec, e)) < 0)
			return rc;
	}
	return rc < 0 ? rc : end_flow(p, e);
}

/* All of every flow. */
static int
regroup_all(struct regrouped *g, const struct intake *in, const struct spans *s,
    struct ns_err *e)
{
	struct pass p;
	int rc;

	memset(&p, 0, sizeof p);
	p.g = g;
	p.spans = s;
	p.max_steps = in->opts->max_steps;
	p.of_flows = intake_of_flows(in);
	p.visits = xcalloc(CHUNKS_MAX, sizeof *p.visits);
	rc = run_pass(&p, in->by_flow, e);
	free(p.visits);
	buf_free(&p.rec);
	return rc;
}

int
regroup(struct regrouped *g, const struct intake *in, const struct spans *s,
    struct ns_err *e)
{
	int rc;

	assert(in->opts->max_steps >= 1);
	memset(g, 0, sizeof *g);
	if ((rc = extsort_start(in->by_flow, e)) < 0)
		return rc;
	g->by_chunk = sort_new(in->opts, 0, cmp_chunk_rec);
	rc = in->opts->unit == UNIT_NONE ? regroup_all(g, in, s, e)
					 : regroup_bounded(g, in, s, e);
	return rc < 0 ? rc : extsort_start(g->by_chunk, e);
}

void
regrouped_free(struct regrouped *g)
{
	extsort_free(g->by_chunk);
}
