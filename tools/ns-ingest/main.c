/*
 * ns-ingest: captures and flow tables in, one packet or flow stream out.
 */
#include <string.h>

#include "base/mem.h"
#include "ingest.h"

/* The options as text, before they are checked against each other. */
struct args {
	const char *format, *unit, *filter;
};

static enum format
format_of(const char *text)
{
	if (strcmp(text, "auto") == 0)
		return FORMAT_AUTO;
	if (strcmp(text, "pcap") == 0)
		return FORMAT_PCAP;
	if (strcmp(text, "csv") != 0 && strcmp(text, "csv:netshare") != 0)
		tool_usage_error("-f is auto, pcap, csv or csv:netshare, not '%s'",
		    text);
	return FORMAT_CSV;
}

static void
check_args(struct ingest *g, const struct args *a, const struct tool *t)
{
	int unit;

	g->intake.format = format_of(a->format);
	if (a->unit != NULL) {
		unit = time_unit_of(a->unit);
		if (unit < 0)
			tool_usage_error("--time-unit is s, ms, us or ns, not '%s'",
			    a->unit);
		g->intake.unit = (enum time_unit)unit;
	}
	if (g->iface != NULL && t->argc > 0)
		tool_usage_error("-i takes no files");
	if (g->iface != NULL && g->intake.format == FORMAT_CSV)
		tool_usage_error("-i cannot be combined with -f csv");
	if (g->iface != NULL && a->unit != NULL)
		tool_usage_error("-i cannot be combined with --time-unit");
	if (g->label != NULL && labels_intern(g->intake.labels, g->label) < 0)
		tool_usage_error("-L is too long or holds a control character");
}

static int
run(struct ingest *g, const struct args *a, struct tool *t, struct ns_err *e)
{
	char standard_input[] = "-", *only[] = {standard_input, NULL};
	int rc;

	if (a->filter != NULL) {
		g->intake.filter = filter_new(a->filter, e);
		if (g->intake.filter == NULL)
			return e->code;
	}
	g->out = out_open(t->output, true, e);
	if (g->out == NULL)
		return e->code;
	g->tool = t;
	rc = t->argc > 0 ? ingest_run(g, t->argv, t->argc, e)
			 : ingest_run(g, only, 1, e);
	if (rc < 0) {
		out_abort(g->out);
		return rc;
	}
	return out_commit(g->out, e);
}

int
main(int argc, char **argv)
{
	struct args a = {"auto", NULL, NULL};
	struct ingest g = {.level = 3};
	struct labels labels;
	const struct opt_def opts[] = {
	    {'f', "format", "FORMAT",
		"auto, pcap (and pcapng), csv or csv:netshare [auto: told by content]",
		OPT_STR, &a.format, NULL},
	    {'i', "interface", "IFACE", "capture from IFACE instead of reading files",
		OPT_STR, &g.iface, NULL},
	    {'F', "filter", "BPF", "only packets that match the pcap-filter(7) [all]",
		OPT_STR, &a.filter, NULL},
	    {'n', "count", "N", "stop after N records [0: at the end]", OPT_U64,
		&g.most, NULL},
	    {'L', "label", "LABEL", "label of every record [as in the input]", OPT_STR,
		&g.label, NULL},
	    {0, "time-unit", "UNIT",
		"of ts in CSV: s, ms, us or ns [told from the first value]", OPT_STR,
		&a.unit, NULL},
	    {0, "strict", NULL, "fail at the first packet that is not modelled",
		OPT_FLAG, &g.intake.strict, NULL},
	    {'z', "level", "LEVEL", "zstd level, 0 stores [3]", OPT_INT, &g.level,
		NULL},
	};
	struct ns_err e;
	struct tool t;
	int rc;

	tool_start(&t, "ns-ingest",
	    "[-hqVv] [-f format] [-i iface] [-F filter] [-n count] [-L label]\n"
	    "       [--time-unit unit] [--strict] [-z level] [-o file] [file ...]",
	    opts, LEN(opts), argc, argv);
	labels_init(&labels);
	g.intake.labels = &labels;
	check_args(&g, &a, &t);
	if (g.iface == NULL)
		tool_stdin_usage(&t, opts, LEN(opts));
	rc = run(&g, &a, &t, &e);
	filter_free(g.intake.filter);
	labels_free(&labels);
	tool_exit(&t, rc, &e);
}
