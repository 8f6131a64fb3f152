/*
 * Keys: new ones, their names, their files.  Catches: a file that others may read,
 * made or taken; a key that changes when it is read again or is two in two processes;
 * one that is removed and still on disk; a name that tells of the key.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <dirent.h>

#include "base/mem.h"
#include "dp/noise/noise.h"

/* A folder of its own for each test. */
struct place {
	char dir[64], path[80];
};

static int
set_up(void **state)
{
	struct place *p = xmalloc(sizeof *p);
	const char *tmp = getenv("TMPDIR");

	snprintf(p->dir, sizeof p->dir, "%.40s/ns-key.XXXXXX",
	    tmp != NULL && strlen(tmp) <= 40 ? tmp : "/tmp");
	if (mkdtemp(p->dir) == NULL)
		return -1;
	snprintf(p->path, sizeof p->path, "%s/k", p->dir);
	*state = p;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *p = *state;

	unlink(p->path);
	rmdir(p->dir);
	free(p);
	return 0;
}

/* Names in the folder but . and .. */
static int
files_in(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static void
put_file(const char *path, const char *text, size_t n, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static size_t
get_file(const char *path, char *text, size_t most)
{
	int fd = open(path, O_RDONLY);
	ssize_t n;

	assert_true(fd >= 0);
	n = read(fd, text, most);
	assert_true(n >= 0);
	close(fd);
	return (size_t)n;
}

/* ---- Keys ---- */

static void
fresh_ones(void **state)
{
	static const struct dp_key zero;
	struct dp_key k[8];
	struct ns_err e;
	size_t i, j;

	(void)state;
	for (i = 0; i < LEN(k); i++) {
		memset(&k[i], 0, sizeof k[i]);
		assert_int_equal(dp_key_new(&k[i], &e), NS_OK);
		/* both halves: a key of 128 bits would do for neither */
		assert_memory_not_equal(k[i].byte, zero.byte, 16);
		assert_memory_not_equal(k[i].byte + 16, zero.byte, 16);
		for (j = 0; j < i; j++)
			assert_memory_not_equal(&k[i], &k[j], sizeof k[i]);
	}
	dp_key_wipe(&k[0]);
	assert_memory_equal(&k[0], &zero, sizeof zero);
}

/* Values of tests/ref/noise_python.py. */
static void
of_seeds(void **state)
{
	static const uint8_t want[] = {0x8d, 0x71, 0x0d, 0xb8, 0x4e, 0x0a, 0x0e, 0x3c,
	    0x51, 0xe1, 0x07, 0x47, 0xce, 0x44, 0xbd, 0x32, 0xf3, 0xe5, 0x58, 0x3f,
	    0xb9, 0x42, 0x63, 0x1d, 0x14, 0xea, 0x29, 0xc2, 0x18, 0x05, 0x77, 0xb6};
	struct dp_key a, b;

	(void)state;
	dp_key_insecure(&a, 7);
	assert_memory_equal(a.byte, want, sizeof want);
	dp_key_insecure(&b, 8);
	assert_memory_not_equal(&a, &b, sizeof a);
	dp_key_insecure(&b, UINT64_C(7) << 32 | 7);
	assert_memory_not_equal(&a, &b, sizeof a);
}

static void
names(void **state)
{
	char tag[17], other[17];
	struct dp_key k;
	int i;

	(void)state;
	for (i = 0; i < DP_KEY_BYTES; i++)
		k.byte[i] = (uint8_t)i;
	dp_key_tag(&k, tag);
	assert_string_equal(tag, "c145b7e1be4403ba");
	for (i = 0; i < 8 * DP_KEY_BYTES; i++) {
		k.byte[i / 8] ^= (uint8_t)(1 << i % 8);
		dp_key_tag(&k, other);
		assert_string_not_equal(tag, other);
		k.byte[i / 8] ^= (uint8_t)(1 << i % 8);
	}
}

/* ---- Files ---- */

static void
made_once(void **state)
{
	const struct place *p = *state;
	mode_t mask = umask(0);
	struct dp_key a, b;
	struct stat st;
	struct ns_err e;
	bool fresh;

	assert_int_equal(dp_key_open(&a, p->path, &fresh, &e), NS_OK);
	umask(mask);
	assert_true(fresh);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(files_in(p->dir), 1);
	memset(&b, 0, sizeof b);
	assert_int_equal(dp_key_open(&b, p->path, &fresh, &e), NS_OK);
	assert_false(fresh);
	assert_memory_equal(&a, &b, sizeof a);
}

/* The file is what noise.h says, so that keys outlive versions. */
static void
format(void **state)
{
	static const char text[] =
	    "netshare-key 1 "
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
	const struct place *p = *state;
	struct dp_key k;
	struct ns_err e;
	bool fresh;
	int i;

	put_file(p->path, text, sizeof text - 1, 0600);
	assert_int_equal(dp_key_open(&k, p->path, &fresh, &e), NS_OK);
	assert_false(fresh);
	for (i = 0; i < DP_KEY_BYTES; i++)
		assert_int_equal(k.byte[i], i);
}

static void
assert_refused(const char *path, int code)
{
	struct dp_key k;
	struct ns_err e;
	bool fresh = true;

	memset(&e, 0, sizeof e);
	assert_int_equal(dp_key_open(&k, path, &fresh, &e), code);
	assert_int_equal(e.code, code);
	assert_non_null(strstr(e.msg, path));
	assert_false(fresh);
}

static void
open_to_others(void **state)
{
	static const mode_t modes[] = {0640, 0620, 0610, 0604, 0602, 0601, 0644, 0666};
	const struct place *p = *state;
	struct dp_key k;
	struct ns_err e;
	bool fresh;
	size_t i;

	assert_int_equal(dp_key_open(&k, p->path, &fresh, &e), NS_OK);
	for (i = 0; i < LEN(modes); i++) {
		assert_int_equal(chmod(p->path, modes[i]), 0);
		assert_refused(p->path, NS_EPERM);
		assert_int_equal(dp_key_remove(p->path, &e), NS_EPERM);
	}
	assert_int_equal(ns_exit_status(NS_EPERM), 77);
	assert_int_equal(chmod(p->path, 0600), 0);
	if (geteuid() == 0 && chown(p->path, 12345, 0) == 0)
		assert_refused(p->path, NS_EPERM);
}

static void
no_keys(void **state)
{
	static const char good[] =
	    "netshare-key 1 "
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
	const struct place *p = *state;
	char text[sizeof good + 8], still[sizeof good + 8];
	struct ns_err e;
	size_t n;

	/* every length but its own; a byte too many, too */
	for (n = 0; n < sizeof good + 1; n++) {
		memcpy(text, good, sizeof good);
		if (n == sizeof good - 1)
			continue;
		put_file(p->path, text, n, 0600);
		assert_refused(p->path, NS_ECORRUPT);
	}
	/* every byte damaged, and no digit taken for another; what is no key is not
	 * removed either */
	for (n = 0; n < sizeof good - 1; n++) {
		memcpy(text, good, sizeof good);
		text[n] = '\x07';
		put_file(p->path, text, sizeof good - 1, 0600);
		assert_refused(p->path, NS_ECORRUPT);
		assert_int_equal(dp_key_remove(p->path, &e), NS_ECORRUPT);
		assert_int_equal(get_file(p->path, still, sizeof still),
		    sizeof good - 1);
		assert_memory_equal(still, text, sizeof good - 1);
	}
}

static void
no_files(void **state)
{
	const struct place *p = *state;
	char other[96];
	struct dp_key k;
	struct ns_err e;
	bool fresh;

	assert_int_equal(mkdir(p->path, 0700), 0);
	assert_refused(p->path, NS_ECORRUPT);
	rmdir(p->path);
	assert_int_equal(mkfifo(p->path, 0600), 0);
	assert_refused(p->path, NS_ECORRUPT);
	unlink(p->path);
	snprintf(other, sizeof other, "%s/other", p->dir);
	assert_int_equal(dp_key_open(&k, other, &fresh, &e), NS_OK);
	assert_int_equal(symlink(other, p->path), 0);
	assert_refused(p->path, NS_EIO);
	assert_int_equal(dp_key_remove(other, &e), NS_OK);
	unlink(p->path);
	snprintf(other, sizeof other, "%s/none/k", p->dir);
	assert_refused(other, NS_ECREATE);
	assert_int_equal(files_in(p->dir), 0);
}

/* What had the file open sees zeros; a removal that was interrupted goes on. */
static void
removed(void **state)
{
	const struct place *p = *state;
	static const char zero[80];
	char text[100], link_path[96];
	struct dp_key k;
	struct ns_err e;
	bool fresh;
	size_t n;

	assert_int_equal(dp_key_open(&k, p->path, &fresh, &e), NS_OK);
	snprintf(link_path, sizeof link_path, "%s/link", p->dir);
	assert_int_equal(link(p->path, link_path), 0);
	assert_int_equal(dp_key_remove(p->path, &e), NS_OK);
	assert_int_equal(access(p->path, F_OK), -1);
	n = get_file(link_path, text, sizeof text);
	assert_int_equal(n, sizeof zero);
	assert_memory_equal(text, zero, n);
	assert_refused(link_path, NS_ECORRUPT);
	assert_int_equal(dp_key_remove(link_path, &e), NS_OK);
	assert_int_equal(files_in(p->dir), 0);
	assert_int_equal(dp_key_remove(p->path, &e), NS_OK);
}

/* Processes that want one key at a time: one makes it, all have it. */
static void
at_a_time(void **state)
{
	enum { MANY = 8 };
	const struct place *p = *state;
	struct {
		struct dp_key k;
		bool fresh;
	} got[MANY], one;
	struct ns_err e;
	int ends[2], i, status, made = 0;
	pid_t pid[MANY];

	assert_int_equal(pipe(ends), 0);
	for (i = 0; i < MANY; i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (pid[i] > 0)
			continue;
		memset(&one, 0, sizeof one);
		if (dp_key_open(&one.k, p->path, &one.fresh, &e) < 0)
			_exit(1);
		_exit(write(ends[1], &one, sizeof one) != sizeof one);
	}
	for (i = 0; i < MANY; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
		assert_int_equal(read(ends[0], &got[i], sizeof got[i]), sizeof got[i]);
		made += got[i].fresh;
		assert_memory_equal(&got[i].k, &got[0].k, sizeof got[i].k);
	}
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(made, 1);
	assert_int_equal(files_in(p->dir), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fresh_ones),
	    cmocka_unit_test(of_seeds),
	    cmocka_unit_test(names),
	    cmocka_unit_test_setup_teardown(made_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(format, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(open_to_others, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(no_keys, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(no_files, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(removed, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(at_a_time, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("dp/key", tests, NULL, NULL);
}
