#include "ar/goon.h"

#include <stdlib.h>
#include <string.h>

#include "ar/draw.h"
#include "base/mem.h"

static int
first_symbol(const struct ar *m, const char *field)
{
	int i;

	for (i = 0; i < m->P; i++)
		if (strcmp(m->schema->attr[m->sym.sym[i].field].name, field) == 0)
			return i;
	return -1;
}

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
	g->starts = first_symbol(a->m, "flow_starts");
	g->chunks = first_symbol(a->m, "flow_chunks");
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
free_places(const struct ar *m, uint16_t *code)
{
	int i = first_symbol(m, "flow_start");

	if (i >= 0)
		code[i] = ATTR_FREE;
}

static int
read_flows(struct goon *g, const struct ar *m, int chunk, size_t most, struct ns_err *e)
{
	uint8_t *rec = xcalloc(1, m->schema->attr_bytes + 1);
	size_t P = (size_t)m->P;
	uint64_t n = carried_count(g->flows, chunk);
	int rc = NS_OK;

	n = n < most ? n : most;
	g->code = xcalloc((size_t)n + 1, (P + 1) * sizeof *g->code);
	g->length = xcalloc((size_t)n + 1, sizeof *g->length);
	while (g->n < n && (rc = carried_next(g->flows, chunk, rec, e)) > 0)
		symbols_read(m->sym.sym, m->P, rec, g->code + g->n++ * P);
	free(rec);
	return rc < 0 ? rc : NS_OK;
}

/* ---- Which length ---- */

/* The lengths of the plan that have one code, and how many are not taken yet. */
struct kind {
	uint16_t code;
	size_t first, n;
};

static int
find_kinds(const struct plan *p, struct kind *k)
{
	int n = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		uint16_t code = (uint16_t)length_code(p->length[i]);

		if (n == 0 || k[n - 1].code != code)
			k[n++] = (struct kind){code, i, 0};
		k[n - 1].n++;
	}
	return n;
}

/* One of the kinds for a flow, by the scores of each. */
static int
choose(const struct kind *k, int n, const double *score, struct rng *r)
{
	real p[LENGTH_CODES];
	double best = -1e300;
	int i;

	for (i = 0; i < n; i++)
		if (k[i].n > 0 && score[i] > best)
			best = score[i];
	for (i = 0; i < n; i++)
		p[i] = (real)((double)k[i].n * exp(score[i] - best));
	return draw_one(p, n, r);
}

static void
take_length(struct goon *g, struct plan *p, struct kind *k, size_t flow)
{
	k->n--;
	g->length[flow] = p->length[k->first + k->n];
	p->length[k->first + k->n] = 0;
}

/* Scores of some flows with each kind, then a length for each. */
static void
choose_lengths(struct goon *g, struct attrs *a, int chunk, struct plan *plan,
    struct rng *r)
{
	struct kind kind[LENGTH_CODES];
	int n = find_kinds(plan, kind), each = ATTR_ROWS / n, i, f, end;
	size_t P = (size_t)a->m->P, at, flows;
	uint16_t *code = xcalloc(ATTR_ROWS, (P + 1) * sizeof *code);
	uint16_t *length = xcalloc(ATTR_ROWS, sizeof *length);
	double *score = xcalloc(ATTR_ROWS, sizeof *score);

	end = first_symbol(a->m, "flow_start");
	if (end < 0)
		end = a->first_free;
	for (at = 0; at < g->n; at += flows) {
		flows = g->n - at < (size_t)each ? g->n - at : (size_t)each;
		for (f = 0; f < (int)flows; f++)
			for (i = 0; i < n; i++) {
				memcpy(code + (size_t)(f * n + i) * P,
				    g->code + (at + (size_t)f) * P, P * sizeof *code);
				length[f * n + i] = kind[i].code;
			}
		attrs_score(a, chunk, length, code, end, (int)flows * n, score);
		for (f = 0; f < (int)flows; f++)
			take_length(g, plan,
			    &kind[choose(kind, n, score + (long)f * n, r)],
			    at + (size_t)f);
	}
	free(code);
	free(length);
	free(score);
}

/* The lengths that are left. */
static void
close_plan(struct plan *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		if (p->length[i] > 0)
			p->length[n++] = p->length[i];
	p->n = n;
}

/* ---- In order of their lengths ---- */

struct order {
	uint32_t length;
	size_t at;
};

static int
ascending(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	return x->at < y->at ? -1 : 1;
}

static void
sort_flows(struct goon *g, size_t P)
{
	struct order *o = xcalloc(g->n + 1, sizeof *o);
	uint16_t *code = xcalloc(g->n + 1, (P + 1) * sizeof *code);
	size_t i;

	for (i = 0; i < g->n; i++)
		o[i] = (struct order){g->length[i], i};
	qsort(o, g->n, sizeof *o, ascending);
	for (i = 0; i < g->n; i++) {
		g->length[i] = o[i].length;
		memcpy(code + i * P, g->code + o[i].at * P, P * sizeof *code);
	}
	free(g->code);
	free(o);
	g->code = code;
}

int
goon_begin(struct goon *g, struct attrs *a, size_t i, struct plan *plan, struct rng *r,
    struct ns_err *e)
{
	int chunk = g->models->chunk[i].carry.index, rc;
	size_t f;

	g->promised = 0;
	rc = read_flows(g, a->m, chunk, plan->n, e);
	if (rc >= 0 && g->n > 0) {
		forget_tags(a);
		choose_lengths(g, a, chunk, plan, r);
		close_plan(plan);
		sort_flows(g, (size_t)a->m->P);
		for (f = 0; f < g->n; f++)
			free_places(a->m, g->code + f * (size_t)a->m->P);
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
