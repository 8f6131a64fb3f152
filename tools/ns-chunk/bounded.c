/*
 * The pass over the records of each unit: a bounded share of it stays.
 *
 * What stays of a unit is told by its own records: its series in the order of their
 * numbers within their flows, of equal numbers in the order of the flows' hashes, as
 * many as may be, and of the chunks those that come first flow by flow.  No other unit
 * has a say: not in what stays, and not in what it looks like.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chunk.h"

/* A series of the present unit that stays, so far. */
struct kept {
	struct visit visit;
	uint32_t flow, rank; /* of the unit's flows, and of the flow's series */
	uint32_t steps;
	uint16_t most_label;
	struct buf rec; /* struct chunk_rec */
};

struct bounded {
	struct regrouped *g;
	const struct chunk_opts *o;
	const struct spans *spans;
	bool of_flows;
	struct unit_numbers numbers;

	/* the present unit */
	uint64_t unit;
	uint32_t flow;
	struct kept *kept; /* (n_kept), room that was used before (used) stays */
	size_t n_kept, used, cap;
	struct kept
	    *last; /* of these in order, once there is no more room; else NULL */
	uint8_t chunks[CHUNKS_MAX / 8]; /* which it may have series in */
	uint32_t n_chunks;

	/* the present flow */
	struct visit visit; /* in its chunk; chunk -1: none yet */
	uint32_t rank, steps;
	struct kept *open; /* the present series; NULL: it does not stay */

	struct visit *visits; /* (max_chunks) of a flow that stays */
	struct buf tags;
};

static bool
goes_behind(const struct kept *k, uint32_t rank, uint32_t flow)
{
	return k->rank != rank ? k->rank > rank : k->flow > flow;
}

static struct kept *
find_last(const struct bounded *b)
{
	struct kept *last = b->kept;
	size_t i;

	for (i = 1; i < b->n_kept; i++)
		if (goes_behind(&b->kept[i], last->rank, last->flow))
			last = &b->kept[i];
	return last;
}

/* A series of the present flow may stay: there is room, or one behind it. */
static bool
has_room(struct bounded *b)
{
	if (b->n_kept < b->o->max_series)
		return true;
	if (b->last == NULL)
		b->last = find_last(b);
	return goes_behind(b->last, b->rank, b->flow);
}

/* The chunk is one of those that the unit may have series in. */
static bool
take_chunk(struct bounded *b, int chunk)
{
	uint8_t *at = &b->chunks[chunk / 8], bit = (uint8_t)(1 << chunk % 8);

	if (*at & bit)
		return true;
	if (b->n_chunks == b->o->max_chunks)
		return false;
	*at |= bit;
	b->n_chunks++;
	return true;
}

/* That room: new, or of the one which goes. */
static struct kept *
take_room(struct bounded *b)
{
	struct kept *last = b->last;

	b->last = NULL;
	if (b->n_kept < b->o->max_series) {
		xgrow(&b->kept, &b->cap, b->n_kept + 1, sizeof *b->kept);
		if (b->n_kept == b->used)
			memset(&b->kept[b->used++], 0, sizeof *b->kept);
		return &b->kept[b->n_kept++];
	}
	return last;
}

/* A series of the present flow begins. */
static void
begin_series(struct bounded *b, const struct flow_rec *rec)
{
	struct kept *k;

	b->steps = 0;
	b->open = NULL;
	if (!has_room(b) || !take_chunk(b, b->visit.chunk))
		return;
	b->open = k = take_room(b);
	k->visit = b->visit;
	k->flow = b->flow;
	k->rank = b->rank++;
	k->steps = 0;
	k->most_label = 0;
	chunk_rec_begin(&k->rec);
	record_series_begin(&k->rec, rec->record, b->of_flows);
}

static void
add_record(struct bounded *b, const struct flow_rec *rec)
{
	int64_t t = record_time(rec->record);
	int chunk = b->visit.chunk;

	if (chunk < 0 || t >= b->spans->edge[chunk + 1]) {
		b->visit = (struct visit){.t_first = extsort_key_i64(t),
		    .order = rec->order,
		    .chunk = spans_find(b->spans, t)};
		begin_series(b, rec);
	} else if (b->steps == b->o->max_steps) {
		begin_series(b, rec);
	}
	b->steps++;
	if (b->open == NULL)
		return;
	b->open->steps++;
	record_series_add(&b->open->rec, rec->record, b->of_flows,
	    &b->open->most_label);
}

