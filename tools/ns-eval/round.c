#include "round.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "data/baseline.h"
#include "draw/draw.h"
#include "leak/leakage.h"

/* The real side of all comparisons of a round. */
struct round {
	const struct inputs *in;
	const struct eval_conf *c;
	struct report *r;
	struct meter *meter;
	struct trace *thin; /* owned copy of the reference, with -n */
	struct side ref;    /* what the synthetic traces are scored against */
	struct side held;   /* the training half, where there is a hold-out */
	struct side benign;
	struct scale scale;
	struct pair pair; /* all but cand */
	double floor[METRICS_MAX];
	/* the baselines of the result before serve again at equal numbers */
	size_t baseline_records;
	double independent[METRICS_MAX], bootstrap[METRICS_MAX];
};

uint64_t
round_comparisons(const struct inputs *in)
{
	/* the floor, and each trace with its two baselines */
	return 1 + 3 * (uint64_t)in->n_synth;
}

/* A copy of t at the records of -n; NULL where t is to be taken as it is.  A reference
 * and a candidate of equal length are not thinned alike. */
static struct trace *
thin(const struct round *g, const struct trace *t, enum side_role role)
{
	struct rng r;

	if (g->c->count == 0 || g->c->count >= t->n)
		return NULL;
	rng_init(&r, g->pair.seed, STREAM_THIN | (uint64_t)role << 32);
	return trace_thin(t, (size_t)g->c->count, &r);
}

static void
begin(struct round *g)
{
	const struct inputs *in = g->in;
	const struct trace *ref = in->hold_out != NULL ? in->hold_out : in->real;

	g->thin = thin(g, ref, SIDE_REF);
	side_init(&g->ref, g->thin != NULL ? g->thin : ref, SIDE_REF);
	if (in->hold_out == NULL)
		g->r->real_flows = g->ref.f.n;
	scale_init(&g->scale, &g->ref);
	g->pair.ref = g->pair.train = &g->ref;
	g->pair.scale = &g->scale;
	g->pair.tables = &in->tables;
	g->pair.held_out = in->hold_out != NULL;
	if (in->hold_out != NULL) {
		side_init(&g->held, in->real, SIDE_TRAIN);
		g->r->real_flows = g->held.f.n;
		g->pair.train = &g->held;
		g->pair.overlap = leakage_overlap(&g->pair);
	}
	if (in->benign != NULL) {
		side_init(&g->benign, in->benign, SIDE_BENIGN);
		g->pair.benign = &g->benign;
	}
}

static void
end(struct round *g)
{
	side_free(&g->ref);
	if (g->in->hold_out != NULL)
		side_free(&g->held);
	if (g->in->benign != NULL)
		side_free(&g->benign);
	scale_free(&g->scale);
	trace_free(g->thin);
}

static void
score_candidate(struct round *g, struct side *cand, double v[METRICS_MAX])
{
	struct pair p = g->pair;

	p.cand = cand;
	score(&p, &g->r->show, v, g->meter);
}

static void
score_trace(struct round *g, const struct trace *t, double v[METRICS_MAX])
{
	struct side s;

	side_init(&s, t, SIDE_CAND);
	score_candidate(g, &s, v);
	side_free(&s);
}

/* The floor of two halves: one scored against the other, both thinned to -n. */
static void
floor_of_halves(struct round *g)
{
	struct trace *half[2], *small;
	struct side a, b;
	struct pair p = g->pair;

	for (int k = 0; k < 2; k++) {
		half[k] = trace_half(g->in->real, k);
		small = thin(g, half[k], k == 0 ? SIDE_CAND : SIDE_REF);
		if (small != NULL) {
			trace_free(half[k]);
			half[k] = small;
		}
		g->r->floor_records[k] = half[k]->n;
	}
	if (half[0]->n > 0 && half[1]->n > 0) {
		side_init(&a, half[0], SIDE_CAND);
		side_init(&b, half[1], SIDE_REF);
		p.ref = p.train = &b;
		p.cand = &a;
		score(&p, &g->r->show, g->floor, g->meter);
		side_free(&a);
		side_free(&b);
	} else {
		g->r->floor_records[0] = g->r->floor_records[1] = 0;
	}
	trace_free(half[0]);
	trace_free(half[1]);
}

/* Where the training half has all by definition: what the hold-out has. */
static void
floor_of_hold_out(struct round *g)
{
	struct selection of_training = g->r->show;
	struct pair p = g->pair;
	double v[METRICS_MAX];

	for (size_t i = 0; i < n_metrics; i++)
		if (!metric_of_training(&metrics[i]))
			of_training.need[i] = false;
	p.cand = &g->ref;
	score(&p, &of_training, v, NULL);
	for (size_t i = 0; i < n_metrics; i++)
		if (of_training.need[i])
			g->floor[i] = v[i];
}

