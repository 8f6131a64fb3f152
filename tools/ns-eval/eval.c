#include "eval.h"

#include <string.h>

#include "base/log.h"
#include "inputs.h"
#include "round.h"

static void
describe(struct report *r, const struct eval_conf *c, const struct inputs *in)
{
	r->kind = in->real->kind;
	r->show = in->selection;
	r->real = c->real;
	r->real_records = in->real->n;
	r->hold_out = c->hold_out;
	r->hold_out_records = in->hold_out != NULL ? in->hold_out->n : 0;
	r->benign = c->benign;
	r->count = c->count;
	r->seed = c->seed;
	r->seeds = c->seeds;
	r->repeats = c->seeds > 1;
	for (int k = 0; k < c->n_synth; k++) {
		struct result *x = report_result(r, c->synth[k].label);

		result_run(x);
		guarantee_join(&x->guarantee, &in->synth[k]->guarantee);
		r->repeats = r->repeats || x->n > 1;
	}
}

/* The first broken limit of all traces, each by itself; e is left alone if there is
 * none. */
static int
check_gates(const struct eval_conf *c, const struct report *r, struct ns_err *e)
{
	double v[METRICS_MAX];
	int rc = NS_OK;

	for (size_t k = 0; rc == NS_OK && k < r->n; k++)
		for (size_t j = 0; rc == NS_OK && j < r->results[k].n; j++) {
			const struct run *run = &r->results[k].runs[j];

			for (size_t i = 0; i < n_metrics; i++)
				v[i] = scores_mean(&run->scores[SCORE_VALUE], i);
			rc = gates_check(c->gates, v, r->results[k].name, e);
		}
	return rc;
}

/* What the referees say, the floor being what they say of the real capture. */
static void
add_compliance(const struct eval_conf *c, const struct inputs *in, struct report *r)
{
	const struct referees *t = &in->referees;
	size_t first = (size_t)metric_first(GROUP_COMPLIANCE);

	for (int k = 0; t->n > 0 && k < c->n_synth; k++) {
		struct run *run = operand_run(r, c, k);

		for (enum referee who = 0; who < REFEREE_MAX; who++) {
			scores_set(&run->scores[SCORE_VALUE], first + who,
			    referees_rate(&t->v[1 + k], who));
			scores_set(&run->scores[SCORE_FLOOR], first + who,
			    referees_rate(&t->v[0], who));
		}
	}
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
		add_compliance(c, &in, r);
		rc = check_gates(c, r, e);
	}
	inputs_free(&in);
	return rc;
}
