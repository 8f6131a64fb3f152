/* Outputs appear whole or not at all; the thread pool runs every job once. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/huge.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/pattern.h"
#include "base/pool.h"

static char dir[] = "/tmp/netshare-test.XXXXXX";

static const char *
in_dir(const char *name)
{
	static char path[256];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static int
files_in_dir(void)
{
	char cmd[256];
	FILE *f;
	int n = -1;

	snprintf(cmd, sizeof cmd, "ls -A %s | wc -l", dir);
	f = popen(cmd, "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%d", &n), 1);
	pclose(f);
	return n;
}

static void
commit_renames(void **state)
{
	struct ns_err e;
	struct out *o = out_open(in_dir("a"), true, &e);
	struct stat st;

	(void)state;
	assert_non_null(o);
	assert_int_equal(out_write(o, "hello", 5, &e), NS_OK);
	assert_int_equal(stat(in_dir("a"), &st), -1);
	assert_int_equal(out_commit(o, &e), NS_OK);
	assert_int_equal(stat(in_dir("a"), &st), 0);
	assert_int_equal(st.st_size, 5);
	assert_int_equal(files_in_dir(), 1);
	unlink(in_dir("a"));
}

static void
abort_leaves_nothing(void **state)
{
	struct ns_err e;
	struct out *o = out_open(in_dir("b"), true, &e);

	(void)state;
	assert_int_equal(out_printf(o, &e, "%01200d", 7), NS_OK);
	out_abort(o);
	assert_int_equal(files_in_dir(), 0);
}

static void
full_disk_is_told(void **state)
{
	struct ns_err e;
	struct out *o = out_open("/dev/full", true, &e);

	(void)state;
	assert_non_null(o);
	assert_int_equal(out_write(o, "x", 1, &e), NS_OK);
	assert_int_equal(out_commit(o, &e), NS_EIO);
	assert_int_equal(ns_exit_status(e.code), 74);
	assert_non_null(strstr(e.msg, "/dev/full"));
}

static void
bad_paths(void **state)
{
	struct ns_err e;

	(void)state;
	assert_null(out_open("/nonexistent/x", true, &e));
	assert_int_equal(ns_exit_status(e.code), 73);
	assert_true(in_open("/nonexistent", &e) < 0);
	assert_int_equal(ns_exit_status(e.code), 74);
	assert_true(in_open("/tmp", &e) < 0);
	assert_int_equal(ns_exit_status(e.code), 65);
}

static int
parse(enum opt_type type, void *var, const char *text)
{
	struct opt_def o = {'x', "x", "X", "", type, var, NULL};
	struct ns_err e;

	return opt_value(&o, text, &e);
}

static void
option_values(void **state)
{
	uint64_t u;
	int64_t d;
	double f;
	int i;

	(void)state;
	assert_int_equal(parse(OPT_SIZE, &u, "256M"), NS_OK);
	assert_int_equal(u, 256u << 20);
	assert_int_equal(parse(OPT_SIZE, &u, "10"), NS_OK);
	assert_int_equal(u, 10);
	assert_int_equal(parse(OPT_SIZE, &u, "10X"), NS_EUSAGE);
	assert_int_equal(parse(OPT_SIZE, &u, "10MM"), NS_EUSAGE);
	assert_int_equal(parse(OPT_DUR, &d, "15m"), NS_OK);
	assert_int_equal(d, INT64_C(900000000000));
	assert_int_equal(parse(OPT_DUR, &d, "250ms"), NS_OK);
	assert_int_equal(d, 250000000);
	assert_int_equal(parse(OPT_DUR, &d, "0"), NS_EUSAGE);
	assert_int_equal(parse(OPT_U64, &u, "-1"), NS_EUSAGE);
	assert_int_equal(parse(OPT_U64, &u, " 1"), NS_EUSAGE);
	assert_int_equal(parse(OPT_U64, &u, "18446744073709551616"), NS_EUSAGE);
	assert_int_equal(parse(OPT_INT, &i, "2147483648"), NS_EUSAGE);
	assert_int_equal(parse(OPT_F64, &f, "nan"), NS_EUSAGE);
	assert_int_equal(parse(OPT_F64, &f, "1e-4"), NS_OK);
}

static void
name_is(const char *pattern, int chunk, const char *expected)
{
	struct ns_err e;
	char *name;

	assert_int_equal(pattern_check(pattern, &e), 1);
	name = pattern_name(pattern, chunk);
	assert_string_equal(name, expected);
	free(name);
}

static void
patterns(void **state)
{
	static const char *const bad[] = {"a%", "a%s", "%d%d", "%%", "%d%%", "%n",
	    "%-3d", "%ld", "%123d", "% d", "%d%", "%.3d", "%x"};
	struct ns_err e;
	size_t i;

	(void)state;
	assert_int_equal(pattern_check("plain", &e), 0);
	name_is("chunk-%03d.ns", 7, "chunk-007.ns");
	name_is("%d", 4095, "4095");
	name_is("d/%2d", 3, "d/ 3");
	name_is("a%0d", 3, "a3");
	name_is("%012dz", 3, "000000000003z");
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(pattern_check(bad[i], &e), NS_EUSAGE);
}

static void
bump(void *arg, int job)
{
	((int *)arg)[job]++;
}

static void
pool_runs_every_job_once(void **state)
{
	int n[64], t, round, i;
	struct pool *p;

	(void)state;
	for (t = 1; t <= 4; t++) {
		p = pool_new(t);
		memset(n, 0, sizeof n);
		for (round = 0; round < 500; round++)
			pool_run(p, bump, n, 1 + round % 64);
		pool_free(p);
		for (i = 0; i < 64; i++)
			/* round % 64 >= i: seven whole cycles and 52 rounds more */
			assert_int_equal(n[i], 7 * (64 - i) + (i < 52 ? 52 - i : 0));
	}
}

