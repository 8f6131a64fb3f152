#include "eval.h"

#include <math.h>
#include <string.h>

#include "base/log.h"
#include "inputs.h"
#include "round.h"
#include "rules/referees.h"

static void
describe(struct report *r, const struct eval_conf *c, const struct inputs *in)
{
	struct side s;

	memset(r, 0, sizeof *r);
	r->kind = in->real->kind;
	r->show = in->selection;
	r->real = c->real;
	r->real_records = in->real->n;
	side_init(&s, in->real);
	r->real_flows = s.f.n;
	side_free(&s);
	r->hold_out = c->hold_out;
	r->benign = c->benign;
	r->count = c->count;
	r->seed = c->seed;
	r->seeds = c->seeds;
	r->repeats = c->seeds > 1;
	for (int k = 0; k < in->n_synth; k++) {
		struct result *x = report_result(r, c->synth[k].label);

		if (++x->traces > 1)
			r->repeats = true;
	}
}

/* The first broken limit of all traces; e is left alone if there is none. */
static int
check_gates(const struct eval_conf *c, const struct report *r, struct ns_err *e)
{
	double v[METRICS_MAX];

	for (size_t k = 0; k < r->n; k++) {
		const struct result *x = &r->results[k];
		int rc;

		for (size_t i = 0; i < n_metrics; i++)
			v[i] = scores_mean(&x->value, i);
		rc = gates_check(c->gates, v, x->name, e);
		if (rc < 0)
			return rc;
	}
	return NS_OK;
}

/* What the referees say of capture k, the floor being that of the real one. */
static void
add_rates(struct result *x, const struct referees *table, size_t k)
{
	double v[METRICS_MAX], floor[METRICS_MAX];
	size_t first = (size_t)metric_first(GROUP_COMPLIANCE);

	for (size_t i = 0; i < METRICS_MAX; i++)
		v[i] = floor[i] = NAN;
	for (enum referee who = 0; who < REFEREE_MAX; who++) {
		v[first + who] = referees_rate(table, table->v[k].capture, who);
		floor[first + who] = referees_rate(table, table->v[0].capture, who);
	}
	scores_add(&x->value, v);
	scores_add(&x->floor, floor);
}

/* The captures of the table are those of the operands, in their order. */
static int
add_compliance(const struct eval_conf *c, struct report *r, struct ns_err *e)
{
	struct referees table;
	int rc;

	if (c->referees == NULL || !select_shows(&r->show, GROUP_COMPLIANCE))
		return NS_OK;
	rc = referees_read(c->referees, &table, e);
	/* no referee is installed */
	if (rc == NS_OK && table.n == 0)
		log_warn("'%s' is empty: no scores of compliance", c->referees);
	else if (rc == NS_OK && table.n != 1 + (size_t)c->n_synth)
		rc = ns_fail(e, NS_EKIND,
		    "'%s' is about %zu captures, not about a real and %d synthetic "
		    "ones",
		    c->referees, table.n, c->n_synth);
	for (int k = 0; rc == NS_OK && table.n > 0 && k < c->n_synth; k++)
		add_rates(report_result(r, c->synth[k].label), &table, (size_t)k + 1);
	referees_free(&table);
	return rc;
}

static void
run_rounds(const struct eval_conf *c, const struct inputs *in, struct report *r)
{
	struct pool *pool = pool_new(c->threads);
	struct meter t = {0};

	progress_start(&t.shown, "steps",
	    c->seeds * round_comparisons(in) * score_steps(&r->show));
	for (uint64_t k = 0; k < c->seeds; k++)
		round_run(in, c, c->seed + k, c->figures && k == 0, pool, r, &t);
	progress_end(&t.shown);
	pool_free(pool);
	if (r->floor_records[0] == 0)
		log_warn("'%s' cannot be halved by flow: no floor", r->real);
}

int
eval_run(const struct eval_conf *c, struct report *r, struct ns_err *e)
{
	struct inputs in;
	int rc;

	memset(r, 0, sizeof *r);
	rc = inputs_load(&in, c, e);
	if (rc == NS_OK) {
		describe(r, c, &in);
		run_rounds(c, &in, r);
		rc = add_compliance(c, r, e);
	}
	if (rc == NS_OK)
		rc = check_gates(c, r, e);
	inputs_free(&in);
	return rc;
}
