#include "base/tool.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/sig.h"

struct common {
	const char *output;
	bool help, version, verbose, quiet, no_prov;
};

#define N_COMMON 6

static void
common_table(struct opt_def c[N_COMMON], struct common *v)
{
	const struct opt_def t[N_COMMON] = {
	    {'h', "help", NULL, "print this text", OPT_FLAG, &v->help, NULL},
	    {'o', "output", "FILE", "write to FILE when complete [standard output]",
		OPT_STR, &v->output, NULL},
	    {'q', "quiet", NULL, "print errors only", OPT_FLAG, &v->quiet, NULL},
	    {'v', "verbose", NULL, "print more; may be repeated", OPT_FLAG, &v->verbose,
		NULL},
	    {'V', "version", NULL, "print the version", OPT_FLAG, &v->version, NULL},
	    {0, "no-prov", NULL, "leave the arguments out of the provenance", OPT_FLAG,
		&v->no_prov, NULL},
	};

	memcpy(c, t, sizeof t);
}

static void
print_usage(FILE *f, const struct tool *t, const struct opt_def *opts, size_t n)
{
	struct opt_def c[N_COMMON];
	struct common v;

	memset(&v, 0, sizeof v);
	common_table(c, &v);
	fprintf(f, "usage: %s %s\n", t->name, t->synopsis);
	opt_print(f, opts, n);
	opt_print(f, c, N_COMMON);
}

void
tool_usage_error(const char *fmt, ...)
{
	char msg[500];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	log_error("%s (see %s --help)", msg, log_name());
	exit(ns_exit_status(NS_EUSAGE));
}

struct parse {
	struct opt_def table[128]; /* the tool's, then the common ones */
	size_t n;
	int level;
	struct buf args; /* struct tool's cmdline */
};

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static bool
is_among(const char *name, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Options that leave the data as it is: names of outputs, talk, memory, threads, what
 * else is kept of a run. */
static bool
is_noted(const struct opt_def *o)
{
	static const char *const names[] = {"no-prov", "checkpoint-every", "snapshots"};

	return o->letter == 0 ? !is_among(o->name, names, LEN(names))
			      : strchr("hVvqotSzkl", o->letter) == NULL;
}

static bool
names_file(const struct opt_def *o)
{
	static const char *const names[] = {"FILE", "MODEL", "CODEC", "STREAM"};

	return o->arg != NULL && is_among(o->arg, names, LEN(names));
}

/* Options in one spelling and names without folders, so that equal work is told in
 * equal bytes wherever it is done. */
static void
note_option(struct parse *p, const struct opt_def *o, const char *text)
{
	if (!is_noted(o))
		return;
	buf_printf(&p->args, "%s--%s", p->args.len > 0 ? " " : "", o->name);
	if (text != NULL)
		buf_printf(&p->args, "=%s", names_file(o) ? last_part(text) : text);
}

static void
take(struct parse *p, const struct opt_def *o, const char *text)
{
	struct ns_err e;

	if (strcmp(o->name, "verbose") == 0)
		p->level++;
	if (opt_value(o, text, &e) < 0)
		tool_usage_error("%s", e.msg);
	note_option(p, o, text);
}

/* One argument that begins with "--"; returns how many of argv it used up. */
static int
take_long(struct parse *p, char **argv)
{
	const struct opt_def *o = opt_find_long(p->table, p->n, argv[0] + 2);
	const char *eq = strchr(argv[0], '=');

	if (o == NULL)
		tool_usage_error("unknown option '%s'", argv[0]);
	if (o->type == OPT_FLAG) {
		if (eq != NULL)
			tool_usage_error("option --%s takes no argument", o->name);
		take(p, o, NULL);
		return 1;
	}
	if (eq != NULL) {
		take(p, o, eq + 1);
		return 1;
	}
	if (argv[1] == NULL)
		tool_usage_error("option --%s needs an argument", o->name);
	take(p, o, argv[1]);
	return 2;
}

/* One cluster such as -vn5; returns how many of argv it used up. */
static int
take_short(struct parse *p, char **argv)
{
	const struct opt_def *o;
	const char *s;

	for (s = argv[0] + 1; *s != '\0'; s++) {
		o = opt_find_short(p->table, p->n, *s);
		if (o == NULL)
			tool_usage_error("unknown option '-%c'", *s);
		if (o->type == OPT_FLAG) {
			take(p, o, NULL);
			continue;
		}
		if (s[1] != '\0') {
			take(p, o, s + 1);
			return 1;
		}
		if (argv[1] == NULL)
			tool_usage_error("option -%c needs an argument", *s);
		take(p, o, argv[1]);
		return 2;
	}
	return 1;
}

/* Options may stand before, between and after operands; operands move to the front. */
static void
parse_args(struct parse *p, struct tool *t, int argc, char **argv)
{
	int i = 1, n = 0;

	while (i < argc) {
		if (strcmp(argv[i], "--") == 0) {
			for (i++; i < argc; i++)
				argv[n++] = argv[i];
			break;
		}
		if (argv[i][0] != '-' || argv[i][1] == '\0')
			argv[n++] = argv[i++];
		else if (argv[i][1] == '-')
			i += take_long(p, argv + i);
		else
			i += take_short(p, argv + i);
	}
	argv[n] = NULL;
	for (i = 0; i < n; i++)
		buf_printf(&p->args, "%s%s", p->args.len > 0 ? " " : "",
		    last_part(argv[i]));
	buf_put(&p->args, "", 1);
	t->cmdline = (char *)p->args.p;
	t->argc = n;
	t->argv = argv;
}

/* A standard descriptor that is closed would be given to the next file opened, which
 * then gets what was meant for it.  What stands in is open the wrong way round, so that
 * its use fails all the same. */
static void
hold_standard_files(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			exit(ns_exit_status(NS_EIO));
}

void
tool_start(struct tool *t, const char *name, const char *synopsis,
    const struct opt_def *opts, size_t n, int argc, char **argv)
{
	struct common v;
	struct parse p;

	hold_standard_files();
	memset(t, 0, sizeof *t);
	memset(&v, 0, sizeof v);
	t->name = name;
	t->synopsis = synopsis;
	log_start(name, 1);
	if (n > LEN(p.table) - N_COMMON)
		tool_usage_error("the option table is too long");
	memcpy(p.table, opts, n * sizeof *opts);
	common_table(p.table + n, &v);
	p.n = n + N_COMMON;
	p.level = 1;
	memset(&p.args, 0, sizeof p.args);
	if (argc > 0)
		parse_args(&p, t, argc, argv);
	if (v.help) {
		print_usage(stdout, t, opts, n);
		exit(fflush(stdout) == 0 ? 0 : ns_exit_status(NS_EIO));
	}
	if (v.version) {
		printf("%s (netshare) %s\n", name, NS_VERSION);
		exit(fflush(stdout) == 0 ? 0 : ns_exit_status(NS_EIO));
	}
	t->output = v.output;
	t->no_prov = v.no_prov;
	log_start(name, v.quiet ? 0 : p.level);
	sig_start();
}

void
tool_stdin_usage(const struct tool *t, const struct opt_def *opts, size_t n)
{
	if (t->argc != 0 || !isatty(STDIN_FILENO))
		return;
	print_usage(stderr, t, opts, n);
	exit(ns_exit_status(NS_EUSAGE));
}

void
tool_exit(struct tool *t, int rc, const struct ns_err *e)
{
	if (rc < 0)
		log_error("%s", e->msg);
	free(t->cmdline);
	t->cmdline = NULL;
	exit(ns_exit_status(rc));
}
