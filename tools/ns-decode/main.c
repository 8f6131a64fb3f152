/*
 * ns-decode: tensors, series, packets or flows in; a capture, CSV or a stream out.
 */
#include <string.h>

#include "base/mem.h"
#include "decode.h"

/* The options as given, before they are checked against each other. */
struct args {
	const char *format, *link, *unit;
	bool pad, link_given, unit_given, level_given;
	int level;
	uint64_t memory;
};

static enum format
parse_format(const char *name)
{
	static const struct {
		const char *name;
		enum format format;
	} formats[] = {{"ns", FORMAT_NS}, {"pcap", FORMAT_PCAP},
	    {"pcapng", FORMAT_PCAPNG}, {"csv", FORMAT_CSV},
	    {"csv:netshare", FORMAT_CSV}};
	size_t i;

	for (i = 0; i < LEN(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return formats[i].format;
	tool_usage_error("-f is ns, pcap, pcapng, csv or csv:netshare, not '%s'", name);
}

static enum link_type
parse_link(const char *name)
{
	if (strcmp(name, "ethernet") == 0)
		return LINK_ETHERNET;
	if (strcmp(name, "raw") == 0)
		return LINK_RAW;
	tool_usage_error("--link is ethernet or raw, not '%s'", name);
}

static void
check_args(struct decode_opts *o, const struct args *a)
{
	memset(o, 0, sizeof *o);
	o->format = parse_format(a->format);
	o->link = parse_link(a->link);
	o->pad = a->pad;
	o->level = a->level;
	o->memory = a->memory > SIZE_MAX ? SIZE_MAX : (size_t)a->memory;
	if ((a->link_given || a->pad) && !format_is_capture(o->format))
		tool_usage_error("--link and --pad need -f pcap or pcapng");
	if (a->level_given && o->format != FORMAT_NS)
		tool_usage_error("-z needs -f ns");
	if (a->unit_given && o->format != FORMAT_CSV)
		tool_usage_error("--time-unit needs -f csv");
	if (a->unit_given && (o->unit_ns = time_unit_ns(a->unit)) == 0)
		tool_usage_error("--time-unit is s, ms, us or ns, not '%s'", a->unit);
}

int
main(int argc, char **argv)
{
	struct args a = {.format = "ns",
	    .link = "ethernet",
	    .level = 3,
	    .memory = UINT64_C(256) << 20};
	const struct opt_def opts[] = {
	    {'f', "format", "FORMAT",
		"ns, pcap, pcapng or csv[:netshare] to write [ns]", OPT_STR, &a.format,
		NULL},
	    {0, "link", "LINK", "link type of captures, ethernet or raw [ethernet]",
		OPT_STR, &a.link, &a.link_given},
	    {0, "pad", NULL,
		"write payload, zeros up to each packet's length [headers]", OPT_FLAG,
		&a.pad, NULL},
	    {'S', "memory", "BYTES", "memory for sorting, then spill to TMPDIR [256M]",
		OPT_SIZE, &a.memory, NULL},
	    {0, "time-unit", "UNIT",
		"s, ms, us or ns of times in CSV [as the input had]", OPT_STR, &a.unit,
		&a.unit_given},
	    {'z', "level", "LEVEL", "zstd level of -f ns, 0 stores [3]", OPT_INT,
		&a.level, &a.level_given},
	};
	struct decode_opts o;
	struct ns_err e;
	struct tool t;

	tool_start(&t, "ns-decode", "[-f format] [--pad] [file ...]", opts, LEN(opts),
	    argc, argv);
	if (t.argc == 0)
		tool_stdin_usage(&t, opts, LEN(opts));
	check_args(&o, &a);
	tool_exit(&t, decode_run(&t, &o, &e), &e);
}
