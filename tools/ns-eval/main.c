#include <string.h>

#include "base/mem.h"
#include "base/tool.h"
#include "eval.h"

typedef int writer(const struct report *r, struct out *o, struct ns_err *e);

static writer *
writer_of(const char *format)
{
	if (strcmp(format, "text") == 0)
		return report_text;
	if (strcmp(format, "tsv") == 0)
		return report_tsv;
	if (strcmp(format, "json") == 0)
		return report_json;
	tool_usage_error("option --format: '%s' is not text, tsv or json", format);
}

/* Standard input can be read once. */
static void
check_operands(const struct tool *t, const char *hold_out)
{
	int n = hold_out != NULL && strcmp(hold_out, "-") == 0;

	if (t->argc < 2)
		tool_usage_error("a real and a synthetic trace are needed");
	for (int i = 0; i < t->argc; i++)
		n += strcmp(t->argv[i], "-") == 0;
	if (n > 1)
		tool_usage_error("only one input can be standard input ('-')");
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

/* The report is written whether or not a limit is broken. */
static int
run(const struct eval_conf *c, writer *write, const char *output, struct ns_err *e)
{
	struct ns_err broken;
	struct report r;
	struct out *o;
	int verdict_rc, rc;

	rc = verdict_rc = eval_run(c, &r, &broken);
	if (rc < 0 && rc != NS_ENO) {
		*e = broken;
		goto out;
	}
	o = out_open(output, false, e);
	if (o == NULL) {
		rc = e->code;
		goto out;
	}
	rc = write(&r, o, e);
	if (rc < 0)
		out_abort(o);
	else
		rc = out_commit(o, e);
	if (rc >= 0 && verdict_rc < 0) {
		*e = broken;
		rc = verdict_rc;
	}
out:
	report_free(&r);
	return rc;
}

int
main(int argc, char **argv)
{
	const char *format = "text", *names = "all";
	struct opt_list max = {0}, min = {0};
	struct gates gates = {0};
	struct eval_conf c = {0};
	bool count_given = false;
	struct tool t;
	struct ns_err e;
	writer *write;
	const struct opt_def opts[] = {
	    {'f', "format", "FORMAT", "text, tsv or json [text]", OPT_STR, &format,
		NULL},
	    {0, "hold-out", "STREAM", "score against STREAM; REAL is the training half",
		OPT_STR, &c.hold_out, NULL},
	    {'m', "metrics", "NAMES",
		"metrics and groups fields, joint, flow, all, by commas [all]", OPT_STR,
		&names, NULL},
	    {0, "max", "NAME=VALUE", "status 1 if the metric is above VALUE", OPT_LIST,
		&max, NULL},
	    {0, "min", "NAME=VALUE", "status 1 if the metric is below VALUE", OPT_LIST,
		&min, NULL},
	    {'n', "records", "N", "compare at N records, drawn at random [all]",
		OPT_U64, &c.count, &count_given},
	    {'s', "seed", "N", "seed of all random draws [0]", OPT_U64, &c.seed, NULL},
	};

	tool_start(&t, "ns-eval", "[option ...] real synthetic ...", opts, LEN(opts),
	    argc, argv);
	write = writer_of(format);
	check_operands(&t, c.hold_out);
	if (count_given && c.count == 0)
		tool_usage_error("option --records: 0 records cannot be compared");
	if (select_parse(&c.selection, names, &e) < 0)
		tool_usage_error("%s", e.msg);
	add_gates(&gates, &max, &min);
	c.real = t.argv[0];
	c.synth = t.argv + 1;
	c.n_synth = t.argc - 1;
	c.gates = &gates;
	tool_exit(&t, run(&c, write, t.output, &e), &e);
}
