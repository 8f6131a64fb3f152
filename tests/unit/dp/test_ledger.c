/*
 * Ledgers: what is added is there, whatever a crash leaves is read or refused, and what
 * lines cost.  A line taken in spite of a wrong checksum, a cut entry that is counted
 * or spoils what is added behind it, a file open to others, steps of one run added up
 * instead of their most, and chunks of a unit left away fail here.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "dp/ledger/ledger.h"

static const struct dp_entry sgd = {.run = "0123456789abcdef",
    .data = "fedcba9876543210",
    .what = "sgd",
    .unit = "src_ip",
    .net = -1,
    .q = 0.01,
    .sigma = 1.1,
    .clip = 0.5,
    .delta = 1e-6,
    .steps = 100,
    .planned = 1000,
    .series = 16,
    .chunks = 2};

/* A folder of its own for each test, and one file in it. */
struct place {
	char dir[64], path[100];
};

static void
place_make(struct place *p)
{
	snprintf(p->dir, sizeof p->dir, "/tmp/ledger.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof p->path, "%s/l", p->dir);
}

static void
place_remove(struct place *p)
{
	unlink(p->path);
	rmdir(p->dir);
}

static size_t
file_read(const char *path, char *to, size_t most)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(to, 1, most, f);
	fclose(f);
	return n;
}

static void
file_write(const char *path, const char *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_true(write(fd, p, n) == (ssize_t)n);
	close(fd);
}

/* By their lines: structs have bytes that mean nothing. */
static void
same_entry(const struct dp_entry *x, const struct dp_entry *y)
{
	struct buf a = {0}, b = {0};

	dp_entry_put(x, &a);
	dp_entry_put(y, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.p, b.p, a.len);
	buf_free(&a);
	buf_free(&b);
}

/* A ledger of three lines; its text. */
static size_t
three(const char *path, char *text, size_t most)
{
	struct dp_entry x = sgd;
	struct dp_ledger_file *f;
	struct ns_err e;
	bool cut = true;

	f = dp_ledger_open(path, &cut, &e);
	assert_non_null(f);
	assert_false(cut);
	for (; x.steps <= 300; x.steps += 100)
		assert_int_equal(dp_ledger_add(f, &x, &e), NS_OK);
	assert_int_equal(dp_ledger_of(f)->n, 3);
	dp_ledger_close(f);
	return file_read(path, text, most);
}

static void
lines_there_and_back(void **state)
{
	struct dp_entry x = sgd, y;
	struct buf b = {0};
	struct ns_err e;

	(void)state;
	x.q = 0.1 + 0.2; /* 17 digits */
	x.net = 7;
	x.steps = UINT64_C(9999999999999999999);
	dp_entry_put(&x, &b);
	assert_int_equal(dp_entry_get(&y, (char *)b.p, b.len, &e), NS_OK);
	same_entry(&x, &y);
	assert_true(y.q == 0.1 + 0.2);
	assert_int_equal(dp_entry_get(&y, (char *)b.p, b.len - 1, &e), NS_ECORRUPT);
	b.len = 0;
	dp_entry_put(&sgd, &b);
	buf_put(&b, "", 1);
	assert_string_equal((char *)b.p,
	    "run=0123456789abcdef data=fedcba9876543210 what=sgd net=-1 unit=src_ip "
	    "q=0.01 sigma=1.1 clip=0.5 steps=100 planned=1000 series=16 chunks=2 "
	    "delta=1e-06 crc=74b12186");
	buf_free(&b);
}

/* Values that no writer makes, under a checksum that is right. */
static void
values_are_checked(void **state)
{
	struct dp_entry x[9], y;
	struct buf b = {0};
	struct ns_err e;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(x); i++)
		x[i] = sgd;
	x[0].q = 1.5;
	x[1].sigma = -1;
	x[2].delta = 1;
	x[3].series = 0;
	x[4].chunks = -1;
	x[5].net = -2;
	memcpy(x[6].unit, "a b", 4);
	x[7].what[0] = '\0';
	x[8].run[3] = 'X';
	for (i = 0; i < LEN(x); i++) {
		b.len = 0;
		dp_entry_put(&x[i], &b);
		assert_int_equal(dp_entry_get(&y, (char *)b.p, b.len, &e), NS_ECORRUPT);
		assert_string_equal(e.msg, "no entry of a ledger");
	}
	buf_free(&b);
}

