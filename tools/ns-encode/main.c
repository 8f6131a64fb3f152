/*
 * ns-encode: series streams in, tensor streams out, with the codec that decodes them.
 */
#include <string.h>

#include "base/mem.h"
#include "encode.h"

/* What options may stand together; a wrong combination does not come back. */
static void
check_opts(const struct encode_opts *o, const char *output, bool seeded, bool profiled)
{
	struct ns_err e;

	if (o->apply != NULL && (o->fit_to != NULL || seeded || profiled))
		tool_usage_error("-A cannot be combined with -F, -p or -s");
	if (o->fit_to != NULL && output != NULL)
		tool_usage_error("-F names the output: it cannot be combined with -o");
	if (o->threads < 1 || o->threads > 1024)
		tool_usage_error("-t must be 1 to 1024");
	if (strcmp(o->profile, "netshare") != 0)
		tool_usage_error("no profile '%s'; there is netshare", o->profile);
	if (output != NULL && pattern_check(output, &e) < 0)
		tool_usage_error("%s", e.msg);
}

int
main(int argc, char **argv)
{
	struct encode_opts o = {.profile = "netshare",
	    .memory = UINT64_C(256) << 20,
	    .level = 3,
	    .threads = 2};
	bool seeded = false, profiled = false;
	const struct opt_def opts[] = {
	    {'A', "apply", "CODEC", "encode with this codec, fit none [none]", OPT_STR,
		&o.apply, NULL},
	    {'F', "fit", "CODEC", "fit only: write the codec to this file [none]",
		OPT_STR, &o.fit_to, NULL},
	    {'p', "profile", "NAME", "how fields are encoded [netshare]", OPT_STR,
		&o.profile, &profiled},
	    {'s', "seed", "N", "seed of the port and protocol vectors [0]", OPT_U64,
		&o.seed, &seeded},
	    {'S', "memory", "BYTES", "series kept in memory, the rest in TMPDIR [256M]",
		OPT_SIZE, &o.memory, NULL},
	    {'t', "threads", "N", "threads [2]", OPT_INT, &o.threads, NULL},
	    {'z', "level", "LEVEL", "zstd level, 0 stores [3]", OPT_INT, &o.level,
		NULL},
	};
	struct ns_err e;
	struct tool t;

	tool_start(&t, "ns-encode",
	    "[-A codec | -F codec] [-p profile] [-s seed] [file ...]", opts, LEN(opts),
	    argc, argv);
	if (t.argc == 0)
		tool_stdin_usage(&t, opts, LEN(opts));
	check_opts(&o, t.output, seeded, profiled);
	tool_exit(&t, encode_run(&t, &o, &e), &e);
}
