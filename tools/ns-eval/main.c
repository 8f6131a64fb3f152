#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/tool.h"
#include "draw/draw.h"
#include "eval.h"
#include "learn/learner.h"
#include "learn/oneclass.h"
#include "page/folder.h"

/* Where the report goes. */
struct forms {
	const char *format;
	report_form *form;  /* on standard output or -o; NULL: none */
	const char *output; /* of -o */
	const char *dir;    /* of -d; NULL: no page */
};

/* The options as they are given. */
struct given {
	struct opt_list max, min;
	const char *names;
	bool metrics, count;
};

static report_form *
form_of(const char *format)
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

/* The synthetic traces, to be freed. */
static struct operand *
take_operands(struct eval_conf *c, const struct tool *t)
{
	struct operand *synth;

	if (t->argc < 2)
		tool_usage_error("a real and a synthetic trace are needed");
	c->real = t->argv[0];
	c->n_synth = t->argc - 1;
	synth = xcalloc((size_t)c->n_synth, sizeof *synth);
	for (int i = 0; i < c->n_synth; i++)
		synth[i] = operand_of(t->argv[1 + i]);
	c->synth = synth;
	check_inputs(c);
	return synth;
}

static void
add_gates(struct gates *g, const struct given *given)
{
	struct ns_err e;

	for (size_t i = 0; i < given->max.n; i++)
		if (gates_add(g, given->max.v[i], true, &e) < 0)
			tool_usage_error("%s", e.msg);
	for (size_t i = 0; i < given->min.n; i++)
		if (gates_add(g, given->min.v[i], false, &e) < 0)
			tool_usage_error("%s", e.msg);
}

/* An input that serves one group brings that group. */
static void
take_selection(struct eval_conf *c, const struct given *given)
{
	struct ns_err e;

	if (select_parse(&c->selection, given->names, &e) < 0)
		tool_usage_error("%s", e.msg);
	if (!given->metrics)
		memset(c->selection.named, 0, sizeof c->selection.named);
	if (c->benign != NULL)
		select_add(&c->selection, GROUP_BOTNET);
	if (c->referees != NULL)
		select_add(&c->selection, GROUP_COMPLIANCE);
}

static void
check_options(const struct eval_conf *c, const struct forms *f,
    const struct given *given)
{
	if (f->form == NULL && f->dir == NULL)
		tool_usage_error("option --format: html needs -d DIR");
	if (f->form == NULL && f->output != NULL)
		tool_usage_error("option --output: html goes to -d DIR");
	if (given->count && c->count == 0)
		tool_usage_error("option --records: 0 records cannot be compared");
	if (c->seeds == 0 || c->threads == 0)
		tool_usage_error("options --seeds and --threads are at least 1");
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

/* The form first: it may be all that can be written. */
static int
write_forms(struct report *r, const struct forms *f, struct out *o, struct ns_err *e)
{
	struct buf b = {0};
	int rc = NS_OK;

	if (o != NULL) {
		f->form(r, &b);
		rc = out_write(o, b.p, b.len, e);
		if (rc < 0)
			out_abort(o);
		else
			rc = out_commit(o, e);
		buf_free(&b);
	}
	if (rc >= 0 && f->dir != NULL)
		rc = report_folder(r, f->dir, e);
	return rc;
}

/* Open what is to be written before the work that it is for. */
static int
open_forms(const struct forms *f, struct out **o, struct ns_err *e)
{
	*o = NULL;
	if (f->dir != NULL && folder_make(f->dir, e) < 0)
		return e->code;
	if (f->form == NULL)
		return NS_OK;
	*o = out_open(f->output, false, e);
	return *o != NULL ? NS_OK : e->code;
}

/* The report is written whether or not a limit is broken. */
static int
run(const struct eval_conf *c, const struct forms *f, struct ns_err *e)
{
	struct ns_err broken;
	struct report r;
	struct out *o;
	int limits, rc;

	rc = open_forms(f, &o, e);
	if (rc < 0)
		return rc;
	limits = eval_run(c, &r, &broken);
	if (limits < 0 && limits != NS_ENO) {
		*e = broken;
		out_abort(o);
		report_free(&r);
		return limits;
	}
	rc = write_forms(&r, f, o, e);
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
	struct eval_conf c = {.seeds = 1, .threads = 1};
	struct given given = {.names = SELECT_DEFAULT};
	struct forms forms = {.format = "text"};
	struct gates gates = {0};
	struct operand *synth;
	struct tool t;
	struct ns_err e;
	int rc;
	const struct opt_def opts[] = {
	    {0, "benign", "STREAM",
		"traffic without attacks, for group botnet: REAL is an attack", OPT_STR,
		&c.benign, NULL},
	    {'d', "directory", "DIR",
		"write a page with plots there, DIR/index.html, and all scores",
		OPT_STR, &forms.dir, NULL},
	    {'f', "format", "FORMAT", "text, tsv, json, or html: the page alone [text]",
		OPT_STR, &forms.format, NULL},
	    {0, "hold-out", "STREAM", "score against STREAM; REAL is the training half",
		OPT_STR, &c.hold_out, NULL},
	    {'m', "metrics", "NAMES",
		"metrics and groups, by commas [" SELECT_DEFAULT "]", OPT_STR,
		&given.names, &given.metrics},
	    {0, "max", "NAME=VALUE", "status 1 if the metric is above VALUE", OPT_LIST,
		&given.max, NULL},
	    {0, "min", "NAME=VALUE", "status 1 if the metric is below VALUE", OPT_LIST,
		&given.min, NULL},
	    {'n', "records", "N", "compare at N records, drawn at random [all]",
		OPT_U64, &c.count, &given.count},
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
	forms.form = form_of(forms.format);
	forms.output = t.output;
	synth = take_operands(&c, &t);
	check_options(&c, &forms, &given);
	take_selection(&c, &given);
	add_gates(&gates, &given);
	c.gates = &gates;
	c.figures = forms.dir != NULL;
	warn_missing(&c.selection);
	rc = run(&c, &forms, &e);
	free(synth);
	tool_exit(&t, rc, &e);
}