static void
entries_stay(void **state)
{
	struct dp_entry bad = sgd;
	struct dp_ledger_file *f;
	struct place p;
	struct ns_err e;
	struct stat st;
	char text[2000], again[2000], data[17], other[17];
	mode_t mask = umask(0);
	bool cut;
	size_t n;

	(void)state;
	place_make(&p);
	n = three(p.path, text, sizeof text);
	assert_int_equal(stat(p.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	f = dp_ledger_open(p.path, &cut, &e);
	assert_non_null(f);
	assert_int_equal(dp_ledger_of(f)->n, 3);
	same_entry(&dp_ledger_of(f)->v[0], &sgd);
	assert_int_equal(dp_ledger_of(f)->v[2].steps, 300);
	bad.q = 2;
	assert_int_equal(dp_ledger_add(f, &bad, &e), NS_EINTERNAL);
	assert_int_equal(file_read(p.path, again, sizeof again), n);
	assert_memory_equal(text, again, n);
	/* names by the secret: equal of equal inputs, other in another ledger */
	dp_ledger_data(f, "abc", 3, data);
	dp_ledger_data(f, "abd", 3, other);
	assert_int_equal(strspn(data, "0123456789abcdef"), 16);
	assert_string_not_equal(data, other);
	dp_ledger_close(f);
	f = dp_ledger_open(p.path, &cut, &e);
	dp_ledger_data(f, "abc", 3, other);
	assert_string_equal(data, other);
	dp_ledger_close(f);
	unlink(p.path);
	umask(0777); /* nor has a strict one a say */
	f = dp_ledger_open(p.path, &cut, &e);
	umask(mask);
	assert_non_null(f);
	dp_ledger_data(f, "abc", 3, other);
	assert_string_not_equal(data, other);
	dp_ledger_close(f);
	assert_int_equal(stat(p.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	place_remove(&p);
}

static void
refused(const char *path, int code, const char *why)
{
	struct ns_err e;
	bool cut;

	assert_null(dp_ledger_open(path, &cut, &e));
	assert_int_equal(e.code, code);
	if (strstr(e.msg, why) == NULL)
		fail_msg("'%s' lacks '%s'", e.msg, why);
}

static void
files_that_are_refused(void **state)
{
	static const char *const other[] = {"", "r", "run=1", "x", "text\n", "n\n",
	    "netshare-ledger 1 secret=00 crc=00000000\n"};
	struct dp_ledger_file *f;
	char text[2000], twice[4000];
	struct place p;
	struct ns_err e;
	bool cut;
	size_t i, n;

	(void)state;
	place_make(&p);
	n = three(p.path, text, sizeof text);
	f = dp_ledger_open(p.path, &cut, &e);
	refused(p.path, NS_EAGAIN, "in use by another process");
	dp_ledger_close(f);
	chmod(p.path, 0640);
	refused(p.path, NS_EPERM, "open to others");
	chmod(p.path, 0602);
	refused(p.path, NS_EPERM, "open to others");
	chmod(p.path, 0600);
	for (i = 1; i < LEN(other); i++) {
		file_write(p.path, other[i], strlen(other[i]));
		refused(p.path, i < 3 ? NS_EKIND : NS_ECORRUPT, p.path);
		assert_int_equal(file_read(p.path, twice, 99), strlen(other[i]));
	}
	memcpy(twice, text, n);
	memcpy(twice + n, text, n);
	file_write(p.path, twice, 2 * n);
	refused(p.path, NS_EKIND, "no ledger");
	twice[16] = '2';
	file_write(p.path, twice, n);
	refused(p.path, NS_EVERSION, "line 1: a ledger of another version");
	refused(p.dir, NS_ECREATE, "cannot open");
	refused("/nowhere/l", NS_ECREATE, "No such file");
	place_remove(&p);
}

/* A file that ends at any byte: what was whole is there, what was not is told, and the
 * next entry stands behind the last whole one. */
static void
cut_at_every_byte(void **state)
{
	struct dp_ledger_file *f;
	char text[2000], after[2000], *nl;
	struct place p;
	struct ns_err e;
	size_t n, i, lines, rest;
	bool cut;

	(void)state;
	place_make(&p);
	n = three(p.path, text, sizeof text);
	for (i = 0; i <= n; i++) {
		for (lines = rest = 0, nl = text;
		     (nl = memchr(nl, '\n', i - (size_t)(nl - text))) != NULL;
		     nl++, lines++)
			rest = (size_t)(nl - text) + 1;
		file_write(p.path, text, i);
		/* a whole line counts though its newline is missing */
		if (i < n && text[i] == '\n') {
			lines++;
			rest = i;
		}
		f = dp_ledger_open(p.path, &cut, &e);
		assert_non_null(f);
		assert_int_equal(cut, i != rest);
		assert_int_equal(dp_ledger_of(f)->n, lines > 0 ? lines - 1 : 0);
		assert_int_equal(dp_ledger_add(f, &sgd, &e), NS_OK);
		dp_ledger_close(f);
		f = dp_ledger_open(p.path, &cut, &e);
		assert_non_null(f);
		assert_false(cut);
		assert_int_equal(dp_ledger_of(f)->n, lines > 0 ? lines : 1);
		dp_ledger_close(f);
		if (lines > 0) {
			file_read(p.path, after, sizeof after);
			assert_memory_equal(after, text, rest);
		}
	}
	place_remove(&p);
}

/* No changed bit goes unseen, and none makes an entry go: the text is refused. */
static void
every_bit(void **state)
{
	struct dp_ledger l = {0};
	char text[2000], where[40];
	struct place p;
	struct ns_err e;
	size_t n, i, line = 1;

	(void)state;
	place_make(&p);
	n = three(p.path, text, sizeof text);
	assert_int_equal(dp_ledger_read(&l, text, n, &e), 0);
	assert_int_equal(l.n, 3);
	for (i = 0; i < 8 * n; i++) {
		bool newline = text[i / 8] == '\n';

		text[i / 8] ^= (char)(1 << i % 8);
		dp_ledger_free(&l);
		assert_true(dp_ledger_read(&l, text, n, &e) < 0);
		text[i / 8] ^= (char)(1 << i % 8);
		snprintf(where, sizeof where, "line %zu: ", line);
		assert_int_equal(strncmp(e.msg, where, strlen(where)), 0);
		line += newline && i % 8 == 7;
	}
	dp_ledger_free(&l);
	place_remove(&p);
}

/* Lines as a model carries them, without a head; a last one that is cut. */
static void
without_a_head(void **state)
{
	struct dp_ledger l = {0};
	struct buf b = {0};
	struct ns_err e;

	(void)state;
	dp_entry_put(&sgd, &b);
	assert_int_equal(dp_ledger_read(&l, (char *)b.p, b.len, &e), 0);
	assert_int_equal(l.n, 1);
	buf_printf(&b, "\nrun=01");
	assert_int_equal(dp_ledger_read(&l, (char *)b.p, b.len, &e), 1);
	assert_int_equal(l.n, 2);
	assert_int_equal(dp_ledger_read(&l, "", 0, &e), 0);
	dp_ledger_free(&l);
	buf_free(&b);
}

/* ---- What lines cost ---- */

static struct dp_entry
line_of(const char *run, const char *what, int net, double q, uint64_t steps,
    int chunks)
{
	struct dp_entry x = sgd;

	memcpy(x.run, run, 17);
	snprintf(x.what, sizeof x.what, "%s", what);
	x.net = net;
	x.q = q;
	x.steps = steps;
	x.chunks = chunks;
	return x;
}

static void
costs(struct dp_entry *v, size_t n, const char *want)
{
	struct dp_ledger l = {.v = v, .n = n};
	struct dp_mechanism *m;
	char text[500] = "";
	size_t made = dp_ledger_mechanisms(&l, &m), i;

	for (i = 0; i < made; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%g*%g ",
		    m[i].q, (double)m[i].steps);
	free(m);
	assert_string_equal(text, want);
}

static void
what_lines_cost(void **state)
{
	static const char a[] = "aaaaaaaaaaaaaaaa", b[] = "bbbbbbbbbbbbbbbb";
	struct dp_entry v[8];

	(void)state;
	costs(v, 0, "");
	/* one run tells how far it has come, in any order */
	v[0] = line_of(a, "sgd", -1, .01, 300, 1);
	v[1] = line_of(a, "sgd", -1, .01, 100, 1);
	v[2] = line_of(a, "sgd", -1, .01, 200, 1);
	costs(v, 3, "0.01*300 ");
	/* another key is another release, and so is another mechanism */
	v[1] = line_of(b, "sgd", -1, .01, 100, 1);
	v[2] = line_of(a, "counts", 0, 1, 1, 1);
	costs(v, 3, "1*1 0.01*300 0.01*100 ");
	/* nets of one chunk each: as many as a unit can be in, the costliest */
	v[0] = line_of(a, "sgd", 0, .01, 300, 2);
	v[1] = line_of(a, "sgd", 1, .01, 100, 2);
	v[2] = line_of(a, "sgd", 2, .01, 250, 2);
	v[3] = line_of(a, "sgd", 3, .01, 300, 2);
	costs(v, 4, "0.01*300 0.01*300 ");
	v[3].steps = 10;
	costs(v, 4, "0.01*300 0.01*250 ");
	v[1].chunks = 3;
	costs(v, 4, "0.01*300 0.01*250 0.01*100 ");
	v[1].chunks = 99;
	costs(v, 4, "0.01*300 0.01*250 0.01*100 0.01*10 ");
	/* as many of each rate where rates differ */
	v[0].chunks = v[1].chunks = v[2].chunks = v[3].chunks = 1;
	v[2].q = v[3].q = .02;
	costs(v, 4, "0.01*300 0.02*250 ");
	/* the same chunk again by another key costs again */
	v[4] = line_of(b, "sgd", 0, .01, 300, 1);
	costs(v, 5, "0.01*300 0.02*250 0.01*300 ");
	v[0].steps = v[1].steps = 0;
	costs(v, 2, "");
	/* noise that changed within a run is another mechanism */
	v[0] = line_of(a, "sgd", -1, .01, 300, 1);
	v[1] = v[0];
	v[1].sigma = 2;
	costs(v, 2, "0.01*300 0.01*300 ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_there_and_back),
	    cmocka_unit_test(values_are_checked),
	    cmocka_unit_test(entries_stay),
	    cmocka_unit_test(files_that_are_refused),
	    cmocka_unit_test(cut_at_every_byte),
	    cmocka_unit_test(every_bit),
	    cmocka_unit_test(without_a_head),
	    cmocka_unit_test(what_lines_cost),
	};

	return cmocka_run_group_tests_name("dp/ledger", tests, NULL, NULL);
}
