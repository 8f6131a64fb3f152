/* The table of referees: what is looked up in it, and what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "rules/referees.h"

/* Read a table of that text; e is filled as by referees_read. */
static int
read_table(const char *text, size_t len, struct referees *r, struct ns_err *e)
{
	char path[] = "/tmp/test_rules.XXXXXX";
	int rc, fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	rc = referees_read(path, r, e);
	assert_true(rc == NS_OK || strstr(e->msg, path) != NULL);
	unlink(path);
	return rc;
}

static void
referees_are_looked_up(void **state)
{
	static const char text[] = "a/real.pcap\ttshark\t20000\t5\n"
				   "a/real.pcap\tzeek\t20000\t0\n"
				   "b c.pcap\ttshark\t0\t0\n"
				   "x/twice.pcap\ttshark\t10\t1\n"
				   "y/twice.pcap\ttshark\t10\t2\n";
	struct referees r;
	struct ns_err e;

	(void)state;
	assert_int_equal(read_table(text, sizeof text - 1, &r, &e), NS_OK);
	assert_int_equal(r.n, 4);
	assert_string_equal(r.v[0].capture, "a/real.pcap");
	assert_true(referees_rate(&r.v[0], REFEREE_TSHARK) == 2.5);
	assert_true(referees_rate(&r.v[0], REFEREE_ZEEK) == 0);
	assert_string_equal(r.v[1].capture, "b c.pcap");
	assert_true(isnan(referees_rate(&r.v[1], REFEREE_TSHARK)));
	assert_true(isnan(referees_rate(&r.v[1], REFEREE_ZEEK)));
	referees_free(&r);
	assert_int_equal(read_table("", 0, &r, &e), NS_OK);
	assert_int_equal(r.n, 0);
	referees_free(&r);
}

static void
damaged_tables_are_refused(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *what;
	} in[] = {
	    {"a\ttshark\t1\n", 11, "line 1: not CAPTURE"},
	    {"a\ttshark\t1\t2\t3\n", 15, "line 1: not CAPTURE"},
	    {"\ttshark\t1\t2\n", 12, "line 1: not CAPTURE"},
	    {"a\ttshark\t1\t2\n\n", 14, "line 2: not CAPTURE"},
	    {"a\tsnort\t1\t2\n", 12, "line 1: 'snort' is no referee"},
	    {"a\ttshark\t-1\t2\n", 14, "line 1: '-1' is not a count"},
	    {"a\ttshark\t1\t2x\n", 14, "line 1: '2x' is not a count"},
	    {"a\ttshark\t99999999999999999999\t2\n", 32, "is not a count"},
	    {"a\ttshark\t1\t2\na\ttshark\t1\t2\n", 26, "line 2: tshark on 'a' comes"},
	    {"a\ttshark\t1\t2", 12, "line 1: the line does not end"},
	    {"a\ttshark\t1\t2\nb\0\n", 16, "line 2: a byte of 0"},
	};
	struct referees r;
	struct ns_err e;

	(void)state;
	for (size_t i = 0; i < LEN(in); i++) {
		assert_int_equal(read_table(in[i].text, in[i].len, &r, &e),
		    NS_ECORRUPT);
		assert_non_null(strstr(e.msg, in[i].what));
		referees_free(&r);
	}
}

static void
other_inputs_are_refused(void **state)
{
	size_t len = (1u << 20) + 1;
	char *text = xcalloc(len, 1);
	struct referees r;
	struct ns_err e;

	(void)state;
	assert_int_equal(read_table(text, len, &r, &e), NS_EKIND);
	free(text);
	referees_free(&r);
	assert_int_equal(referees_read("/nonexistent/table", &r, &e), NS_EIO);
	referees_free(&r);
	assert_int_equal(referees_read("/", &r, &e), NS_EKIND);
	referees_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(referees_are_looked_up),
	    cmocka_unit_test(damaged_tables_are_refused),
	    cmocka_unit_test(other_inputs_are_refused),
	};

	return cmocka_run_group_tests_name("eval_referees", tests, NULL, NULL);
}