static int
put_kept(struct bounded *b, struct kept *k, struct ns_err *e)
{
	struct chunk_total *t = &b->g->total[k->visit.chunk];

	t->series++;
	t->records += k->steps;
	buf_put(&k->rec, &b->unit, sizeof b->unit);
	return chunk_rec_put(b->g->by_chunk, &k->rec, &k->visit, PART_SERIES,
	    k->most_label, e);
}

/* One flow of the unit, n series in order of time: it occurs where they are. */
static int
put_flow(struct bounded *b, struct kept *k, size_t n, struct ns_err *e)
{
	int visits = 0, rc = NS_OK;
	size_t i;

	for (i = 0; i < n; i++)
		if (i == 0 || k[i].visit.chunk != k[i - 1].visit.chunk)
			b->visits[visits++] = k[i].visit;
	if (visits > 1)
		rc = chunk_tags_put(b->g->by_chunk, &b->tags, b->visits, visits, e);
	for (i = 0; i < n && rc >= 0; i++)
		rc = put_kept(b, &k[i], e);
	return rc;
}

static int
by_flow(const void *pa, const void *pb)
{
	const struct kept *a = pa, *b = pb;

	if (a->flow != b->flow)
		return a->flow < b->flow ? -1 : 1;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

static int
end_unit(struct bounded *b, struct ns_err *e)
{
	size_t i, n;
	int rc = NS_OK;

	if (b->n_kept > 1)
		qsort(b->kept, b->n_kept, sizeof *b->kept, by_flow);
	for (i = 0; i < b->n_kept && rc >= 0; i += n) {
		for (n = 1; i + n < b->n_kept; n++)
			if (b->kept[i + n].flow != b->kept[i].flow)
				break;
		rc = put_flow(b, &b->kept[i], n, e);
	}
	return rc;
}

static void
begin_unit(struct bounded *b, uint64_t hash)
{
	b->unit = unit_number(&b->numbers, hash);
	b->flow = 0;
	b->n_kept = 0;
	b->last = NULL;
	b->n_chunks = 0;
	memset(b->chunks, 0, sizeof b->chunks);
}

static void
begin_flow(struct bounded *b)
{
	b->flow++;
	b->rank = 0;
	b->visit.chunk = -1;
}

static int
run_pass(struct bounded *b, struct extsort *in, struct ns_err *e)
{
	uint8_t unit[UNIT_KEY], key[UNIT_KEY], last[RECORD_TUPLE];
	const struct flow_rec *rec;
	const uint8_t *tuple;
	bool any = false;
	const void *q;
	int rc;

	while ((rc = extsort_next(in, &q, e)) > 0) {
		rec = q;
		tuple = record_tuple(rec->record, b->of_flows);
		if (!any || memcmp(tuple, last, sizeof last) != 0) {
			unit_key(b->o->unit, tuple, key);
			if (!any || memcmp(key, unit, sizeof unit) != 0) {
				if ((rc = end_unit(b, e)) < 0)
					return rc;
				begin_unit(b, rec->hash);
				memcpy(unit, key, sizeof unit);
			}
			begin_flow(b);
			memcpy(last, tuple, sizeof last);
			any = true;
		}
		add_record(b, rec);
	}
	return rc < 0 ? rc : end_unit(b, e);
}

int
regroup_bounded(struct regrouped *g, const struct intake *in, const struct spans *s,
    struct ns_err *e)
{
	struct bounded b;
	size_t i;
	int rc;

	memset(&b, 0, sizeof b);
	b.g = g;
	b.o = in->opts;
	b.spans = s;
	b.of_flows = intake_of_flows(in);
	assert(b.o->max_steps >= 1 && b.o->max_series >= 1 && b.o->max_chunks >= 1);
	g->longest = b.o->max_steps; /* what there may be, not what there is */
	b.visits = xcalloc(CHUNKS_MAX, sizeof *b.visits);
	rc = run_pass(&b, in->by_flow, e);
	for (i = 0; i < b.used; i++)
		buf_free(&b.kept[i].rec);
	free(b.kept);
	free(b.visits);
	buf_free(&b.tags);
	return rc;
}
