#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "run.h"

#define N_OWN 13
#define N_HYPER_MAX 64

/* The hyper-parameters, named as they are but with dashes, behind the tool's own. */
struct hyper_text {
	char name[40], help[120];
};

static size_t
hyper_options(struct opt_def *opts, struct hyper_text *text, bool *given,
    struct dg_config *cfg)
{
	const struct hyper *h = dg_hypers.v;
	size_t i, n = dg_hypers.n;
	char *c;

	for (i = 0; i < n; i++) {
		snprintf(text[i].name, sizeof text[i].name, "%s", h[i].name);
		while ((c = strchr(text[i].name, '_')) != NULL)
			*c = '-';
		snprintf(text[i].help, sizeof text[i].help, "%s [%g]", h[i].help,
		    h[i].def);
		opts[i] = (struct opt_def){.name = text[i].name,
		    .arg = "N",
		    .help = text[i].help,
		    .type = h[i].is_int ? OPT_INT : OPT_F64,
		    .var = (char *)cfg + h[i].offset,
		    .given = &given[i]};
	}
	return n;
}

static void
check_options(const struct run_options *o, const char *kind, const bool *asked)
{
	struct ns_err e;

	if (strcmp(kind, dg_kind.name) != 0)
		tool_usage_error("unknown kind of model '%s', there is: %s", kind,
		    dg_kind.name);
	if (asked[0] + asked[1] + asked[2] > 1)
		tool_usage_error("only one of -e, --steps and -T can be given");
	if ((asked[0] && o->epochs < 1) || (asked[1] && o->steps < 1) ||
	    (asked[2] && o->budget_ns < 1))
		tool_usage_error("-e, --steps and -T must be at least 1");
	if (asked[3] && o->chunk < 0)
		tool_usage_error("-c must be 0 or more");
	if (!(o->warm_divisor >= 1))
		tool_usage_error("--warm-divisor must be at least 1");
	if (o->threads < 1 || o->threads > 1024)
		tool_usage_error("-t must be 1 to 1024");
	if (o->level > 19)
		tool_usage_error("-z must be 0 to 19");
	if (asked[4] && o->checkpoint == NULL)
		tool_usage_error("--checkpoint-every needs -k");
	if (o->checkpoint != NULL && strcmp(o->checkpoint, "-") == 0)
		tool_usage_error("-k needs a file, not '-'");
	if (hypers_check(&dg_hypers, &o->cfg, &e) < 0)
		tool_usage_error("%s", e.msg);
}

int
main(int argc, char **argv)
{
	struct run_options o = {.chunk = -1,
	    .warm_divisor = 4,
	    .threads = 1,
	    .level = 0};
	struct hyper_text text[N_HYPER_MAX];
	bool given[N_HYPER_MAX] = {false}, asked[5] = {false};
	const char *kind = dg_kind.name;
	struct opt_def opts[N_OWN + N_HYPER_MAX] = {
	    {'m', "model", "KIND", "kind of model [doppelganger]", OPT_STR, &kind,
		NULL},
	    {'c', "chunk", "N", "train chunk N only [all, the first as seed]", OPT_INT,
		&o.chunk, &asked[3]},
	    {'i', "init", "MODEL", "start from the weights of MODEL", OPT_STR, &o.warm,
		NULL},
	    {0, "warm-divisor", "N", "a warm start makes 1/N of the steps [4]", OPT_F64,
		&o.warm_divisor, NULL},
	    {'e', "epochs", "N", "epochs of the seed [40, within 300 to 1000 steps]",
		OPT_INT, &o.epochs, &asked[0]},
	    {0, "steps", "N", "steps of the seed", OPT_U64, &o.steps, &asked[1]},
	    {'T', "time", "TIME", "train for TIME in all, such as 10m", OPT_DUR,
		&o.budget_ns, &asked[2]},
	    {'k', "checkpoint", "FILE", "keep the state in FILE and go on from it",
		OPT_STR, &o.checkpoint, NULL},
	    {0, "checkpoint-every", "N", "steps between checkpoints [60 s]", OPT_U64,
		&o.checkpoint_every, &asked[4]},
	    {'l', "log", "FILE", "write the training log to FILE, as TSV", OPT_STR,
		&o.log, NULL},
	    {'s', "seed", "N", "seed of the random streams [0]", OPT_U64, &o.seed,
		NULL},
	    {'t', "threads", "N", "threads [1]", OPT_INT, &o.threads, NULL},
	    {'z', "level", "N", "zstd level, 0 stores [0]", OPT_INT, &o.level, NULL},
	};
	struct ns_err e;
	struct tool t;
	size_t n;

	hypers_default(&dg_hypers, &o.cfg);
	o.shape_given = given;
	n = N_OWN + hyper_options(opts + N_OWN, text, given, &o.cfg);
	tool_start(&t, "ns-train",
	    "[-hqVv] [-c chunk] [-e epochs | --steps n | -T time] [-i model] "
	    "[-k checkpoint] [-l log] [-o file] [-s seed] [-t threads] [-z level] "
	    "[file]",
	    opts, n, argc, argv);
	check_options(&o, kind, asked);
	if (t.argc > 1)
		tool_usage_error("only one input can be given");
	if (t.argc == 0)
		tool_stdin_usage(&t, opts, n);
	if (asked[2])
		log_warn(
		    "with -T the number of steps depends on the machine: equal bytes "
		    "are not promised");
	tool_exit(&t, run(&t, &o, t.argc > 0 ? t.argv[0] : NULL, &e), &e);
}
