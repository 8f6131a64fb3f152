/* Keys: made by the kernel, named by a hash, kept in files that nobody else can read.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/le.h"
#include "base/mem.h"
#include "base/sig.h"
#include "dp/noise/files.h"
#include "dp/noise/noise.h"

/* A file is one line: the head, 64 hexadecimal digits. */
static const char head[] = "netshare-key 1 ";

enum { HEAD = sizeof head - 1, DIGITS = 2 * DP_KEY_BYTES, TEXT = HEAD + DIGITS + 1 };

int
dp_key_new(struct dp_key *k, struct ns_err *e)
{
	if (getentropy(k->byte, sizeof k->byte) < 0)
		return ns_fail_errno(e, NS_EINTERNAL,
		    "the kernel has no random numbers for a key");
	return NS_OK;
}

/* What a key is asked for besides streams has its label, so no two answers are alike.
 */
static void
derive(const void *secret, size_t n, const char *label, uint8_t tag[32])
{
	dp_hmac(secret, n, label, strlen(label), tag);
}

void
dp_key_insecure(struct dp_key *k, uint64_t seed)
{
	uint8_t s[8];

	put_le64(s, seed);
	derive(s, sizeof s, "netshare insecure key", k->byte);
}

void
dp_key_wipe(struct dp_key *k)
{
	sodium_memzero(k, sizeof *k);
}

void
dp_key_tag(const struct dp_key *k, char tag[17])
{
	uint8_t hash[32];

	derive(k->byte, sizeof k->byte, "netshare name of a key", hash);
	sodium_bin2hex(tag, 17, hash, 8);
}

/* ---- Files ---- */

