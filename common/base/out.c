/* The outputs of io.h: buffered, and under their final name only when complete. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/sig.h"

#define OUT_BUF (256u << 10)

struct out {
	int fd;
	char *path; /* final name; NULL = standard output */
	char *tmp;  /* temporary name; NULL = written in place (a device or pipe) */
	size_t len;
	unsigned char buf[OUT_BUF];
};

static struct out *
out_new(int fd, const char *path)
{
	struct out *o = xmalloc(sizeof *o);

	o->fd = fd;
	o->path = path != NULL ? xstrdup(path) : NULL;
	o->tmp = NULL;
	o->len = 0;
	return o;
}

/* mkstemp makes 0600; a finished file has the mode the caller's umask asks for. */
static int
open_tmp(const char *path, char **tmp)
{
	size_t n = strlen(path);
	mode_t mask;
	int fd;

	*tmp = xmalloc(n + 8);
	memcpy(*tmp, path, n);
	memcpy(*tmp + n, ".XXXXXX", 8);
	fd = sig_tmp_create(*tmp);
	if (fd < 0) {
		free(*tmp);
		*tmp = NULL;
		return -1;
	}
	mask = umask(0);
	umask(mask);
	fchmod(fd, 0666 & ~mask);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

static struct out *
open_stdout(bool binary, struct ns_err *e)
{
	if (binary && isatty(STDOUT_FILENO)) {
		ns_fail(e, NS_EUSAGE,
		    "binary data is not written to a terminal: use -o or a pipe");
		return NULL;
	}
	return out_new(STDOUT_FILENO, NULL);
}

struct out *
out_open(const char *path, bool binary, struct ns_err *e)
{
	struct stat st;
	struct out *o;
	char *tmp = NULL;
	int fd;

	if (path == NULL || strcmp(path, "-") == 0)
		return open_stdout(binary, e);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		ns_fail(e, NS_ECREATE, "cannot create '%s': it is a directory", path);
		return NULL;
	}
	/* A device or a pipe cannot be replaced by a rename and must not be. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		fd = open(path, O_WRONLY | O_CLOEXEC);
	else
		fd = open_tmp(path, &tmp);
	if (fd < 0) {
		ns_fail_errno(e, NS_ECREATE, "cannot create '%s'", path);
		return NULL;
	}
	o = out_new(fd, path);
	o->tmp = tmp;
	return o;
}

int
out_flush(struct out *o, struct ns_err *e)
{
	size_t n = o->len;

	o->len = 0;
	if (io_write(o->fd, o->buf, n, e) < 0)
		return ns_fail_in(e, o->path != NULL ? o->path : "standard output");
	return NS_OK;
}

int
out_write(struct out *o, const void *p, size_t n, struct ns_err *e)
{
	if (n > OUT_BUF - o->len) {
		if (out_flush(o, e) < 0)
			return e != NULL ? e->code : NS_EIO;
		if (n >= OUT_BUF) {
			if (io_write(o->fd, p, n, e) < 0)
				return ns_fail_in(e,
				    o->path != NULL ? o->path : "standard output");
			return NS_OK;
		}
	}
	memcpy(o->buf + o->len, p, n);
	o->len += n;
	return NS_OK;
}

int
out_printf(struct out *o, struct ns_err *e, const char *fmt, ...)
{
	char line[1024], *big;
	va_list ap;
	int n, rc;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	if (n < 0)
		return ns_fail(e, NS_EINTERNAL, "cannot format output");
	if ((size_t)n < sizeof line)
		return out_write(o, line, (size_t)n, e);
	big = xmalloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(big, (size_t)n + 1, fmt, ap);
	va_end(ap);
	rc = out_write(o, big, (size_t)n, e);
	free(big);
	return rc;
}

static void
out_drop(struct out *o)
{
	if (o->tmp != NULL)
		sig_tmp_del(o->tmp);
	free(o->tmp);
	free(o->path);
	free(o);
}

/* The name survives a crash only if the folder is on disk too.  Best effort: some file
 * systems refuse to sync a folder. */
static void
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = xstrdup(path);
	int fd;

	if (slash == NULL)
		strcpy(dir, ".");
	else
		dir[slash == path ? 1 : slash - path] = '\0';
	fd = open(dir, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(dir);
}

static int
finish_file(struct out *o, struct ns_err *e)
{
	if (fsync(o->fd) < 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP)
		return ns_fail_errno(e, NS_EIO, "cannot sync '%s'", o->path);
	if (close(o->fd) < 0) {
		o->fd = -1;
		return ns_fail_errno(e, NS_EIO, "cannot close '%s'", o->path);
	}
	o->fd = -1;
	if (o->tmp == NULL)
		return NS_OK;
	if (rename(o->tmp, o->path) < 0)
		return ns_fail_errno(e, NS_ECREATE, "cannot rename to '%s'", o->path);
	sig_tmp_del(o->tmp);
	free(o->tmp);
	o->tmp = NULL;
	sync_folder(o->path);
	return NS_OK;
}

int
out_commit(struct out *o, struct ns_err *e)
{
	int rc = out_flush(o, e);

	if (rc == NS_OK && o->path != NULL)
		rc = finish_file(o, e);
	else if (rc == NS_OK && close(o->fd) < 0)
		rc = ns_fail_errno(e, NS_EIO, "cannot close standard output");
	if (rc == NS_OK)
		out_drop(o);
	else
		out_abort(o);
	return rc;
}

void
out_abort(struct out *o)
{
	if (o == NULL)
		return;
	if (o->path != NULL && o->fd >= 0)
		close(o->fd);
	if (o->tmp != NULL)
		unlink(o->tmp);
	out_drop(o);
}

int
out_whole(const char *path, const void *p, size_t n, struct ns_err *e)
{
	struct out *o = out_open(path, false, e);
	int rc;

	if (o == NULL)
		return e->code;
	rc = out_write(o, p, n, e);
	if (rc < 0) {
		out_abort(o);
		return rc;
	}
	return out_commit(o, e);
}
