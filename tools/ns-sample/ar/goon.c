#include "ar/goon.h"

#include <stdlib.h>
#include <string.h>

#include "ar/lengths.h"
#include "base/mem.h"

void
goon_init(struct goon *g, const struct models *m, size_t memory)
{
	memset(g, 0, sizeof *g);
	g->models = m;
	g->cost = xcalloc(m->n + 1, sizeof *g->cost);
	g->owed = xcalloc(m->n + 1, sizeof *g->owed);
	g->flows = carried_new(m->chunk[0].carry.count, m->schema.attr_bytes, memory);
	tags_find(&g->tags, &m->schema);
}

void
goon_free(struct goon *g)
{
	goon_end(g);
	carried_free(g->flows);
	free(g->cost);
	free(g->owed);
	memset(g, 0, sizeof *g);
}

void
goon_end(struct goon *g)
{
	free(g->code);
	free(g->length);
	g->code = NULL;
	g->length = NULL;
	g->n = 0;
}

/* Flows that start in chunk i: in no chunk before, and in this one. */
static void
give_tags(const struct goon *g, struct attrs *a, int chunk)
{
	int c;

	a->counted = g->starts;
	if (g->starts >= 0)
		a->given[g->starts] = 1;
	for (c = 0; c <= chunk && g->chunks >= 0; c++)
		a->given[g->chunks + c] = c == chunk;
}

static void
forget_tags(struct attrs *a)
{
	int i;

	for (i = 0; i < a->m->P; i++)
		a->given[i] = ATTR_FREE;
}

void
goon_start(struct goon *g, struct attrs *a, size_t i)
{
	g->starts = attrs_find(a, "flow_starts");
	g->chunks = attrs_find(a, "flow_chunks");
	give_tags(g, a, g->models->chunk[i].carry.index);
}

/* ---- What flows count in later chunks ---- */

static uint64_t
mean_length(const struct carry *c)
{
	uint64_t n =
	    c->n_series > 0 ? (c->n_records + c->n_series / 2) / c->n_series : 0;

	return n > c->max_steps ? c->max_steps : n > 0 ? n : 1;
}

void
goon_count(struct goon *g, bool of_records)
{
	const struct chunk_model *c = g->models->chunk;
	size_t i;

	for (i = 0; i < g->models->n; i++)
		g->cost[i] = c[i].empty ? 0 : of_records ? mean_length(&c[i].carry) : 1;
}

uint64_t
goon_later(const struct goon *g, const uint16_t *code, size_t i)
{
	uint64_t sum = 0;
	size_t c;

	if (g->starts < 0 || g->chunks < 0)
		return 0;
	for (c = i + 1; c < g->models->n; c++)
		sum += code[(size_t)g->chunks + c] != 0 ? g->cost[c] : 0;
	return sum;
}

uint64_t
goon_shorten(const struct goon *g, uint16_t *code, size_t i, uint64_t most)
{
	uint64_t later = goon_later(g, code, i);
	size_t c;

	for (c = g->models->n; c-- > i + 1 && later > most;) {
		later -= code[(size_t)g->chunks + c] != 0 ? g->cost[c] : 0;
		code[(size_t)g->chunks + c] = 0;
	}
	return later;
}

/* What depends on the chunk is drawn anew: where in it the flow starts. */
static void
free_places(const struct attrs *a, uint16_t *code)
{
	int i = attrs_find(a, "flow_start");

	if (i >= 0)
		code[i] = ATTR_FREE;
}

/* A flow opens or answers where it starts; what goes on is alone. */
static void
forget_role(const struct attrs *a, uint16_t *code)
{
	static const char *const fields[] = {"role", "opener_steps", "delay"};
	size_t k;
	int i;

	for (k = 0; k < LEN(fields); k++)
		if ((i = attrs_find(a, fields[k])) >= 0)
			code[i] = 0;
}

static int
read_flows(struct goon *g, const struct attrs *a, int chunk, size_t most,
    struct ns_err *e)
{
	const struct ar *m = a->m;
	uint8_t *rec = xcalloc(1, m->schema->attr_bytes + 1);
	size_t P = (size_t)m->P;
	uint64_t n = carried_count(g->flows, chunk);
	int rc = NS_OK;

	n = n < most ? n : most;
	g->code = xcalloc((size_t)n + 1, (P + 1) * sizeof *g->code);
	g->length = xcalloc((size_t)n + 1, sizeof *g->length);
	while (g->n < n && (rc = carried_next(g->flows, chunk, rec, e)) > 0) {
		symbols_read(m->sym.sym, m->P, rec, g->code + g->n * P);
		forget_role(a, g->code + g->n++ * P);
	}
	free(rec);
	return rc < 0 ? rc : NS_OK;
}

/* Each takes a length of the plan. */
static void
choose_lengths(struct goon *g, struct attrs *a, int chunk, struct plan *plan,
    struct rng *r)
{
	int end = attrs_find(a, "flow_start");
	const struct known f = {g->code, g->n, 0, end < 0 ? a->first_free : end};

	lengths_take(a, chunk, plan, &f, false, g->length, r);
}

static void
sort_flows(struct goon *g, size_t P)
{
	size_t *from = lengths_order(g->length, g->n), i;
	uint16_t *code = xcalloc(g->n + 1, (P + 1) * sizeof *code);
	uint32_t *length = xcalloc(g->n + 1, sizeof *length);

	for (i = 0; i < g->n; i++) {
		length[i] = g->length[from[i]];
		memcpy(code + i * P, g->code + from[i] * P, P * sizeof *code);
	}
	free(from);
	free(g->code);
	free(g->length);
	g->code = code;
	g->length = length;
}

int
goon_begin(struct goon *g, struct attrs *a, size_t i, struct plan *plan, struct rng *r,
    struct ns_err *e)
{
	int chunk = g->models->chunk[i].carry.index, rc;
	size_t f;

	g->promised = 0;
	rc = read_flows(g, a, chunk, plan->n, e);
	if (rc >= 0 && g->n > 0) {
		forget_tags(a);
		choose_lengths(g, a, chunk, plan, r);
		sort_flows(g, (size_t)a->m->P);
		for (f = 0; f < g->n; f++)
			free_places(a, g->code + f * (size_t)a->m->P);
	}
	goon_start(g, a, i);
	return rc;
}

int
goon_put(struct goon *g, size_t i, const uint8_t *rec, struct ns_err *e)
{
	size_t n = g->models->schema.attr_bytes, c;
	uint8_t *code;
	int rc = NS_OK;

	if (g->tags.starts < 0 || !tags_starts(&g->tags, rec))
		return NS_OK;
	code = xmalloc(n + 1);
	memcpy(code, rec, n);
	tags_set_starts(&g->tags, code, false);
	for (c = i + 1; c < g->models->n && rc >= 0; c++)
		if (tags_in(&g->tags, code, (int)c) && !g->models->chunk[c].empty) {
			rc = carried_put(g->flows, (int)c, code, e);
			g->owed[c] += g->cost[c];
			g->promised += g->cost[c];
		}
	free(code);
	return rc;
}
