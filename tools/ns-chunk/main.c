/*
 * ns-chunk: packet or flow streams in, one stream of series per chunk of time out.
 */
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "chunk.h"

#define STEPS_DEFAULT 1000

/* The options as text and numbers, before they are checked against each other. */
struct args {
	int count, max_steps, level;
	bool count_given, span_given;
	int64_t span_ns;
	const char *by, *from, *to;
	uint64_t memory;
};

static void
check_window(struct chunk_opts *o, const struct args *a)
{
	struct ns_err e;

	o->has_from = a->from != NULL;
	o->has_to = a->to != NULL;
	if (o->has_from && time_parse(a->from, &o->from_ns, &e) < 0)
		tool_usage_error("--from: %s", e.msg);
	if (o->has_to && time_parse(a->to, &o->to_ns, &e) < 0)
		tool_usage_error("--to: %s", e.msg);
	if (o->has_from && o->has_to && o->from_ns >= o->to_ns)
		tool_usage_error("--from must lie before --to");
}

static void
check_args(struct chunk_opts *o, const struct args *a, const char *output)
{
	struct ns_err e;

	memset(o, 0, sizeof *o);
	if (strcmp(a->by, "count") != 0 && strcmp(a->by, "time") != 0)
		tool_usage_error("-b is 'time' or 'count', not '%s'", a->by);
	o->by_count = strcmp(a->by, "count") == 0;
	if (a->count < 1 || a->count > CHUNKS_MAX)
		tool_usage_error("-n must lie in 1 .. %d", CHUNKS_MAX);
	if (a->span_given && (a->count_given || o->by_count))
		tool_usage_error("-d cannot be combined with -n or -b count");
	if (a->span_given && a->span_ns < 1)
		tool_usage_error("-d must be at least 1 ns");
	if (a->max_steps < 1)
		tool_usage_error("--max-steps must be at least 1");
	if (output != NULL && pattern_check(output, &e) < 0)
		tool_usage_error("%s", e.msg);
	o->count = a->count;
	o->span_ns = a->span_given ? a->span_ns : 0;
	o->max_steps = (uint32_t)a->max_steps;
	o->memory = a->memory > SIZE_MAX ? SIZE_MAX : (size_t)a->memory;
	o->level = a->level;
	check_window(o, a);
}

static int
read_all(const struct tool *t, struct intake *in, struct ns_err *e)
{
	int i, rc = NS_OK;

	if (t->argc == 0)
		return intake_read(in, "-", e);
	for (i = 0; i < t->argc && rc == NS_OK; i++)
		rc = intake_read(in, t->argv[i], e);
	return rc;
}

static int
check_steps(const struct intake *in, const struct spans *s, struct ns_err *e)
{
	uint32_t most = series_steps_max(intake_of_flows(in), s->n);

	if (in->opts->max_steps > most)
		return ns_fail(e, NS_EUSAGE,
		    "--max-steps %u: at most %u steps fit one record of %s",
		    in->opts->max_steps, most,
		    intake_of_flows(in) ? "flows" : "packets");
	return NS_OK;
}

static void
report(const struct intake *in, const struct spans *s, const struct regrouped *g)
{
	uint64_t cut = 0, series = 0;
	int i, empty = 0;

	for (i = 0; i < s->n; i++) {
		cut += g->total[i].cut;
		series += g->total[i].series;
		empty += g->total[i].records == 0;
	}
	if (in->outside > 0)
		log_warn("%llu records outside the window were left out",
		    (unsigned long long)in->outside);
	if (cut > 0)
		log_info("cut=%llu max_steps=%u", (unsigned long long)cut,
		    in->opts->max_steps);
	log_info("records=%llu series=%llu chunks=%d empty=%d longest=%u",
	    (unsigned long long)in->n, (unsigned long long)series, s->n, empty,
	    g->longest);
}

static int
run(const struct tool *t, const struct chunk_opts *o, struct ns_err *e)
{
	struct regrouped g;
	struct intake in;
	struct spans s;
	int rc;

	memset(&g, 0, sizeof g);
	intake_init(&in, o);
	if ((rc = read_all(t, &in, e)) < 0 || (rc = spans_make(&s, &in, e)) < 0)
		goto out;
	extsort_free(in.by_time);
	in.by_time = NULL;
	if ((rc = check_steps(&in, &s, e)) < 0 || (rc = regroup(&g, &in, &s, e)) < 0)
		goto out;
	extsort_free(in.by_flow);
	in.by_flow = NULL;
	report(&in, &s, &g);
	rc = chunks_write(t, &in, &s, &g, e);
out:
	regrouped_free(&g);
	intake_free(&in);
	return rc;
}

int
main(int argc, char **argv)
{
	struct args a = {.count = 10,
	    .max_steps = STEPS_DEFAULT,
	    .level = 3,
	    .by = "time",
	    .memory = UINT64_C(256) << 20};
	const struct opt_def opts[] = {
	    {'b', "by", "HOW",
		"chunks of equal spans ('time') or equal counts ('count') [time]",
		OPT_STR, &a.by, NULL},
	    {'d', "duration", "TIME", "length of each chunk, instead of -n [none]",
		OPT_DUR, &a.span_ns, &a.span_given},
	    {0, "from", "TIME", "leave out records before this time [first record]",
		OPT_STR, &a.from, NULL},
	    {0, "max-steps", "N",
		"cut a flow's longer series after N steps [1000 steps]", OPT_INT,
		&a.max_steps, NULL},
	    {'n', "count", "N", "number of chunks [10 chunks]", OPT_INT, &a.count,
		&a.count_given},
	    {'S', "memory", "BYTES", "memory for sorting, then spill to TMPDIR [256M]",
		OPT_SIZE, &a.memory, NULL},
	    {0, "to", "TIME", "leave out records at and after this time [last record]",
		OPT_STR, &a.to, NULL},
	    {'z', "level", "LEVEL", "zstd level, 0 stores [3]", OPT_INT, &a.level,
		NULL},
	};
	struct chunk_opts o;
	struct ns_err e;
	struct tool t;

	tool_start(&t, "ns-chunk", "[-n count | -d time] [-b time|count] [file ...]",
	    opts, LEN(opts), argc, argv);
	if (t.argc == 0)
		tool_stdin_usage(&t, opts, LEN(opts));
	check_args(&o, &a, t.output);
	tool_exit(&t, run(&t, &o, &e), &e);
}
