/*
 * What streams claim together.  Catches: runs that are not added up, one run counted
 * twice, the stronger of two claims taken, a stream without a claim overlooked, units
 * mixed, numbers out of range believed, claims that do not come back from META.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stream/guarantee.h"

#define KEYS 16

struct pair {
	char key[40], value[160];
};

/* META of one stream. */
struct meta {
	struct pair v[KEYS];
	size_t n;
};

static int
put(void *arg, const char *key, const char *value, struct ns_err *e)
{
	struct meta *m = arg;

	(void)e;
	assert_true(m->n < KEYS);
	assert_true(strlen(value) < sizeof m->v->value);
	snprintf(m->v[m->n].key, sizeof m->v->key, "%s", key);
	snprintf(m->v[m->n++].value, sizeof m->v->value, "%s", value);
	return NS_OK;
}

static const char *
get(const void *from, const char *key)
{
	const struct meta *m = from;
	size_t i;

	for (i = 0; i < m->n; i++)
		if (strcmp(m->v[i].key, key) == 0)
			return m->v[i].value;
	return NULL;
}

static void
claim(struct guarantee *g, const char *run, const char *unit, const char *epsilon,
    const char *delta)
{
	struct meta *m = calloc(1, sizeof *m);

	put(m, "privacy.guarantee", "epsilon and so on", NULL);
	put(m, "privacy.run", run, NULL);
	put(m, "privacy.unit", unit, NULL);
	put(m, "privacy.epsilon", epsilon, NULL);
	put(m, "privacy.delta", delta, NULL);
	guarantee_add(g, get, m);
	free(m);
}

/* The claim of g in words is text; frees g. */
static void
is(struct guarantee *g, const char *text)
{
	struct buf b = {0};

	guarantee_text(g, &b);
	assert_string_equal(b.p, text);
	buf_free(&b);
	guarantee_free(g);
}

static void
test_nothing(void **state)
{
	struct guarantee g = {0};
	struct meta *m = calloc(1, sizeof *m);

	(void)state;
	is(&g, GUARANTEE_NONE);
	guarantee_add(&g, get, m);
	is(&g, GUARANTEE_NONE);
	put(m, "privacy.guarantee", GUARANTEE_NONE, NULL);
	put(m, "privacy.unit", "flow", NULL);
	guarantee_add(&g, get, m);
	is(&g, GUARANTEE_NONE);
	free(m);
}

static void
test_one_run(void **state)
{
	struct guarantee g = {0};

	(void)state;
	claim(&g, "a1", "flow", "2.000", "1e-05");
	claim(&g, "a1", "flow", "2.000", "1e-05");
	assert_int_equal(g.n, 1);
	is(&g, "epsilon 2.000 at delta 1e-05 for each flow, added or removed");
	claim(&g, "a1", "flow", "0.750", "1e-06");
	claim(&g, "a1", "flow", "10.500", "1e-06");
	claim(&g, "a1", "flow", "2.000", "1e-05");
	is(&g, "epsilon 10.500 at delta 1e-05 for each flow, added or removed");
}

static void
test_runs_add_up(void **state)
{
	struct guarantee g = {0}, h = {0};

	(void)state;
	claim(&g, "a1", "src_ip", "1.999", "1e-05");
	claim(&g, "b2", "src_ip", "0.501", "2e-05");
	claim(&g, "a1", "src_ip", "1.000", "1e-05");
	claim(&h, "c3", "src_ip", "0.0001", "1e-07");
	claim(&h, "b2", "src_ip", "0.501", "2e-05");
	guarantee_join(&g, &h);
	guarantee_free(&h);
	is(&g, "epsilon 2.501 at delta 3.01e-05 for each src_ip, added or removed");
}

static void
test_one_without(void **state)
{
	struct guarantee g = {0};
	struct meta *m = calloc(1, sizeof *m);

	(void)state;
	claim(&g, "a1", "flow", "2.000", "1e-05");
	guarantee_add(&g, get, m);
	is(&g, GUARANTEE_NONE);
	free(m);
	claim(&g, "a1", "flow", "2.000", "1e-05");
	claim(&g, "a1", "src_ip", "2.000", "1e-05");
	is(&g, GUARANTEE_NONE);
}