/* Jobs that hand out jobs: all are run, each once, and the outer ones wait for theirs.
 */
struct nest {
	struct pool *pool;
	int inner[8][16], seen[8];
};

struct nested_job {
	struct nest *nest;
	int outer;
};

static void
inner_job(void *arg, int job)
{
	const struct nested_job *k = arg;

	k->nest->inner[k->outer][job]++;
}

static void
outer_job(void *arg, int job)
{
	struct nested_job k = {arg, job};
	int i;

	pool_run(k.nest->pool, inner_job, &k, 16);
	for (i = 0; i < 16; i++)
		k.nest->seen[job] += k.nest->inner[job][i];
}

static void
pool_runs_jobs_of_jobs(void **state)
{
	static struct nest n;
	int t, round, i;

	(void)state;
	for (t = 1; t <= 4; t++) {
		memset(&n, 0, sizeof n);
		n.pool = pool_new(t);
		for (round = 1; round <= 300; round++) {
			memset(n.seen, 0, sizeof n.seen);
			pool_run(n.pool, outer_job, &n, 8);
			for (i = 0; i < 8; i++)
				assert_int_equal(n.seen[i], 16 * round);
		}
		pool_free(n.pool);
	}
}

/* Zero, and writable to the end, whether in large pages or not. */
static void
huge_arrays_are_zero(void **state)
{
	const size_t size[] = {0, 1, 4096, (1 << 20) - 1, 1 << 20, (2 << 20) + 1,
	    7 << 20};
	unsigned char *p;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof size / sizeof size[0]; i++) {
		p = huge_calloc(size[i], 1);
		for (j = 0; j < size[i]; j++)
			assert_int_equal(p[j], 0);
		memset(p, 0xff, size[i]);
		huge_free(p, size[i], 1);
	}
	huge_free(NULL, 5 << 20, 1);
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL;
}

static int
remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(commit_renames),
	    cmocka_unit_test(abort_leaves_nothing),
	    cmocka_unit_test(full_disk_is_told),
	    cmocka_unit_test(bad_paths),
	    cmocka_unit_test(option_values),
	    cmocka_unit_test(patterns),
	    cmocka_unit_test(pool_runs_every_job_once),
	    cmocka_unit_test(pool_runs_jobs_of_jobs),
	    cmocka_unit_test(huge_arrays_are_zero),
	};

	return cmocka_run_group_tests_name("base/files", tests, make_dir, remove_dir);
}
