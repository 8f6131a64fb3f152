#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "options.h"
#include "run.h"

#define N_OWN 23

static const struct learner_ops *
find_learner(const char *kind)
{
	const struct learner_ops *ops = learner_of(kind);
	struct buf b = {0};
	size_t i;

	if (ops != NULL)
		return ops;
	for (i = 0; learners[i] != NULL; i++)
		buf_printf(&b, "%s%s", i > 0 ? ", " : "", learners[i]->kind->name);
	tool_usage_error("unknown kind of model '%s', there is: %s", kind,
	    (const char *)b.p);
}

/* --epsilon and --sigma, and what says nothing without them. */
static void
check_privacy(struct run_options *o, const bool *asked)
{
	struct privacy_options *p = &o->privacy;
	bool has_epsilon = asked[6];

	p->has_sigma = asked[7];
	p->asked = has_epsilon || p->has_sigma;
	o->seed_given = asked[9];
	if (has_epsilon && p->has_sigma)
		tool_usage_error("only one of --epsilon and --sigma can be given");
	if (!p->asked &&
	    (asked[8] || asked[10] || asked[11] || p->ledger != NULL || p->insecure ||
		p->weak))
		tool_usage_error("--delta, --sample-rate, --count-share, --ledger, "
				 "--weak and --insecure-test need --epsilon or "
				 "--sigma");
	if (has_epsilon && !(p->epsilon > 0 && p->epsilon <= 100))
		tool_usage_error("--epsilon must lie above 0, up to 100");
	if (has_epsilon && p->epsilon > EPSILON_MOST && !p->weak)
		tool_usage_error("an epsilon of %g is hardly a promise; --weak allows "
				 "it",
		    p->epsilon);
	if (has_epsilon && p->epsilon > EPSILON_USUAL)
		log_warn("an epsilon of %g is a weak promise, see netshare-privacy(7)",
		    p->epsilon);
	if (p->has_sigma && !(p->sigma >= 0 && p->sigma <= 1e6))
		tool_usage_error("--sigma must be 0 to 1e6");
	if (!(p->delta > 0 && p->delta < 0.01))
		tool_usage_error("--delta must lie above 0, below 0.01");
	if (asked[8] && !(p->count_share > 0 && p->count_share <= .98))
		tool_usage_error("--count-share must lie above 0, up to 0.98");
	if (!(p->rate > 0 && p->rate <= 1))
		tool_usage_error("--sample-rate must lie above 0, up to 1");
}

/* What float arithmetic clips to and adds noise to without a loss. */
static void
take_clip(struct options *hypers, double *clip)
{
	options_take(hypers, "clip", clip);
	if (!(*clip >= 1e-9 && *clip <= 1e9))
		tool_usage_error("--clip must be 1e-9 to 1e9");
}

static void
check_options(struct run_options *o, const bool *asked, const char *output)
{
	if (asked[0] + asked[1] + asked[2] > 1)
		tool_usage_error("only one of -e, --steps and -T can be given");
	if ((asked[0] && o->epochs < 1) || (asked[1] && o->steps < 1) ||
	    (asked[2] && o->budget_ns < 1))
		tool_usage_error("-e, --steps and -T must be at least 1");
	if (asked[3] && o->chunk < 0)
		tool_usage_error("-c must be 0 or more");
	if (asked[12] && !(o->warm_divisor >= 1))
		tool_usage_error("--warm-divisor must be at least 1");
	if (o->threads < 1 || o->threads > 1024)
		tool_usage_error("-t must be 1 to 1024");
	if (o->level > 19)
		tool_usage_error("-z must be 0 to 19");
	if (asked[4] && o->checkpoint == NULL)
		tool_usage_error("--checkpoint-every needs -k");
	if (o->checkpoint != NULL && strcmp(o->checkpoint, "-") == 0)
		tool_usage_error("-k needs a file, not '-'");
	check_privacy(o, asked);
	if (!asked[12]) /* a public model is another trace's, and each step is paid for
			 */
		o->warm_divisor = o->privacy.asked && o->warm != NULL ? 1 : 4;
	if (asked[5] && (o->snapshots < 2 || o->snapshots > SNAPSHOTS_MAX))
		tool_usage_error("--snapshots must be 2 to %d", SNAPSHOTS_MAX);
	if (asked[5] && (output == NULL || strcmp(output, "-") == 0))
		tool_usage_error("--snapshots needs -o FILE");
}

