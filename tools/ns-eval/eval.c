#include "eval.h"

#include <math.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "baseline.h"

/* The real side of all comparisons. */
struct ground {
	struct trace *real;     /* as loaded: what the baselines are drawn from */
	struct trace *hold_out; /* as loaded; NULL: none */
	struct trace *thin;     /* owned copy of the reference, with -n */
	struct side ref;        /* what the synthetic traces are scored against */
	struct scale scale;
};

/* Fails where a trace is smaller than -n asks for. */
static int
check_count(const struct eval_conf *c, const struct trace *t, struct ns_err *e)
{
	if (c->count <= t->n)
		return NS_OK;
	return ns_fail(e, NS_EUSAGE, "-n: '%s' has only %zu records, not %llu", t->name,
	    t->n, (unsigned long long)c->count);
}

/* A copy of t at the records of -n; NULL where t is to be taken as it is. */
static struct trace *
thin(const struct eval_conf *c, const struct trace *t)
{
	struct rng r;

	if (c->count == 0 || c->count >= t->n)
		return NULL;
	rng_init(&r, c->seed, STREAM_THIN);
	return trace_thin(t, (size_t)c->count, &r);
}

static void
score_against(const struct eval_conf *c, const struct ground *g, const struct report *r,
    const struct side *ref, const struct trace *cand, double *v)
{
	struct side side;
	struct pair p = {ref, &side, &g->scale, c->seed};

	side_init(&side, cand);
	score(&p, &r->show, v);
	side_free(&side);
}

static int
load_ground(const struct eval_conf *c, struct ground *g, struct tables *tb,
    struct report *r, struct ns_err *e)
{
	const struct trace *ref;
	int rc;

	g->real = trace_load(c->real, 0, tb, e);
	if (g->real == NULL)
		return e->code;
	r->kind = g->real->kind;
	r->show = c->selection;
	rc = select_kind(&r->show, r->kind, e);
	if (rc == NS_OK)
		rc = gates_check_selection(c->gates, &r->show, r->kind, e);
	if (rc == NS_OK)
		rc = check_count(c, g->real, e);
	if (rc < 0)
		return rc;
	if (c->hold_out != NULL) {
		g->hold_out = trace_load(c->hold_out, r->kind, tb, e);
		if (g->hold_out == NULL)
			return e->code;
		rc = check_count(c, g->hold_out, e);
		if (rc < 0)
			return rc;
	}
	ref = g->hold_out != NULL ? g->hold_out : g->real;
	g->thin = thin(c, ref);
	side_init(&g->ref, g->thin != NULL ? g->thin : ref);
	scale_init(&g->scale, &g->ref);
	return NS_OK;
}

static void
describe_ground(const struct eval_conf *c, const struct ground *g, struct report *r)
{
	struct side s;

	r->real = c->real;
	r->real_records = g->real->n;
	side_init(&s, g->real);
	r->real_flows = s.f.n;
	side_free(&s);
	r->hold_out = c->hold_out;
	r->ref_records = g->ref.t->n;
	r->count = c->count;
	r->seed = c->seed;
}

/* The floor: trace a scored against trace b, both thinned to -n. */
static void
floor_of(const struct eval_conf *c, const struct ground *g, struct report *r,
    const struct trace *a, const struct trace *b)
{
	struct trace *ta = thin(c, a), *tb = thin(c, b);
	struct side ref;

	side_init(&ref, tb != NULL ? tb : b);
	score_against(c, g, r, &ref, ta != NULL ? ta : a, r->floor);
	side_free(&ref);
	r->floor_records[0] = ta != NULL ? ta->n : a->n;
	r->floor_records[1] = tb != NULL ? tb->n : b->n;
	trace_free(ta);
	trace_free(tb);
}

static void
floor_of_halves(const struct eval_conf *c, const struct ground *g, struct report *r)
{
	struct trace *a = trace_half(g->real, 0), *b = trace_half(g->real, 1);

	for (size_t i = 0; i < METRICS_MAX; i++)
		r->floor[i] = NAN;
	if (a->n > 0 && b->n > 0)
		floor_of(c, g, r, a, b);
	else
		log_warn("'%s' cannot be halved by flow: no floor", g->real->name);
	trace_free(a);
	trace_free(b);
}

/* The baselines at n records; those of the result before serve again at equal n. */
static void
add_baselines(const struct eval_conf *c, const struct ground *g, const struct report *r,
    struct result *x, size_t n)
{
	struct trace *t;

	if (r->n > 0 && r->results[r->n - 1].records == n) {
		memcpy(x->independent, r->results[r->n - 1].independent,
		    sizeof x->independent);
		memcpy(x->bootstrap, r->results[r->n - 1].bootstrap,
		    sizeof x->bootstrap);
		return;
	}
	t = baseline_independent(g->real, n, c->seed);
	score_against(c, g, r, &g->ref, t, x->independent);
	trace_free(t);
	t = baseline_bootstrap(g->real, n, c->seed);
	score_against(c, g, r, &g->ref, t, x->bootstrap);
	trace_free(t);
}

static int
add_result(const struct eval_conf *c, const struct ground *g, struct tables *tb,
    struct report *r, const char *name, struct ns_err *e)
{
	struct trace *t = trace_load(name, r->kind, tb, e), *small;
	struct side side;
	struct pair p = {&g->ref, &side, &g->scale, c->seed};
	struct result *x;
	int rc;

	if (t == NULL)
		return e->code;
	rc = check_count(c, t, e);
	if (rc < 0) {
		trace_free(t);
		return rc;
	}
	small = thin(c, t);
	if (small != NULL) {
		trace_free(t);
		t = small;
	}
	xgrow(&r->results, &r->cap, r->n + 1, sizeof *r->results);
	x = &r->results[r->n];
	side_init(&side, t);
	score(&p, &r->show, x->value);
	x->name = xstrdup(name);
	x->records = t->n;
	x->flows = side.f.n;
	side_free(&side);
	trace_free(t);
	add_baselines(c, g, r, x, x->records);
	r->n++;
	log_info("trace=%s records=%zu flows=%zu", x->name, x->records, x->flows);
	return NS_OK;
}

/* The first broken limit of all traces; e is left alone if there is none. */
static int
check_gates(const struct eval_conf *c, const struct report *r, struct ns_err *e)
{
	for (size_t k = 0; k < r->n; k++) {
		const struct result *x = &r->results[k];
		int rc = gates_check(c->gates, x->value, x->name, e);

		if (rc < 0)
			return rc;
	}
	return NS_OK;
}

int
eval_run(const struct eval_conf *c, struct report *r, struct ns_err *e)
{
	struct ground g;
	struct tables tb;
	int rc;

	memset(&g, 0, sizeof g);
	memset(r, 0, sizeof *r);
	tables_init(&tb);
	rc = load_ground(c, &g, &tb, r, e);
	if (rc < 0)
		goto out;
	describe_ground(c, &g, r);
	if (g.hold_out != NULL)
		floor_of(c, &g, r, g.real, g.hold_out);
	else
		floor_of_halves(c, &g, r);
	for (int k = 0; rc >= 0 && k < c->n_synth; k++)
		rc = add_result(c, &g, &tb, r, c->synth[k], e);
	if (rc >= 0)
		rc = check_gates(c, r, e);
	side_free(&g.ref);
out:
	trace_free(g.thin);
	trace_free(g.hold_out);
	trace_free(g.real);
	tables_free(&tb);
	return rc;
}
