/* Points in time as text, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/timetext.h"

static void
parsed(void **state)
{
	static const struct {
		const char *text;
		int64_t t_ns;
	} good[] = {
	    {"0", 0},
	    {"1458298072.364", 1458298072364000000},
	    {"-1.5", -1500000000},
	    {"1.000000001", 1000000001},
	    {"9223372035.999999999", 9223372035999999999},
	    {"1970-01-01", 0},
	    {"2016-03-18T10:47:52.364Z", 1458298072364000000},
	    {"2016-03-18 10:47:52.364", 1458298072364000000},
	    {"2016-03-18T10:47", 1458298020000000000},
	    {"2000-02-29T00:00:00Z", 951782400000000000},
	    {"1969-12-31T23:59:59Z", -1000000000},
	};
	static const char *const bad[] = {"", "x", "-", "1.", ".5", "1.0000000001",
	    "1e9", "9999999999", "2016-13-01", "2016-02-30", "2015-02-29",
	    "2016-03-18T", "2016-03-18T24:00", "2016-03-18T10:47:52.Z",
	    "2016-03-18T10:47:52+01:00", "1600-01-01", "2300-01-01", "2016-3-18", " 1",
	    "1 ", "2016-03-18ZZ"};
	struct ns_err e;
	int64_t t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(time_parse(good[i].text, &t, &e), NS_OK);
		assert_true(t == good[i].t_ns);
	}
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(time_parse(bad[i], &t, &e), NS_EUSAGE);
}

static void
written(void **state)
{
	static const struct {
		int64_t t_ns;
		const char *text;
	} good[] = {
	    {0, "1970-01-01T00:00:00Z"},
	    {1458298072364000000, "2016-03-18T10:47:52.364Z"},
	    {951782400000000000, "2000-02-29T00:00:00Z"},
	    {1709251199999999999, "2024-02-29T23:59:59.999999999Z"},
	    {-1, "1969-12-31T23:59:59.999999999Z"},
	    {-1000000000, "1969-12-31T23:59:59Z"},
	    {10000000, "1970-01-01T00:00:00.01Z"},
	    {INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
	    {INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
	};
	char text[TIME_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof good / sizeof good[0]; i++) {
		time_text(good[i].t_ns, text);
		assert_string_equal(text, good[i].text);
	}
}

/* A time of every day of nearly four hundred years. */
static void
there_and_back(void **state)
{
	const int64_t day = INT64_C(86400000000000);
	char text[TIME_TEXT];
	struct ns_err e;
	int64_t t, back;

	(void)state;
	for (t = -100 * 365 * day; t < 290 * 365 * day; t += day - 1000000007) {
		time_text(t, text);
		assert_int_equal(time_parse(text, &back, &e), NS_OK);
		assert_true(back == t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parsed),
	    cmocka_unit_test(written),
	    cmocka_unit_test(there_and_back),
	};

	return cmocka_run_group_tests_name("base/timetext", tests, NULL, NULL);
}
