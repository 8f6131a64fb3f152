#include "base/mem.h"
#include "run.h"

int
main(int argc, char **argv)
{
	struct run_options o = {.threads = 1,
	    .level = 3,
	    .scale = 1,
	    .temperature = 1,
	    .memory = (uint64_t)256 << 20};
	const char *from = NULL, *to = NULL;
	bool scaled = false;
	const struct opt_def opts[] = {
	    {'n', "count", "SERIES", "series to draw in all [as many as were learnt]",
		OPT_U64, &o.series, &o.has_series},
	    {0, "records", "N", "records to draw in all, exactly", OPT_U64, &o.records,
		&o.has_records},
	    {0, "given", "FIELD=VALUE,...", "draw only flows that are so [all]",
		OPT_STR, &o.wishes.given, NULL},
	    {0, "from", "TIME", "draw only flows that start then or later [all]",
		OPT_STR, &from, NULL},
	    {0, "to", "TIME", "draw only flows that start before [all]", OPT_STR, &to,
		NULL},
	    {0, "scale-rate", "X", "X times as many flows as were learnt [1]", OPT_F64,
		&o.scale, &scaled},
	    {0, "temperature", "X", "below 1: the usual; above: the unusual [1]",
		OPT_F64, &o.temperature, NULL},
	    {'s', "seed", "N", "seed of the random streams [0]", OPT_U64, &o.seed,
		NULL},
	    {'S', "memory", "SIZE", "for flows that go on in later chunks [256M]",
		OPT_SIZE, &o.memory, NULL},
	    {'t', "threads", "N", "threads [1]", OPT_INT, &o.threads, NULL},
	    {'z', "level", "N", "zstd level, 0 stores [3]", OPT_INT, &o.level, NULL},
	};
	struct ns_err e;
	struct tool t;

	tool_start(&t, "ns-sample",
	    "[-hqVv] [-n series | --records n | --scale-rate x] [--given list] "
	    "[--from time] [--to time] [-o file] [-S size] [-s seed] [--temperature x] "
	    "[-t threads] "
	    "[-z level] [model ...]",
	    opts, LEN(opts), argc, argv);
	if (o.has_series && o.has_records)
		tool_usage_error("only one of -n and --records can be given");
	if (scaled && (o.has_series || o.has_records))
		tool_usage_error("--scale-rate is of what was learnt: give it without "
				 "-n, --records");
	if (!(o.scale > 0) || o.scale > 1e6)
		tool_usage_error("--scale-rate must be above 0 and at most 1000000");
	if (!(o.temperature >= 0.01) || o.temperature > 100)
		tool_usage_error("--temperature must be 0.01 to 100");
	if (given_window(&o.wishes, from, to, &e) < 0)
		tool_usage_error("%s", e.msg);
	if (o.threads < 1 || o.threads > 1024)
		tool_usage_error("-t must be 1 to 1024");
	if (o.level > 19)
		tool_usage_error("-z must be 0 to 19");
	if (t.argc == 0)
		tool_stdin_usage(&t, opts, LEN(opts));
	tool_exit(&t, run(&t, &o, &e), &e);
}
