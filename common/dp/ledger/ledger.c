/* The file of a ledger: read whole, then only ever appended to. */
#include "dp/ledger/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/io.h"
#include "dp/ledger/lines.h"
#include "dp/noise/files.h"
#include "dp/noise/noise.h"

/* Some hundred thousand lines. */
#define FILE_MAX ((off_t)64 << 20)

struct dp_ledger_file {
	struct dp_ledger l;
	char *path;
	int fd;
	off_t size; /* of all lines on disk */
};

/* A new file's mode is 0600 whatever the umask is. */
static int
open_file(struct dp_ledger_file *f, struct ns_err *e)
{
	const int flags = O_RDWR | O_APPEND | O_CLOEXEC;

	f->fd = open(f->path, flags | O_CREAT | O_EXCL, 0600);
	if (f->fd >= 0 && fchmod(f->fd, 0600) < 0)
		return ns_fail_errno(e, NS_ECREATE, "cannot create ledger '%s'",
		    f->path);
	if (f->fd < 0 && errno == EEXIST)
		f->fd = open(f->path, flags);
	if (f->fd < 0)
		return ns_fail_errno(e,
		    errno == EACCES || errno == EPERM ? NS_EPERM : NS_ECREATE,
		    "cannot open ledger '%s'", f->path);
	if (flock(f->fd, LOCK_EX | LOCK_NB) == 0)
		return NS_OK;
	if (errno == EWOULDBLOCK)
		return ns_fail(e, NS_EAGAIN, "ledger '%s' is in use by another process",
		    f->path);
	return ns_fail_errno(e, NS_EIO, "cannot lock ledger '%s'", f->path);
}

static int
check_file(struct dp_ledger_file *f, struct ns_err *e)
{
	struct stat st;

	if (fstat(f->fd, &st) < 0)
		return ns_fail_errno(e, NS_EIO, "cannot look at ledger '%s'", f->path);
	if (!S_ISREG(st.st_mode))
		return ns_fail(e, NS_EKIND, "'%s' is no ledger: not a file", f->path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return ns_fail(e, NS_EPERM,
		    "ledger '%s' is open to others, who can test guesses of the data; "
		    "chmod 600 it",
		    f->path);
	if (st.st_nlink == 0)
		return ns_fail(e, NS_EAGAIN, "ledger '%s' was removed", f->path);
	if (st.st_size > FILE_MAX)
		return ns_fail(e, NS_ECORRUPT, "ledger '%s' is too large", f->path);
	f->size = st.st_size;
	return NS_OK;
}

/* Bytes behind what is there, and on disk; what a failure leaves of them is taken off.
 */
static int
append(struct dp_ledger_file *f, const struct buf *b, struct ns_err *e)
{
	int rc = io_write(f->fd, b->p, b->len, e);

	if (rc == NS_OK && fsync(f->fd) < 0)
		rc = ns_fail_errno(e, NS_EIO, "sync failed");
	if (rc == NS_OK) {
		f->size += (off_t)b->len;
		return NS_OK;
	}
	if (ftruncate(f->fd, f->size) < 0)
		rc = ns_fail_errno(e, NS_EIO, "a line is cut short");
	return ns_fail_in(e, f->path);
}

static int
cut_to(struct dp_ledger_file *f, size_t size, struct ns_err *e)
{
	if (ftruncate(f->fd, (off_t)size) < 0 || fsync(f->fd) < 0)
		return ns_fail_errno(e, NS_EIO, "cannot shorten ledger '%s'", f->path);
	f->size = (off_t)size;
	return NS_OK;
}

static int
write_head(struct dp_ledger_file *f, struct ns_err *e)
{
	struct buf b = {0};
	int rc;

	if (sodium_init() < 0)
		return ns_fail(e, NS_EINTERNAL, "no secret random numbers");
	randombytes_buf(f->l.secret, sizeof f->l.secret);
	line_put_head(f->l.secret, &b);
	buf_printf(&b, "\n");
	rc = append(f, &b, e);
	sodium_memzero(b.p, b.len);
	buf_free(&b);
	return rc < 0 ? rc : dp_sync_folder(f->path, e);
}

/* What is missing at the end: a head, or the newline that a crash left away. */
static int
complete(struct dp_ledger_file *f, const struct lines *of, struct ns_err *e)
{
	struct buf newline = {(unsigned char *)"\n", 1, 1};
	int rc = NS_OK;

	if (f->size > 0 && (!of->first || of->heads > 1))
		return ns_fail(e, NS_EKIND,
		    "'%s' is no ledger: its head is not its first line alone", f->path);
	if (of->cut)
		rc = cut_to(f, of->whole, e);
	if (rc == NS_OK && f->size == 0)
		return write_head(f, e);
	if (rc == NS_OK && of->open)
		rc = append(f, &newline, e);
	return rc;
}

static int
read_file(struct dp_ledger_file *f, struct lines *of, struct ns_err *e)
{
	struct buf b = {0};
	size_t size = (size_t)f->size;
	ssize_t n;
	int rc = NS_OK;

	if (size > 0)
		buf_room(&b, size);
	n = io_read(f->fd, b.p, size, e);
	if (n < 0)
		rc = ns_fail_in(e, f->path);
	else {
		rc = lines_read(&f->l, (const char *)b.p, (size_t)n, of, e);
		if (rc < 0)
			rc = ns_fail_in(e, f->path);
	}
	buf_free(&b);
	return rc;
}

struct dp_ledger_file *
dp_ledger_open(const char *path, bool *cut, struct ns_err *e)
{
	struct dp_ledger_file *f = xcalloc(1, sizeof *f);
	struct lines of;
	int rc;

	f->path = xstrdup(path);
	f->fd = -1;
	rc = open_file(f, e);
	if (rc == NS_OK)
		rc = check_file(f, e);
	if (rc == NS_OK)
		rc = read_file(f, &of, e);
	if (rc == NS_OK)
		rc = complete(f, &of, e);
	if (rc < 0) {
		dp_ledger_close(f);
		return NULL;
	}
	*cut = of.cut;
	return f;
}

void
dp_ledger_close(struct dp_ledger_file *f)
{
	if (f == NULL)
		return;
	if (f->fd >= 0)
		close(f->fd);
	sodium_memzero(f->l.secret, sizeof f->l.secret);
	dp_ledger_free(&f->l);
	free(f->path);
	free(f);
}

const struct dp_ledger *
dp_ledger_of(const struct dp_ledger_file *f)
{
	return &f->l;
}

int
dp_ledger_add(struct dp_ledger_file *f, const struct dp_entry *x, struct ns_err *e)
{
	struct buf b = {0};
	struct dp_entry back;
	int rc;

	dp_entry_put(x, &b);
	rc = dp_entry_get(&back, (const char *)b.p, b.len, e);
	if (rc < 0)
		rc = ns_fail(e, NS_EINTERNAL, "an entry that makes no sense");
	buf_printf(&b, "\n");
	if (rc == NS_OK)
		rc = append(f, &b, e);
	buf_free(&b);
	if (rc < 0)
		return rc;
	xgrow(&f->l.v, &f->l.cap, f->l.n + 1, sizeof *f->l.v);
	f->l.v[f->l.n++] = back;
	return NS_OK;
}

void
dp_ledger_data(const struct dp_ledger_file *f, const void *digest, size_t n,
    char data[17])
{
	uint8_t tag[32];

	dp_hmac(f->l.secret, sizeof f->l.secret, digest, n, tag);
	sodium_bin2hex(data, 17, tag, 8);
}
