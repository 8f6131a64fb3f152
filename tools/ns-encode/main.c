/*
 * ns-encode: series streams in, tensor streams out, with the codec that decodes them.
 */
#include <string.h>

#include "base/mem.h"
#include "encode.h"

/* Which options were given. */
struct given {
	bool seed, profile, min_count;
};

/* What options may stand together; a wrong combination does not come back. */
static void
check_opts(const struct encode_opts *o, const struct map_opts *m, const char *output,
    const struct given *g)
{
	struct ns_err e;

	if (o->apply != NULL &&
	    (o->fit_to != NULL || g->seed || g->profile || g->min_count))
		tool_usage_error(
		    "-A cannot be combined with -F, -p, -s or --min-count");
	if (o->fit_to != NULL && output != NULL)
		tool_usage_error("-F names the output: it cannot be combined with -o");
	if (m->key != NULL && strcmp(m->key, "-") == 0)
		tool_usage_error("--map-key needs a file, standard input is none");
	if (o->threads < 1 || o->threads > 1024)
		tool_usage_error("-t must be 1 to 1024");
	if (!codec_has_profile(o->codec.profile))
		tool_usage_error("no profile '%s'; there are netshare and symbol",
		    o->codec.profile);
	if (g->min_count && strcmp(o->codec.profile, "symbol") != 0)
		tool_usage_error("--min-count needs -p symbol");
	if (o->codec.min_count < 1)
		tool_usage_error("--min-count must be at least 1");
	if (output != NULL && pattern_check(output, &e) < 0)
		tool_usage_error("%s", e.msg);
}

int
main(int argc, char **argv)
{
	struct encode_opts o = {.codec = {.profile = "netshare", .min_count = 2},
	    .memory = UINT64_C(256) << 20,
	    .level = 3,
	    .threads = 2};
	struct map_opts map = {NULL, NULL};
	struct given given = {false, false, false};
	const struct opt_def opts[] = {
	    {'A', "apply", "CODEC", "encode with this codec, fit none [none]", OPT_STR,
		&o.apply, NULL},
	    {'F', "fit", "CODEC", "fit only: write the codec to this file [none]",
		OPT_STR, &o.fit_to, NULL},
	    {0, "map-key", "FILE",
		"map addresses by this key; bits in front that two share stay shared "
		"[none]",
		OPT_STR, &map.key, NULL},
	    {0, "map-prefix", "PREFIX,...", "map addresses into these prefixes [none]",
		OPT_STR, &map.prefix, NULL},
	    {0, "min-count", "N", "-p symbol: least count of a value that is kept [2]",
		OPT_U64, &o.codec.min_count, &given.min_count},
	    {'p', "profile", "NAME",
		"how fields are encoded, netshare or symbol [netshare]", OPT_STR,
		&o.codec.profile, &given.profile},
	    {'s', "seed", "N", "seed of vectors and samples [0]", OPT_U64,
		&o.codec.seed, &given.seed},
	    {'S', "memory", "BYTES", "series kept in memory, the rest in TMPDIR [256M]",
		OPT_SIZE, &o.memory, NULL},
	    {'t', "threads", "N", "threads [2]", OPT_INT, &o.threads, NULL},
	    {'z', "level", "LEVEL", "zstd level, 0 stores [3]", OPT_INT, &o.level,
		NULL},
	};
	struct ns_err e;
	struct tool t;
	int rc;

	tool_start(&t, "ns-encode",
	    "[-A codec | -F codec] [-p profile] [-s seed] [file ...]", opts, LEN(opts),
	    argc, argv);
	if (t.argc == 0)
		tool_stdin_usage(&t, opts, LEN(opts));
	check_opts(&o, &map, t.output, &given);
	if (map.key != NULL || map.prefix != NULL) {
		o.map = address_map_new(&map, &e);
		if (o.map == NULL)
			tool_exit(&t, e.code, &e);
	}
	rc = encode_run(&t, &o, &e);
	address_map_free(o.map);
	tool_exit(&t, rc, &e);
}
