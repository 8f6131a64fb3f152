/*
 * One pass over the records of each flow: which chunks it is in, and a place for each
 * of its records in the order of the output.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chunk.h"

/* The present flow's stay in one chunk. */
struct visit {
	int64_t t_first_ns;
	uint64_t order, n;
	int chunk;
};

struct pass {
	struct regrouped *g;
	const struct spans *spans;
	uint32_t max_steps;
	bool of_flows;
	struct visit *visits; /* (CHUNKS_MAX) of the present flow, in time order */
	int n_visits;
	struct chunk_rec rec;
};

static int
cmp_chunk_rec(const void *pa, const void *pb, const void *arg)
{
	const struct chunk_rec *a = pa, *b = pb;

	(void)arg;
	if (a->chunk != b->chunk)
		return a->chunk < b->chunk ? -1 : 1;
	if (a->t_first_ns != b->t_first_ns)
		return a->t_first_ns < b->t_first_ns ? -1 : 1;
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

static int
put_visit(struct pass *p, const struct visit *v, int part, struct ns_err *e)
{
	p->rec.t_first_ns = v->t_first_ns;
	p->rec.order = v->order;
	p->rec.chunk = v->chunk;
	p->rec.part = part;
	return extsort_put(p->g->by_chunk, &p->rec, e);
}

/* Flow tags for each chunk of the flow, ahead of its records there. */
static int
put_tags(struct pass *p, struct ns_err *e)
{
	static const uint8_t none[TAG_PART];
	uint8_t tags[CHUNKS_MAX / 8] = {0};
	int i, part, rc;

	for (i = 0; i < p->n_visits; i++)
		tags[p->visits[i].chunk / 8] |= (uint8_t)(1 << p->visits[i].chunk % 8);
	for (part = 0; part < TAG_PARTS; part++) {
		if (memcmp(tags + part * TAG_PART, none, TAG_PART) == 0)
			continue;
		memcpy(p->rec.u.tags, tags + part * TAG_PART, TAG_PART);
		for (i = 0; i < p->n_visits; i++)
			if ((rc = put_visit(p, &p->visits[i], part, e)) < 0)
				return rc;
	}
	return NS_OK;
}

static int
end_flow(struct pass *p, struct ns_err *e)
{
	int rc = NS_OK;

	count_visits(p);
	if (p->n_visits > 1)
		rc = put_tags(p, e);
	p->n_visits = 0;
	return rc;
}

static int
put_record(struct pass *p, const struct flow_rec *rec, struct ns_err *e)
{
	int64_t t = p->of_flows ? rec->u.flow.t_start_ns : rec->u.packet.t_ns;
	struct visit *v = p->visits + p->n_visits - 1;

	if (p->n_visits == 0 || t >= p->spans->edge[v->chunk + 1]) {
		v = p->visits + p->n_visits++;
		v->chunk = spans_find(p->spans, t);
		v->t_first_ns = t;
		v->order = rec->order;
		v->n = 0;
	}
	v->n++;
	if (p->of_flows)
		p->rec.u.flow = rec->u.flow;
	else
		p->rec.u.packet = rec->u.packet;
	return put_visit(p, v, PART_RECORD, e);
}

static int
run_pass(struct pass *p, struct extsort *in, struct ns_err *e)
{
	const struct flow_rec *rec;
	const struct tuple *key;
	struct tuple last;
	uint64_t hash = 0;
	const void *q;
	int rc;

	memset(&last, 0, sizeof last);
	while ((rc = extsort_next(in, &q, e)) > 0) {
		rec = q;
		key = p->of_flows ? &rec->u.flow.key : &rec->u.packet.key;
		if (p->n_visits > 0 &&
		    (rec->hash != hash || tuple_cmp(key, &last) != 0) &&
		    (rc = end_flow(p, e)) < 0)
			return rc;
		hash = rec->hash;
		last = *key;
		if ((rc = put_record(p, rec, e)) < 0)
			return rc;
	}
	return rc < 0 ? rc : end_flow(p, e);
}

int
regroup(struct regrouped *g, const struct intake *in, const struct spans *s,
    struct ns_err *e)
{
	size_t body = intake_of_flows(in) ? sizeof(struct flow) : sizeof(struct packet);
	struct pass p;
	int rc;

	assert(in->opts->max_steps >= 1);
	memset(g, 0, sizeof *g);
	memset(&p, 0, sizeof p);
	if ((rc = extsort_start(in->by_flow, e)) < 0)
		return rc;
	g->by_chunk = extsort_new(offsetof(struct chunk_rec, u) + body, cmp_chunk_rec,
	    NULL, in->opts->memory / 2);
	p.g = g;
	p.spans = s;
	p.max_steps = in->opts->max_steps;
	p.of_flows = intake_of_flows(in);
	p.visits = xcalloc(CHUNKS_MAX, sizeof *p.visits);
	rc = run_pass(&p, in->by_flow, e);
	free(p.visits);
	return rc < 0 ? rc : extsort_start(g->by_chunk, e);
}

void
regrouped_free(struct regrouped *g)
{
	extsort_free(g->by_chunk);
}