/* The training half scored against the hold-out. */
static void
floor_of_training(struct round *g)
{
	struct trace *small = thin(g, g->in->real, SIDE_CAND);

	score_trace(g, small != NULL ? small : g->in->real, g->floor);
	g->r->floor_records[0] = small != NULL ? small->n : g->in->real->n;
	g->r->floor_records[1] = g->ref.t->n;
	trace_free(small);
	floor_of_hold_out(g);
}

static void
score_baselines(struct round *g, size_t n)
{
	struct trace *t;

	if (g->baseline_records == n) {
		if (g->meter != NULL)
			g->meter->done += 2 * score_steps(&g->r->show);
		return;
	}
	t = baseline_independent(g->in->real, n, g->pair.seed);
	score_trace(g, t, g->independent);
	trace_free(t);
	t = baseline_bootstrap(g->in->real, n, g->pair.seed);
	score_trace(g, t, g->bootstrap);
	trace_free(t);
	g->baseline_records = n;
}

struct run *
operand_run(struct report *r, const struct eval_conf *c, int k)
{
	struct result *x = report_result(r, c->synth[k].label);
	size_t n = 0;

	for (int j = 0; j < k; j++)
		n += strcmp(c->synth[j].label, c->synth[k].label) == 0;
	return &x->runs[n];
}

/* The floor of a run: where it is about copying, what chance keeps below. */
static void
add_floor(const struct round *g, struct side *cand, struct run *run)
{
	const struct leak_detail *d = leak_detail_of(cand);
	double floor[METRICS_MAX];

	memcpy(floor, g->floor, sizeof floor);
	for (int i = 0; d != NULL && i < LEAK_MAX; i++)
		floor[metric_first(GROUP_LEAKAGE) + i] =
		    d->verdict[i] != LEAK_UNKNOWN ? d->bound[i] : NAN;
	scores_add(&run->scores[SCORE_FLOOR], floor);
}

static void
add_synthetic(struct round *g, int k, bool draw)
{
	struct trace *small = thin(g, g->in->synth[k], SIDE_CAND);
	const struct trace *t = small != NULL ? small : g->in->synth[k];
	const struct result *x = report_result(g->r, g->c->synth[k].label);
	struct run *run = operand_run(g->r, g->c, k);
	struct side s;
	double v[METRICS_MAX];

	side_init(&s, t, SIDE_CAND);
	score_candidate(g, &s, v);
	scores_add(&run->scores[SCORE_VALUE], v);
	add_floor(g, &s, run);
	run->records = t->n;
	run->flows = s.f.n;
	if (draw && run == x->runs)
		draw_candidate(g->r, &g->pair, &s, x->name,
		    ROLE_SYNTHETIC + (int)(x - g->r->results));
	side_free(&s);
	score_baselines(g, t->n);
	scores_add(&run->scores[SCORE_INDEPENDENT], g->independent);
	scores_add(&run->scores[SCORE_BOOTSTRAP], g->bootstrap);
	log_info("seed=%llu trace=%s records=%zu", (unsigned long long)g->pair.seed,
	    x->name, t->n);
	trace_free(small);
}

static void
warn_of_overlap(const struct round *g)
{
	double share = g->pair.overlap;

	if (share > LEAK_OVERLAP_MOST && g->pair.seed == g->c->seed)
		log_warn("'%s' shares %.0f %% of its five-tuples with '%s': was it "
			 "learnt too?",
		    g->c->hold_out, 100 * share, g->c->real);
}

void
round_run(const struct inputs *in, const struct eval_conf *c, uint64_t seed, bool draw,
    struct pool *pool, struct report *r, struct meter *t)
{
	struct round g;

	memset(&g, 0, sizeof g);
	g.in = in;
	g.c = c;
	g.r = r;
	g.meter = t;
	g.pair.seed = seed;
	g.pair.pool = pool;
	begin(&g);
	warn_of_overlap(&g);
	for (size_t i = 0; i < METRICS_MAX; i++)
		g.floor[i] = NAN;
	r->ref_records = g.ref.t->n;
	if (draw)
		draw_reference(r, &g.pair);
	if (in->hold_out != NULL)
		floor_of_training(&g);
	else
		floor_of_halves(&g);
	for (int k = 0; k < in->n_synth; k++)
		add_synthetic(&g, k, draw);
	end(&g);
}
