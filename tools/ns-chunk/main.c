/*
 * ns-chunk: packet or flow streams in, one stream of series per chunk of time out.
 */
#include <string.h>

#include "base/mem.h"
#include "base/timetext.h"
#include "chunk.h"

#define STEPS_DEFAULT 1000
#define UNIT_SERIES_MAX 65536

/* The options as text and numbers, before they are checked against each other. */
struct args {
	int count, max_steps, level, threads;
	bool count_given, span_given;
	int64_t span_ns;
	const char *by, *from, *to, *unit;
	int max_series, max_chunks;
	bool series_given, chunks_given;
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

/* Series of a unit that are kept: both directions of a conversation, some of a host. */
static int
series_default(enum unit_kind u)
{
	return u == UNIT_FLOW ? 2 : 16;
}

/* In private mode nothing but options decides where chunks lie. */
static void
check_unit(struct chunk_opts *o, const struct args *a)
{
	if (a->unit == NULL && (a->series_given || a->chunks_given))
		tool_usage_error("--max-series-per-unit and --max-chunks-per-unit need "
				 "--unit");
	if (a->unit == NULL)
		return;
	o->unit = unit_kind_of(a->unit);
	if (o->unit == UNIT_NONE)
		tool_usage_error("--unit is 'flow' or 'src_ip', not '%s'", a->unit);
	if (!o->has_from || !o->has_to)
		tool_usage_error("--unit needs --from and --to: a window told from the "
				 "trace gives its first and last time away");
	if (o->by_count)
		tool_usage_error("--unit cannot be combined with -b count: edges told "
				 "from counts give these away");
	if (a->series_given && (a->max_series < 1 || a->max_series > UNIT_SERIES_MAX))
		tool_usage_error("--max-series-per-unit must lie in 1 .. %d",
		    UNIT_SERIES_MAX);
	if (a->max_chunks < 1 || a->max_chunks > CHUNKS_MAX)
		tool_usage_error("--max-chunks-per-unit must lie in 1 .. %d",
		    CHUNKS_MAX);
	o->max_series =
	    (uint32_t)(a->series_given ? a->max_series : series_default(o->unit));
	o->max_chunks = (uint32_t)a->max_chunks;
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
	if (a->threads < 1 || a->threads > 1024)
		tool_usage_error("-t must be 1 to 1024");
	if (output != NULL && pattern_check(output, &e) < 0)
		tool_usage_error("%s", e.msg);
	o->count = a->count;
	o->span_ns = a->span_given ? a->span_ns : 0;
	o->max_steps = (uint32_t)a->max_steps;
	o->memory = a->memory > SIZE_MAX ? SIZE_MAX : (size_t)a->memory;
	o->level = a->level;
	o->threads = a->threads;
	check_window(o, a);
	check_unit(o, a);
}

int
main(int argc, char **argv)
{
	struct args a = {.count = 10,
	    .max_steps = STEPS_DEFAULT,
	    .max_chunks = 1,
	    .level = 3,
	    .threads = 2,
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
	    {0, "max-chunks-per-unit", "N",
		"with --unit: chunks that one may have series in [1 chunk]", OPT_INT,
		&a.max_chunks, &a.chunks_given},
	    {0, "max-series-per-unit", "N",
		"with --unit: series of one in all chunks [flow 2, src_ip 16 series]",
		OPT_INT, &a.max_series, &a.series_given},
	    {0, "max-steps", "N",
		"cut a flow's longer series after N steps [1000 steps]", OPT_INT,
		&a.max_steps, NULL},
	    {'n', "count", "N", "number of chunks [10 chunks]", OPT_INT, &a.count,
		&a.count_given},
	    {'S', "memory", "BYTES", "memory for sorting, then spill to TMPDIR [256M]",
		OPT_SIZE, &a.memory, NULL},
	    {'t', "threads", "N", "threads [2]", OPT_INT, &a.threads, NULL},
	    {0, "to", "TIME", "leave out records at and after this time [last record]",
		OPT_STR, &a.to, NULL},
	    {0, "unit", "WHAT",
		"for private training: bound and mark what belongs to one 'flow' or "
		"'src_ip' [none]",
		OPT_STR, &a.unit, NULL},
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
	tool_exit(&t, chunk_run(&t, &o, &e), &e);
}