int
main(int argc, char **argv)
{
	struct run_options o = {.chunk = -1,
	    .threads = 1,
	    .level = 0,
	    .privacy = {.delta = 1e-5, .clip = 1, .rate = .04}};
	bool given[OPTIONS_MAX], asked[13] = {false};
	const char *kind = learners[0]->kind->name;
	struct options hypers;
	struct opt_def opts[N_OWN + OPTIONS_MAX] = {
	    {'m', "model", "KIND",
		"doppelganger, autoregressive or adversarial "
		"[doppelganger]",
		OPT_STR, &kind, NULL},
	    {'c', "chunk", "N", "train chunk N only [all, the first as seed]", OPT_INT,
		&o.chunk, &asked[3]},
	    {'i', "init", "MODEL", "start from the weights of MODEL", OPT_STR, &o.warm,
		NULL},
	    {0, "warm-divisor", "N",
		"a warm start makes 1/N of the steps [4, privately from MODEL 1]",
		OPT_F64, &o.warm_divisor, &asked[12]},
	    {'e', "epochs", "N",
		"epochs of the seed [doppelganger 40 within 300 to 1000 steps, "
		"the others 100 within 1000 to 6000]",
		OPT_INT, &o.epochs, &asked[0]},
	    {0, "steps", "N",
		"steps of the seed [privately doppelganger 300, autoregressive 200]",
		OPT_U64, &o.steps, &asked[1]},
	    {'T', "time", "TIME", "train for TIME in all, such as 10m", OPT_DUR,
		&o.budget_ns, &asked[2]},
	    {'k', "checkpoint", "FILE", "keep the state in FILE and go on from it",
		OPT_STR, &o.checkpoint, NULL},
	    {0, "checkpoint-every", "N", "steps between checkpoints [60 s]", OPT_U64,
		&o.checkpoint_every, &asked[4]},
	    {'l', "log", "FILE", "write the training log to FILE, as TSV", OPT_STR,
		&o.log, NULL},
	    {'s', "seed", "N", "seed of the random streams [0]", OPT_U64, &o.seed,
		&asked[9]},
	    {0, "epsilon", "E", "learn privately: spend so much [not privately]",
		OPT_F64, &o.privacy.epsilon, &asked[6]},
	    {0, "delta", "D", "with probability D the promise may fail [1e-05]",
		OPT_F64, &o.privacy.delta, &asked[11]},
	    {0, "sigma", "S", "learn privately: noise, in clips [by --epsilon]",
		OPT_F64, &o.privacy.sigma, &asked[7]},
	    {0, "sample-rate", "Q", "probability of a unit to be in a step [0.04]",
		OPT_F64, &o.privacy.rate, &asked[10]},
	    {0, "count-share", "S",
		"part of the budget for noisy counts that the net begins by [0.2, "
		"with -i less]",
		OPT_F64, &o.privacy.count_share, &asked[8]},
	    {0, "ledger", "FILE",
		"write down there what is spent [beside the checkpoint or output]",
		OPT_STR, &o.privacy.ledger, NULL},
	    {0, "weak", NULL, "allow an epsilon above 10", OPT_FLAG, &o.privacy.weak,
		NULL},
	    {0, "insecure-test", NULL, "noise by -s; the model protects nobody",
		OPT_FLAG, &o.privacy.insecure, NULL},
	    {0, "public", NULL, "declare that the data is public", OPT_FLAG,
		&o.privacy.is_public, NULL},
	    {0, "snapshots", "N",
		"keep the models after 1/N, 2/N ... as FILE.1, FILE.2 ... [none]",
		OPT_INT, &o.snapshots, &asked[5]},
	    {'t', "threads", "N", "threads [1]", OPT_INT, &o.threads, NULL},
	    {'z', "level", "N", "zstd level, 0 stores [0]", OPT_INT, &o.level, NULL},
	};
	struct ns_err e;
	struct tool t;
	size_t n;
	int rc;

	n = N_OWN + options_list(&hypers, learners, opts + N_OWN);
	tool_start(&t, "ns-train",
	    "[-hqVv] [-c chunk] [-e epochs | --steps n | -T time] [-i model] "
	    "[-k checkpoint] [-l log] [-o file] [-s seed] [-t threads] [-z level] "
	    "[file]",
	    opts, n, argc, argv);
	o.ops = find_learner(kind);
	check_options(&o, asked, t.output);
	if (o.privacy.asked) /* of a unit, not of the hyper-parameters */
		take_clip(&hypers, &o.privacy.clip);
	o.config = xmalloc(o.ops->kind->hypers->size);
	if (options_config(&hypers, o.ops->kind, o.config, given, &e) < 0)
		tool_usage_error("%s", e.msg);
	o.given = given;
	if (t.argc > 1)
		tool_usage_error("only one input can be given");
	if (t.argc == 0)
		tool_stdin_usage(&t, opts, n);
	if (asked[2] && !o.privacy.asked)
		log_warn(
		    "with -T the number of steps depends on the machine: equal bytes "
		    "are not promised");
	rc = run(&t, &o, t.argc > 0 ? t.argv[0] : NULL, &e);
	free(o.config);
	tool_exit(&t, rc, &e);
}
