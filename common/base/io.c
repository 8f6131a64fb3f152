#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sig.h"

int
in_open(const char *path, struct ns_err *e)
{
	struct stat st;
	int fd = STDIN_FILENO;

	if (path == NULL || strcmp(path, "-") == 0)
		path = "standard input";
	else
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ns_fail_errno(e, NS_EIO, "cannot open '%s'", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (fd != STDIN_FILENO)
			close(fd);
		return ns_fail(e, NS_EKIND, "'%s' is a directory", path);
	}
	return fd;
}

ssize_t
io_read(int fd, void *buf, size_t n, struct ns_err *e)
{
	size_t done = 0;
	ssize_t r;

	while (done < n) {
		r = read(fd, (char *)buf + done, n - done);
		if (r == 0)
			break;
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return ns_fail_errno(e, NS_EIO, "read failed");
		done += (size_t)r;
	}
	return (ssize_t)done;
}

/* The parent may have ignored SIGPIPE; a closed pipe must end us all the same. */
static void
die_of_pipe(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sig_raise(SIGPIPE);
}

int
io_write(int fd, const void *buf, size_t n, struct ns_err *e)
{
	const char *p = buf;
	ssize_t r;

	while (n > 0) {
		r = write(fd, p, n);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && errno == EPIPE)
			die_of_pipe();
		if (r < 0)
			return ns_fail_errno(e, NS_EIO, "write failed");
		p += r;
		n -= (size_t)r;
	}
	return NS_OK;
}

int
tmp_open(struct ns_err *e)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd, n;

	if (dir == NULL || *dir == '\0')
		dir = "/tmp";
	n = snprintf(path, sizeof path, "%s/netshare.XXXXXX", dir);
	if (n < 0 || (size_t)n >= sizeof path)
		return ns_fail(e, NS_ECREATE, "TMPDIR is too long");
	fd = mkstemp(path);
	if (fd < 0)
		return ns_fail_errno(e, NS_ECREATE,
		    "cannot create a temporary file in '%s'", dir);
	unlink(path);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

int
folder_make(const char *path, struct ns_err *e)
{
	struct stat st;

	if (mkdir(path, 0777) == 0)
		return NS_OK;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return NS_OK;
	return ns_fail_errno(e, NS_ECREATE, "cannot create folder '%s'", path);
}
