/* ns-cat: look at, check, count, join any stream. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cat.h"

struct modes {
	bool count, header, json, check, text, frames;
};

struct given {
	bool fields, count, note, part, level;
};

/* The letter of the one mode asked for, 0 for copying. */
static char
one_mode(const struct modes *m)
{
	const struct {
		bool on;
		char letter;
	} t[] = {{m->count, 'C'}, {m->header, 'H'}, {m->json, 'J'}, {m->check, 'K'},
	    {m->text, 'T'}, {m->frames, 'X'}};
	char letter = 0;
	size_t i;

	for (i = 0; i < LEN(t); i++) {
		if (t[i].on && letter != 0)
			tool_usage_error("-%c and -%c cannot go together", letter,
			    t[i].letter);
		if (t[i].on)
			letter = t[i].letter;
	}
	return letter;
}

/* What an option would be ignored in is refused. */
static void
only_with(bool given, const char *option, const char *modes, char mode)
{
	if (given && strchr(modes, mode != 0 ? mode : 'c') == NULL)
		tool_usage_error("option %s has no meaning with -%c", option, mode);
}

static void
check_options(const struct given *g, const struct tool *t, char mode)
{
	if (g->fields && mode == 0)
		tool_usage_error("option --fields needs -T or -J");
	only_with(g->fields, "--fields", "TJ", mode);
	only_with(g->count, "--count", "cTJ", mode);
	only_with(g->part, "--part", "cTJ", mode);
	only_with(g->note, "--note", "c", mode);
	only_with(g->level, "--level", "c", mode);
	only_with(t->output != NULL, "--output", "cCHJTX", mode);
	only_with(t->no_prov, "--no-prov", "c", mode);
}

static void
parse_part(struct request *q, const char *text)
{
	char *end;

	/* strtoull alone would take signs, blanks and nothing at all. */
	q->part = strtoull(text, &end, 10);
	if (end > text && *end == '/')
		q->parts = strtoull(end + 1, &end, 10);
	if (strspn(text, "0123456789/") != strlen(text) || *end != '\0' ||
	    q->part >= q->parts || q->parts > 1000000)
		tool_usage_error(
		    "option --part: '%s' is not K/N with 0 <= K < N <= 1000000", text);
}

static int
run(const struct request *q, char mode, struct out *o, struct ns_err *e)
{
	switch (mode) {
	case 'C':
		return cat_count(q, o, e);
	case 'H':
		return cat_header(q, o, e);
	case 'J':
	case 'T':
		return cat_text(q, mode == 'J', o, e);
	case 'X':
		return cat_frames(q, o, e);
	default:
		return cat_copy(q, o, e);
	}
}

static int
run_to_output(const struct request *q, char mode, struct ns_err *e)
{
	const char *path = q->tool->output;
	struct out *o;
	int rc;

	if (mode == 0 && path == NULL && isatty(STDOUT_FILENO))
		return ns_fail(e, NS_EUSAGE,
		    "streams are not written to a terminal: use -T to read the "
		    "records, or -o FILE");
	o = out_open(path, false, e);
	if (o == NULL)
		return e->code;
	rc = run(q, mode, o, e);
	if (rc >= 0)
		return out_commit(o, e);
	/* What was read before the damage is worth seeing; a file is all or nothing. */
	if (path == NULL)
		out_flush(o, NULL);
	out_abort(o);
	return rc;
}

int
main(int argc, char **argv)
{
	struct modes m = {0};
	struct given g = {0};
	struct tool tool;
	struct request q = {.tool = &tool, .count = UINT64_MAX, .level = 3};
	const char *part = NULL;
	struct ns_err e;
	char mode;
	const struct opt_def opts[] = {
	    {'C', "counts", NULL, "count records, per stream and in all", OPT_FLAG,
		&m.count, NULL},
	    {'H', "header", NULL, "print schema, metadata, tables and provenance",
		OPT_FLAG, &m.header, NULL},
	    {'J', "json", NULL, "print records as JSON Lines", OPT_FLAG, &m.json, NULL},
	    {'K', "check", NULL, "check only: print nothing, status 0 or 65", OPT_FLAG,
		&m.check, NULL},
	    {'T', "tsv", NULL, "print records as tab-separated text", OPT_FLAG, &m.text,
		NULL},
	    {'X', "frames", NULL, "list the frames with their offsets", OPT_FLAG,
		&m.frames, NULL},
	    {'a', "note", "TEXT", "add a note to each stream", OPT_STR, &q.note,
		&g.note},
	    {'f', "fields", "LIST", "with -T or -J: these fields, by comma [all]",
		OPT_STR, &q.fields, &g.fields},
	    {'n', "count", "N", "stop after N records [all]", OPT_U64, &q.count,
		&g.count},
	    {0, "part", "K/N", "only flows whose five-tuple hashes to part K of N",
		OPT_STR, &part, &g.part},
	    {'z', "level", "N", "zstd level of the output, 0 stores [3]", OPT_INT,
		&q.level, &g.level},
	};
	int rc;

	tool_start(&tool, "ns-cat",
	    "[-CHJKTX] [-f fields] [-n count] [-a note] [--part K/N] [-z level] "
	    "[-o file] [file ...]",
	    opts, LEN(opts), argc, argv);
	mode = one_mode(&m);
	check_options(&g, &tool, mode);
	if (part != NULL)
		parse_part(&q, part);
	tool_stdin_usage(&tool, opts, LEN(opts));
	rc = mode == 'K' ? cat_check(&q, &e) : run_to_output(&q, mode, &e);
	tool_exit(&tool, rc, &e);
}
