/*
 * ns-account: ledgers of privacy in; what was spent, what more would cost, how much
 * noise a budget needs out.
 */
#include <string.h>

#include "account.h"
#include "base/mem.h"

/* Which options were given. */
struct given {
	bool delta, max, q, sigma, steps, epsilon;
};

static void
check_ranges(const struct request *q, const struct given *g)
{
	if (g->delta && !(q->delta > 0 && q->delta < 1))
		tool_usage_error("-d must lie between 0 and 1");
	if (g->max && !(q->max > 0))
		tool_usage_error("--max must be above 0");
	if (g->q && !(q->q >= 0 && q->q <= 1))
		tool_usage_error("--q must lie in 0 .. 1");
	if (g->sigma && !(q->sigma >= 0))
		tool_usage_error("--sigma must be at least 0");
	if (g->epsilon && !(q->epsilon > 0 && q->epsilon <= 1000))
		tool_usage_error("--epsilon must be above 0 and at most 1000");
}

static void
check_options(const struct request *q, const struct given *g)
{
	if (g->q != g->steps)
		tool_usage_error("--q and --steps go together");
	if ((g->sigma || g->epsilon) && !g->q)
		tool_usage_error("--sigma and --epsilon need --q and --steps");
	if (g->q && g->sigma == g->epsilon)
		tool_usage_error("--q needs either --sigma or --epsilon");
	if (g->epsilon && g->max)
		tool_usage_error("--epsilon cannot be combined with --max");
	check_ranges(q, g);
}

static int
run(struct request *q, const struct tool *t, struct ns_err *e)
{
	struct dp_ledger l = {0};
	int i, rc = NS_OK;

	if (t->argc == 0 && !q->given)
		rc = intake(&l, "-", e);
	for (i = 0; rc == NS_OK && i < t->argc; i++)
		rc = intake(&l, t->argv[i], e);
	intake_names(&l);
	if (rc == NS_OK)
		rc = q->given ? calculate(q, &l, t->output, e)
			      : spent_report(q, &l, t->output, e);
	dp_ledger_free(&l);
	return rc;
}

int
main(int argc, char **argv)
{
	struct request q = {0};
	struct given g = {0};
	const char *format = "text";
	struct tool t;
	struct ns_err e;
	const struct opt_def opts[] = {
	    {'d', "delta", "DELTA",
		"tell epsilon at DELTA [the greatest that entries name, else 1e-5]",
		OPT_F64, &q.delta, &g.delta},
	    {0, "epsilon", "EPSILON",
		"what noise keeps --q and --steps within EPSILON [none]", OPT_F64,
		&q.epsilon, &g.epsilon},
	    {'f', "format", "FORMAT", "text or tsv [text]", OPT_STR, &format, NULL},
	    {0, "max", "EPSILON", "status 1 if the total is above EPSILON [none]",
		OPT_F64, &q.max, &g.max},
	    {0, "q", "Q", "calculate: probability of each unit in a step [none]",
		OPT_F64, &q.q, &g.q},
	    {0, "sigma", "SIGMA",
		"calculate: deviation of the noise, in clipping lengths [none]",
		OPT_F64, &q.sigma, &g.sigma},
	    {0, "steps", "N", "calculate: steps [none]", OPT_U64, &q.steps, &g.steps},
	};

	tool_start(&t, "ns-account",
	    "[-d delta] [-f format] [--max epsilon] "
	    "[--q q --steps n {--sigma sigma | --epsilon epsilon}] [ledger ...]",
	    opts, LEN(opts), argc, argv);
	if (strcmp(format, "text") != 0 && strcmp(format, "tsv") != 0)
		tool_usage_error("-f is 'text' or 'tsv', not '%s'", format);
	check_options(&q, &g);
	q.tsv = strcmp(format, "tsv") == 0;
	q.given = g.q;
	if (t.argc == 0 && !q.given)
		tool_stdin_usage(&t, opts, LEN(opts));
	tool_exit(&t, run(&q, &t, &e), &e);
}
