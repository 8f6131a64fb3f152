/*
 * ns-encode: series streams in, tensor streams out, with the codec that decodes them.
 */
#include <string.h>

#include "base/mem.h"
#include "codec/shared/public.h"
#include "encode.h"

/* Which options were given. */
struct given {
	bool seed, profile, min_count, ip, labels;
};

/* What --ip says. */
static int
ip_version(const char *text)
{
	if (strcmp(text, "4") == 0 || strcmp(text, "6") == 0)
		return *text - '0';
	if (strcmp(text, "any") != 0)
		tool_usage_error("--ip is 4, 6 or any, not '%s'", text);
	return 0;
}

/* What -P goes with: a codec of constants, or a public one, and nothing that looks at
 * the trace. */
static void
check_private(const struct encode_opts *o, const struct map_opts *m,
    const struct given *g)
{
	struct texts t = {0};
	struct ns_err e;

	if (!o->is_private && (g->ip || g->labels))
		tool_usage_error("--ip and --labels need -P");
	if (o->is_public && (o->is_private || o->apply != NULL))
		tool_usage_error("--public is of a trace to fit to: it cannot be "
				 "combined with -A or -P");
	if (!o->is_private)
		return;
	if (g->seed || g->min_count)
		tool_usage_error("-P fits nothing: it cannot be combined with -s or "
				 "--min-count");
	if (o->apply != NULL && (g->ip || g->labels))
		tool_usage_error("-A cannot be combined with --ip or --labels");
	if (m->prefix != NULL)
		tool_usage_error("-P cannot be combined with --map-prefix: where an "
				 "address goes depends on those of others");
	if (public_texts(&t, o->codec.labels, &e) < 0)
		tool_usage_error("--labels: %s", e.msg);
	texts_free(&t);
}

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
	check_private(o, m, g);
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
	struct given given = {false, false, false, false, false};
	const char *ip = "any";
	const struct opt_def opts[] = {
	    {'A', "apply", "CODEC", "encode with this codec, fit none [none]", OPT_STR,
		&o.apply, NULL},
	    {'F', "fit", "CODEC", "fit only: write the codec to this file [none]",
		OPT_STR, &o.fit_to, NULL},
	    {0, "ip", "4|6|any",
		"-P: IP version that all series are known to be of [any]", OPT_STR, &ip,
		&given.ip},
	    {0, "labels", "TEXT,...", "-P: types and labels that are public [none]",
		OPT_STR, &o.codec.labels, &given.labels},
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
	    {'P', "private", NULL,
		"encode by public constants, or -A's public codec, alone", OPT_FLAG,
		&o.is_private, NULL},
	    {0, "public", NULL, "the trace is public: -P may apply its codec", OPT_FLAG,
		&o.is_public, NULL},
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
	    "[-A codec | -F codec] [-P] [-p profile] [-s seed] [file ...]", opts,
	    LEN(opts), argc, argv);
	o.codec.ip_version = ip_version(ip);
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
