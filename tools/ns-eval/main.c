#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/tool.h"
#include "draw/draw.h"
#include "eval.h"
#include "learn/learner.h"
#include "learn/oneclass.h"
#include "page/folder.h"

typedef int writer(const struct report *r, struct out *o, struct ns_err *e);

/* NULL stands for the page alone. */
static writer *
writer_of(const char *format)
{
	if (strcmp(format, "text") == 0)
		return report_text;
	if (strcmp(format, "tsv") == 0)
		return report_tsv;
	if (strcmp(format, "json") == 0)
		return report_json;
	if (strcmp(format, "html") == 0)
		return NULL;
	tool_usage_error("option --format: '%s' is not text, tsv, json or html",
	    format);
}

/* Standard input can be read once. */
static void
check_inputs(const struct eval_conf *c)
{
	int n = strcmp(c->real, "-") == 0;

	n += c->hold_out != NULL && strcmp(c->hold_out, "-") == 0;
	n += c->benign != NULL && strcmp(c->benign, "-") == 0;
	n += c->referees != NULL && strcmp(c->referees, "-") == 0;
	for (int i = 0; i < c->n_synth; i++)
		n += strcmp(c->synth[i].path, "-") == 0;
	if (n > 1)
		tool_usage_error("only one input can be standard input ('-')");
}

/* LABEL=PATH, or a path, which is its own label; before the '=' there is no slash. */
static struct operand
operand_of(char *text)
{
	struct operand o = {text, text};
	char *eq = text + strcspn(text, "=/");

	if (*eq == '=' && eq > text) {
		*eq = '\0';
		o.path = eq + 1;
	}
	return o;
}

static void
add_gates(struct gates *g, const struct opt_list *max, const struct opt_list *min)
{
	struct ns_err e;

	for (size_t i = 0; i < max->n; i++)
		if (gates_add(g, max->v[i], true, &e) < 0)
			tool_usage_error("%s", e.msg);
	for (size_t i = 0; i < min->n; i++)
		if (gates_add(g, min->v[i], false, &e) < 0)
			tool_usage_error("%s", e.msg);
}

/* Say what the build lacks for what is asked. */
static void
warn_missing(const struct selection *s)
{
	bool learners = select_shows(s, GROUP_TYPES) || select_shows(s, GROUP_BOTNET);

	for (enum learner w = 0; learners && w < LEARNERS; w++)
		if (learner_missing(w) != NULL)
			log_warn("built without %s: no scores of %s",
			    learner_missing(w), learner_title(w));
	if (select_shows(s, GROUP_ANOMALY) && oneclass_missing() != NULL)
		log_warn("built without %s: no scores of anomaly detection",
		    oneclass_missing());
}

static int
write_report(const struct report *r, writer *write, const char *output,
    struct ns_err *e)
{
	struct out *o = out_open(output, false, e);
	int rc;

	if (o == NULL)
		return e->code;
	rc = write(r, o, e);
	if (rc < 0) {
		out_abort(o);
		return rc;
	}
	return out_commit(o, e);
}

/* The report is written whether or not a limit is broken. */
static int
run(const struct eval_conf *c, writer *write, const char *output, const char *dir,
    struct ns_err *e)
{
	struct ns_err broken;
	struct report r;
	int limits, rc;

	limits = eval_run(c, &r, &broken);
	if (limits < 0 && limits != NS_ENO) {
		*e = broken;
		report_free(&r);
		return limits;
	}
	rc = dir != NULL ? report_folder(&r, dir, e) : NS_OK;
	if (rc >= 0 && write != NULL)
		rc = write_report(&r, write, output, e);
	if (rc >= 0 && limits < 0) {
		*e = broken;
		rc = limits;
	}
	report_free(&r);
	return rc;
}

int
main(int argc, char **argv)
{
	const char *format = "text", *names = SELECT_DEFAULT, *dir = NULL;
	struct opt_list max = {0}, min = {0};
	struct gates gates = {0};
	struct eval_conf c = {.seeds = 1, .threads = 1};
	struct operand *synth;
	bool count_given = false;
	struct tool t;
	struct ns_err e;
	writer *write;
	int rc;
	const struct opt_def opts[] = {
	    {0, "benign", "STREAM",
		"traffic without attacks, for group botnet: REAL is an attack", OPT_STR,
		&c.benign, NULL},
	    {'d', "directory", "DIR",
		"write a page with plots there, DIR/index.html, and all scores",
		OPT_STR, &dir, NULL},
	    {'f', "format", "FORMAT", "text, tsv, json, or html: the page alone [text]",
		OPT_STR, &format, NULL},
	    {0, "hold-out", "STREAM", "score against STREAM; REAL is the training half",
		OPT_STR, &c.hold_out, NULL},
	    {'m', "metrics", "NAMES",
		"metrics and groups, by commas [" SELECT_DEFAULT "]", OPT_STR, &names,
		NULL},
	    {0, "max", "NAME=VALUE", "status 1 if the metric is above VALUE", OPT_LIST,
		&max, NULL},
	    {0, "min", "NAME=VALUE", "status 1 if the metric is below VALUE", OPT_LIST,
		&min, NULL},
	    {'n', "records", "N", "compare at N records, drawn at random [all]",
		OPT_U64, &c.count, &count_given},
	    {0, "referees", "FILE",
		"what analysers say of the captures, for compliance", OPT_STR,
		&c.referees, NULL},
	    {'s', "seed", "N", "seed of all random draws [0]", OPT_U64, &c.seed, NULL},
	    {0, "seeds", "N", "repeat with N seeds: means and deviations [1]", OPT_U64,
		&c.seeds, NULL},
	    {'t', "threads", "N", "threads [1]", OPT_INT, &c.threads, NULL},
	};

	tool_start(&t, "ns-eval", "[option ...] real [label=]synthetic ...", opts,
	    LEN(opts), argc, argv);
	write = writer_of(format);
	if (t.argc < 2)
		tool_usage_error("a real and a synthetic trace are needed");
	if (write == NULL && dir == NULL)
		tool_usage_error("option --format: html needs -d DIR");
	if (write == NULL && t.output != NULL)
		tool_usage_error("option --output: html goes to -d DIR");
	if (count_given && c.count == 0)
		tool_usage_error("option --records: 0 records cannot be compared");
	if (c.seeds == 0 || c.threads == 0)
		tool_usage_error("options --seeds and --threads are at least 1");
	if (select_parse(&c.selection, names, &e) < 0)
		tool_usage_error("%s", e.msg);
	add_gates(&gates, &max, &min);
	c.real = t.argv[0];
	c.n_synth = t.argc - 1;
	synth = xcalloc((size_t)c.n_synth, sizeof *synth);
	for (int i = 0; i < c.n_synth; i++)
		synth[i] = operand_of(t.argv[1 + i]);
	c.synth = synth;
	c.gates = &gates;
	c.figures = dir != NULL;
	check_inputs(&c);
	warn_missing(&c.selection);
	rc = run(&c, write, t.output, dir, &e);
	free(synth);
	tool_exit(&t, rc, &e);
}