static void
test_values(void **state)
{
	static const struct {
		const char *run, *unit, *epsilon, *delta;
	} bad[] = {{"", "flow", "1", "1e-05"}, {"a1", "", "1", "1e-05"},
	    {"a1", "flow", "", "1e-05"}, {"a1", "flow", "1", ""},
	    {"a1", "flow", "-1", "1e-05"}, {"a1", "flow", "nan", "1e-05"},
	    {"a1", "flow", "inf", "1e-05"}, {"a1", "flow", "1", "1.5"},
	    {"a1", "flow", "1x", "1e-05"}, {"a1", "flow", "1", "1e-05 "},
	    {"a1", "no flow", "1", "1e-05"}, {"a1", "0123456789abcdef", "1", "1e-05"},
	    {"0123456789abcdef0", "flow", "1", "1e-05"},
	    {"a1", "flow", "1.00000000000000000000000000000000000000", "1e-05"}};
	struct guarantee g = {0};
	size_t i;

	(void)state;
	for (i = 0; i < LEN(bad); i++) {
		claim(&g, bad[i].run, bad[i].unit, bad[i].epsilon, bad[i].delta);
		is(&g, GUARANTEE_NONE);
	}
	claim(&g, "0123456789abcdef", "0123456789abcde", "0", "0");
	is(&g, "epsilon 0 at delta 0 for each 0123456789abcde, added or removed");
}

/* What is written of several claims is what is read, and joins with them again. */
static void
test_back(void **state)
{
	struct guarantee g = {0}, h = {0};
	struct meta *m = calloc(1, sizeof *m);

	(void)state;
	claim(&g, "a1", "flow", "2.000", "1e-05");
	claim(&g, "b2", "flow", "1.000", "1e-05");
	assert_int_equal(guarantee_list(&g, put, m, NULL), NS_OK);
	assert_string_equal(get(m, "privacy.epsilon"), "3.000");
	assert_string_equal(get(m, "privacy.delta"), "2e-05");
	assert_null(get(m, "privacy.run"));
	assert_string_equal(get(m, "privacy.claim.1"),
	    "run=b2 unit=flow epsilon=1.000 delta=1e-05");
	guarantee_free(&g);
	guarantee_add(&h, get, m);
	claim(&h, "b2", "flow", "1.000", "1e-05");
	is(&h, "epsilon 3.000 at delta 2e-05 for each flow, added or removed");
	snprintf(m->v[m->n - 1].value, sizeof m->v->value, "%s", GUARANTEE_NONE);
	guarantee_add(&h, get, m);
	is(&h, GUARANTEE_NONE);
	snprintf(m->v[m->n - 1].value, sizeof m->v->value,
	    "run=b2 unit=flow epsilon=1.000 delta=1e-05 more");
	guarantee_add(&h, get, m);
	is(&h, GUARANTEE_NONE);
	free(m);
}

static void
test_one_back(void **state)
{
	struct guarantee g = {0};
	struct meta *m = calloc(1, sizeof *m);

	(void)state;
	claim(&g, "a1", "flow", "2.000", "1e-05");
	assert_int_equal(guarantee_list(&g, put, m, NULL), NS_OK);
	guarantee_free(&g);
	assert_null(get(m, "privacy.claim.0"));
	guarantee_add(&g, get, m);
	is(&g, "epsilon 2.000 at delta 1e-05 for each flow, added or removed");
	free(m);
}

/* More than are kept. */
static void
test_many(void **state)
{
	struct guarantee g = {0};
	char run[17];
	int i;

	(void)state;
	for (i = 0; i < CLAIMS_MAX; i++) {
		snprintf(run, sizeof run, "%d", i);
		claim(&g, run, "flow", "0.001", "1e-09");
	}
	claim(&g, "0", "flow", "0.001", "1e-09");
	assert_int_equal(g.n, CLAIMS_MAX);
	assert_false(g.v[0].none);
	claim(&g, "another", "flow", "0.001", "1e-09");
	assert_int_equal(g.n, CLAIMS_MAX);
	is(&g, GUARANTEE_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing),
	    cmocka_unit_test(test_one_run),
	    cmocka_unit_test(test_runs_add_up),
	    cmocka_unit_test(test_one_without),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_back),
	    cmocka_unit_test(test_one_back),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