/* Whoever may read or own the file knows the noise. */
static int
check_file(int fd, const char *path, struct ns_err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return ns_fail_errno(e, NS_EIO, "cannot look at key '%s'", path);
	if (!S_ISREG(st.st_mode))
		return ns_fail(e, NS_ECORRUPT, "'%s' is no key: not a file", path);
	if (st.st_uid != geteuid())
		return ns_fail(e, NS_EPERM, "key '%s' belongs to another user", path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return ns_fail(e, NS_EPERM,
		    "key '%s' is open to others: its noise protects nothing; remove it",
		    path);
	return NS_OK;
}

static bool
parse(struct dp_key *k, const char *text)
{
	size_t got;

	return memcmp(text, head, HEAD) == 0 && text[TEXT - 1] == '\n' &&
	    sodium_hex2bin(k->byte, sizeof k->byte, text + HEAD, DIGITS, NULL, &got,
		NULL) == 0 &&
	    got == sizeof k->byte;
}

/* A file's whole text, NS_ECORRUPT if it is of another length. */
static int
read_text(int fd, char text[TEXT], const char *path, struct ns_err *e)
{
	char more[TEXT + 1] = {0};
	ssize_t n;
	int rc = check_file(fd, path, e);

	if (rc < 0)
		return rc;
	n = io_read(fd, more, sizeof more, e);
	if (n < 0)
		rc = ns_fail_in(e, path);
	else if (n != TEXT)
		rc = ns_fail(e, NS_ECORRUPT, "'%s' is no key", path);
	memcpy(text, more, TEXT);
	sodium_memzero(more, sizeof more);
	return rc;
}

static int
write_key(int fd, const struct dp_key *k, const char *path, struct ns_err *e)
{
	char text[TEXT + 1];
	int rc;

	memcpy(text, head, HEAD);
	sodium_bin2hex(text + HEAD, DIGITS + 1, k->byte, sizeof k->byte);
	text[TEXT - 1] = '\n';
	rc = io_write(fd, text, TEXT, e);
	sodium_memzero(text, sizeof text);
	if (rc < 0)
		return ns_fail_in(e, path);
	if (fsync(fd) < 0)
		return ns_fail_errno(e, NS_EIO, "cannot sync key '%s'", path);
	return NS_OK;
}

/* By link, not by rename: two processes that make one key at a time must not both
 * believe in theirs.  1 where path is there already. */
static int
put_in_place(const char *tmp, const char *path, struct ns_err *e)
{
	if (link(tmp, path) == 0)
		return dp_sync_folder(path, e);
	if (errno == EEXIST)
		return 1;
	return ns_fail_errno(e, NS_ECREATE, "cannot create key '%s'", path);
}

/* As put_in_place has it. */
static int
make_file(const struct dp_key *k, const char *path, struct ns_err *e)
{
	size_t n = strlen(path);
	char *tmp = xmalloc(n + 8);
	int fd, rc;

	memcpy(tmp, path, n);
	memcpy(tmp + n, ".XXXXXX", 8);
	fd = sig_tmp_create(tmp); /* 0600 */
	if (fd < 0) {
		rc = ns_fail_errno(e, NS_ECREATE, "cannot create key '%s'", path);
		free(tmp);
		return rc;
	}
	rc = write_key(fd, k, path, e);
	if (close(fd) < 0 && rc >= 0)
		rc = ns_fail_errno(e, NS_EIO, "cannot close key '%s'", path);
	if (rc >= 0)
		rc = put_in_place(tmp, path, e);
	unlink(tmp);
	sig_tmp_del(tmp);
	free(tmp);
	return rc;
}

static int
open_file(const char *path, int mode)
{
	return open(path, mode | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

/* 1 where path is not there. */
static int
load(struct dp_key *k, const char *path, struct ns_err *e)
{
	char text[TEXT];
	int fd = open_file(path, O_RDONLY), rc;

	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0)
		return ns_fail_errno(e, NS_EIO, "cannot open key '%s'", path);
	rc = read_text(fd, text, path, e);
	if (rc >= 0 && !parse(k, text))
		rc = ns_fail(e, NS_ECORRUPT, "'%s' is no key", path);
	sodium_memzero(text, sizeof text);
	close(fd);
	return rc;
}

int
dp_key_open(struct dp_key *k, const char *path, bool *fresh, struct ns_err *e)
{
	int rc = load(k, path, e);

	*fresh = false;
	if (rc <= 0)
		return rc;
	rc = dp_key_new(k, e);
	if (rc >= 0)
		rc = make_file(k, path, e);
	*fresh = rc == NS_OK;
	if (rc > 0)
		rc = load(k, path, e); /* another process was faster */
	if (rc > 0)
		rc = ns_fail(e, NS_EAGAIN, "key '%s' is made and removed", path);
	return rc;
}

/* What is to be overwritten is a key, or what an interrupted removal has left of one:
 * no other file falls victim to a wrong path. */
static int
check_victim(int fd, const char *path, struct ns_err *e)
{
	char text[TEXT];
	struct dp_key k;
	int rc = read_text(fd, text, path, e);

	if (rc >= 0 && !parse(&k, text) && !sodium_is_zero((uint8_t *)text, TEXT))
		rc = ns_fail(e, NS_ECORRUPT, "'%s' is no key", path);
	sodium_memzero(text, sizeof text);
	dp_key_wipe(&k);
	return rc;
}

/* Overwritten in place; what a file system keeps of older contents is beyond us. */
static int
overwrite(int fd, const char *path, struct ns_err *e)
{
	static const char nothing[TEXT];

	if (lseek(fd, 0, SEEK_SET) < 0)
		return ns_fail_errno(e, NS_EIO, "cannot seek in key '%s'", path);
	if (io_write(fd, nothing, sizeof nothing, e) < 0)
		return ns_fail_in(e, path);
	if (fsync(fd) < 0)
		return ns_fail_errno(e, NS_EIO, "cannot sync key '%s'", path);
	return NS_OK;
}

int
dp_key_remove(const char *path, struct ns_err *e)
{
	int fd = open_file(path, O_RDWR), rc;

	if (fd < 0 && errno == ENOENT)
		return NS_OK;
	if (fd < 0)
		return ns_fail_errno(e, NS_EIO, "cannot open key '%s'", path);
	rc = check_victim(fd, path, e);
	if (rc >= 0)
		rc = overwrite(fd, path, e);
	close(fd);
	if (rc >= 0 && unlink(path) < 0)
		rc = ns_fail_errno(e, NS_EIO, "cannot remove key '%s'", path);
	return rc >= 0 ? dp_sync_folder(path, e) : rc;
}
