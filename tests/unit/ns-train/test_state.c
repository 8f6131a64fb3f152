/* Judgements of a checkpoint that cannot be, and those of a model without steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "likely.h"

enum { N = 300 };

/* What comes of reading it again where the first net was best at that. */
static int
again(struct ar_learn *l, double best, struct ns_err *e)
{
	char path[64];
	struct nsr_reader *r;
	double held;
	int fd, rc;

	snprintf(path, sizeof path, "%s/state-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	l->judged[KIND].best = best;
	likely_put(l, 0, path);
	r = nsr_reader_new(in_open(path, e), path);
	assert_int_equal(nsr_stream(r, e), 1);
	rc = ar_learn_get(l, &held, r, e);
	nsr_reader_free(r);
	unlink(path);
	return rc;
}

/* One that is not finite would be the best for ever. */
static void
best_is_a_number(void **state)
{
	const double no[] = {NAN, -INFINITY, INFINITY};
	struct likely w;
	struct ns_err e;
	size_t i;

	(void)state;
	likely_open(&w, N, .2);
	assert_int_equal(again(w.l, 1.25, &e), NS_OK);
	assert_int_equal(again(w.l, 0, &e), NS_OK);
	/* floats may say that more than all is sure */
	assert_int_equal(again(w.l, -1e-7, &e), NS_OK);
	for (i = 0; i < LEN(no); i++) {
		assert_int_equal(again(w.l, no[i], &e), NS_ECORRUPT);
		assert_non_null(strstr(e.msg, "'judged' is damaged"));
	}
	likely_close(&w);
}

/* Attributes of one code each have no choice, and a step has no symbols: nothing can be
 * judged, so nothing ends. */
static void
without_choice_nothing_ends(void **state)
{
	uint8_t rec[2 + 4] = {0};
	struct ar_series series[20];
	struct tensor_schema s;
	struct ar_config c;
	struct ar_learn *l;
	struct ns_err e;
	struct rng r;
	struct ar *m;
	real *filled;
	size_t i;

	(void)state;
	gemm_start();
	tensor_schema_init(&s);
	tensor_schema_add(&s, NSR_ATTRIBUTE, "same", NSR_CATEGORY, 1, "");
	tensor_schema_add(&s, NSR_ATTRIBUTE, "again", NSR_CATEGORY, 1, "");
	hypers_default(&ar_hypers, &c);
	c.attr_units = c.ctx_units = c.head_units = c.lstm_units = 5;
	c.batch_size = 4;
	c.hold_out = .5;
	m = ar_new(&s, &c, 1, &e);
	assert_non_null(m);
	rng_init(&r, 1, 0);
	ar_init(m, &r);
	put_le32(rec + s.attr_bytes, 1);
	for (i = 0; i < LEN(series); i++)
		series[i] = (struct ar_series){rec, 1, (uint32_t)i, 0};
	l = ar_learn_new(m, NULL, series, LEN(series), 3, NULL);
	assert_true(m->lengths[0] == LEN(series));
	assert_true(l->held.n_series > 0);
	for (i = 0; i < 3; i++)
		assert_true(ar_learn_judge(l) == 0);
	assert_false(ar_learn_ended(l));
	filled = likely_filled(l, l->mean);
	ar_learn_settle(l);
	assert_memory_equal(m->block, filled, m->n_train * sizeof *m->block);
	free(filled);
	ar_learn_free(l);
	ar_free(m);
	tensor_schema_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(best_is_a_number),
	    cmocka_unit_test(without_choice_nothing_ends),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
