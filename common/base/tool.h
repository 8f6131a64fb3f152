/*
 * tool.h: what every tool does with its command line.  The option table is parser,
 * usage text and the list that tests compare with the manual page.
 *
 * -h -V -v -q -o --no-prov and -- are understood for all tools and not in the table.
 */
#ifndef BASE_TOOL_H
#define BASE_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum opt_type {
	OPT_FLAG, /* bool * */
	OPT_INT,  /* int *, 0 .. INT_MAX */
	OPT_U64,  /* uint64_t * */
	OPT_F64,  /* double *, finite */
	OPT_SIZE, /* uint64_t *, bytes, suffix K M G */
	OPT_DUR,  /* int64_t *, nanoseconds; "90", "90s", "15m", "24h", "250ms" */
	OPT_STR,  /* const char ** */
	OPT_LIST  /* struct opt_list *: each time it is given adds an element */
};

#define OPT_LIST_MAX 64
struct opt_list {
	const char *v[OPT_LIST_MAX];
	size_t n;
};

struct opt_def {
	char letter;      /* 0: long name only */
	const char *name; /* without the dashes */
	const char *arg;  /* name of the argument, NULL for OPT_FLAG */
	const char *help; /* ends with the default in brackets, with its unit */
	enum opt_type type;
	void *var;
	bool *given; /* set when the option was given; may be NULL */
};

struct tool {
	const char *name;     /* "ns-chunk" */
	const char *synopsis; /* "[-n count] [file]" */
	const char *output;   /* -o, NULL = standard output */
	bool no_prov;
	int argc;      /* operands left */
	char **argv;   /* operands, argv[0] is the first */
	char *cmdline; /* for the provenance: options that change the data; owned */
};

/*
 * tool_start: parse the command line into t and the variables of the table.  Handles
 * --help and --version (status 0), and a wrong command line (one line on stderr,
 * status 2) by itself.  Sets log level and name for log.h.
 */
void tool_start(struct tool *t, const char *name, const char *synopsis,
    const struct opt_def *opts, size_t n, int argc, char **argv);

/* tool_stdin_usage: for a tool without operands whose standard input is a terminal:
 * usage on stderr, status 2. */
void tool_stdin_usage(const struct tool *t, const struct opt_def *opts, size_t n);

/* tool_usage_error: one line "ns-x: message" on stderr, a hint at --help, status 2. */
NS_NORETURN void tool_usage_error(const char *fmt, ...) NS_PRINTF(1, 2);

/* tool_exit: free t; status 0 for NS_OK and data, else "ns-x: message" on stderr and
 * ns_exit_status(rc). */
NS_NORETURN void tool_exit(struct tool *t, int rc, const struct ns_err *e);

#endif
