/* Edges of hostile spans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../tools/ns-chunk/chunk.h"

/* The status of spans_make for a trace from min to max, and the edges. */
static int
spans_of(struct spans *s, struct chunk_opts *o, int64_t min, int64_t max)
{
	struct ns_err e;
	struct intake in;
	int rc;

	intake_init(&in, o);
	in.n = 2;
	in.min_ns = min;
	in.max_ns = max;
	rc = spans_make(s, &in, &e);
	intake_free(&in);
	return rc;
}

static void
check_rising(const struct spans *s)
{
	int i;

	for (i = 0; i < s->n; i++) {
		assert_true(s->edge[i] < s->edge[i + 1]);
		assert_int_equal(spans_find(s, s->edge[i]), i);
		assert_int_equal(spans_find(s, s->edge[i + 1] - 1), i);
	}
}

static void
hostile_spans(void **state)
{
	struct chunk_opts o = {.count = 10};
	struct spans s;

	(void)state;
	assert_int_equal(spans_of(&s, &o, INT64_MIN, INT64_MAX), NS_ECORRUPT);
	assert_int_equal(spans_of(&s, &o, INT64_MIN, 0), NS_ECORRUPT);
	assert_int_equal(spans_of(&s, &o, INT64_MAX, INT64_MAX), NS_ECORRUPT);
	assert_int_equal(spans_of(&s, &o, INT64_MAX - 5, INT64_MAX - 5), NS_ECORRUPT);
	assert_int_equal(spans_of(&s, &o, INT64_MAX - 10, INT64_MAX - 10), NS_OK);
	check_rising(&s);
	assert_int_equal(spans_of(&s, &o, INT64_MIN, -2), NS_OK);
	check_rising(&s);
	assert_true(s.edge[10] == -1);
	assert_int_equal(spans_of(&s, &o, 0, INT64_MAX - 1), NS_OK);
	check_rising(&s);
	o.count = CHUNKS_MAX;
	assert_int_equal(spans_of(&s, &o, -1000, 100), NS_OK);
	check_rising(&s);
}

static void
fixed_lengths(void **state)
{
	struct chunk_opts o = {.span_ns = 100};
	struct spans s;

	(void)state;
	assert_int_equal(spans_of(&s, &o, 50, 249), NS_OK);
	assert_int_equal(s.n, 2);
	assert_int_equal(spans_of(&s, &o, 50, 250), NS_OK);
	assert_int_equal(s.n, 3);
	assert_true(s.edge[3] == 350);
	check_rising(&s);
	assert_int_equal(spans_of(&s, &o, 0, 100 * CHUNKS_MAX - 1), NS_OK);
	assert_int_equal(s.n, CHUNKS_MAX);
	assert_int_equal(spans_of(&s, &o, 0, 100 * CHUNKS_MAX), NS_EUSAGE);
	assert_int_equal(spans_of(&s, &o, INT64_MAX - 60, INT64_MAX - 1), NS_ECORRUPT);
	o.span_ns = INT64_MAX;
	assert_int_equal(spans_of(&s, &o, -5, 5), NS_OK);
	assert_int_equal(s.n, 1);
	o.span_ns = 100;
	o.has_from = o.has_to = true;
	o.from_ns = 0;
	o.to_ns = 150;
	assert_int_equal(spans_of(&s, &o, 20, 130), NS_OK);
	assert_int_equal(s.n, 2);
	assert_true(s.edge[0] == 0 && s.edge[1] == 100 && s.edge[2] == 150);
}

static void
windows(void **state)
{
	struct chunk_opts o = {.count = 4, .has_from = true, .from_ns = 100};
	struct spans s;

	(void)state;
	assert_int_equal(spans_of(&s, &o, 150, 499), NS_OK);
	assert_true(s.edge[0] == 100 && s.edge[2] == 300 && s.edge[4] == 500);
	o.has_to = true;
	o.to_ns = 900;
	assert_int_equal(spans_of(&s, &o, 150, 499), NS_OK);
	assert_true(s.edge[0] == 100 && s.edge[1] == 300 && s.edge[4] == 900);
	o.to_ns = 103;
	assert_int_equal(spans_of(&s, &o, 101, 102), NS_EUSAGE);
	o.has_from = o.has_to = true;
	o.from_ns = INT64_MIN;
	o.to_ns = INT64_MAX;
	assert_int_equal(spans_of(&s, &o, 101, 102), NS_ECORRUPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hostile_spans),
	    cmocka_unit_test(fixed_lengths),
	    cmocka_unit_test(windows),
	};

	return cmocka_run_group_tests_name("ns-chunk spans", tests, NULL, NULL);
}
