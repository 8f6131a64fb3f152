#include "gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

#define NOT_FOUND 127 /* exit status of a child that could not become the program */

static void
put_variable(struct buf *b, const char *name, const char *fallback)
{
	const char *value = getenv(name);

	buf_printf(b, "%s=%s", name, value != NULL ? value : fallback);
}

/* Nothing but what it takes to be found and to find fonts reaches the program: locale
 * and gnuplot's own variables would change what it draws. */
static int
spawn(pid_t *pid, char *const argv[], int log)
{
	char locale[] = "LC_ALL=C.UTF-8";
	posix_spawn_file_actions_t fa;
	struct buf path = {0}, home = {0};
	char *env[4];
	int rc;

	put_variable(&path, "PATH", "/usr/bin:/bin");
	put_variable(&home, "HOME", "/");
	env[0] = locale;
	env[1] = (char *)path.p;
	env[2] = (char *)home.p;
	env[3] = NULL;
	rc = posix_spawn_file_actions_init(&fa);
	if (rc == 0) {
		rc = posix_spawn_file_actions_addopen(&fa, STDIN_FILENO, "/dev/null",
		    O_RDONLY, 0);
		if (rc == 0)
			rc = posix_spawn_file_actions_adddup2(&fa, log, STDOUT_FILENO);
		if (rc == 0)
			rc = posix_spawn_file_actions_adddup2(&fa, log, STDERR_FILENO);
		if (rc == 0)
			rc = posix_spawnp(pid, argv[0], &fa, NULL, argv, env);
		posix_spawn_file_actions_destroy(&fa);
	}
	buf_free(&path);
	buf_free(&home);
	return rc;
}

/* The last line of the log that is not empty: gnuplot names file, line and reason
 * there. */
static void
last_line(int log, char *out, size_t size)
{
	char text[4096];
	ssize_t n;
	char *line;
	off_t end = lseek(log, 0, SEEK_END);
	off_t start = end > (off_t)sizeof text - 1 ? end - (off_t)sizeof text + 1 : 0;

	lseek(log, start, SEEK_SET);
	n = io_read(log, text, sizeof text - 1, NULL);
	text[n > 0 ? n : 0] = '\0';
	for (size_t i = strlen(text); i > 0 && text[i - 1] <= ' '; i--)
		text[i - 1] = '\0';
	line = strrchr(text, '\n');
	line = line != NULL ? line + 1 : text;
	snprintf(out, size, "%s", *line != '\0' ? line : "it says nothing");
}

static int
wait_for(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return 0;
}

static int
judge(int status, int log, const char *script, struct ns_err *e)
{
	char why[256];

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return 0;
	if (WIFSIGNALED(status))
		return ns_fail(e, NS_EINTERNAL, "gnuplot died of signal %d at '%s'",
		    WTERMSIG(status), script);
	last_line(log, why, sizeof why);
	return ns_fail(e, NS_EINTERNAL, "gnuplot failed at '%s': %s", script, why);
}

/* gnuplot takes a leading '-' as an option and '~' as a home. */
static char *
plain_path(const char *dir, const char *script)
{
	struct buf b = {0};

	buf_printf(&b, "%s%s%s%s", dir[0] == '/' ? "" : "./", dir,
	    script[0] != '\0' ? "/" : "", script);
	buf_put(&b, "", 1);
	return (char *)b.p;
}

int
gnuplot_run(const char *dir, const char *script, struct ns_err *e)
{
	char program[] = "gnuplot", defaults[] = "-d", call[] = "-c";
	char *file = plain_path(dir, script), *folder = plain_path(dir, "");
	char *argv[] = {program, defaults, call, file, folder, NULL};
	int log = tmp_open(e), status, rc;
	pid_t pid;

	if (log < 0) {
		rc = log;
		goto out;
	}
	rc = spawn(&pid, argv, log);
	if (rc == ENOENT) {
		rc = 0;
	} else if (rc != 0 || wait_for(pid, &status) < 0) {
		errno = rc != 0 ? rc : errno;
		rc = ns_fail_errno(e, NS_EINTERNAL, "cannot run gnuplot");
	} else {
		rc = judge(status, log, script, e);
	}
	close(log);
out:
	free(file);
	free(folder);
	return rc;
}
