/* The longest series, which are learnt, take part in the judgement of attributes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "likely.h"

enum { STEPS = ATTRS, NETS, OF_SIZE = NETS, OF_GAP, N = 300 };

/* Nats and choices of the averaged nets for all symbols of series as a whole. */
static void
ask(struct ar_learn *l, const struct ar_series *s, size_t n, struct symbol_loss *each)
{
	struct tape *t = tape_new(&l->averaged, 1, 32);
	real h[16] = {0}, c[16] = {0};
	struct tape_loss loss = {0};
	struct lane lane;
	size_t i;

	assert_true(l->m->H <= 16);
	memset(each, 0, SYMBOLS * sizeof *each);
	t->each = each;
	for (i = 0; i < n; i++) {
		lane = (struct lane){.series = &s[i], .n = s[i].length};
		tape_load(t, &lane, 1);
		tape_run(t, h, c, false, false, 0, NULL, &loss);
	}
	tape_free(t);
}

/* Attributes by both, steps by those that are held out; these alone make the nats that
 * are told. */
static void
they_judge_attributes_alone(void **state)
{
	struct symbol_loss longs[SYMBOLS], series[SYMBOLS];
	struct likely with, without;
	double a, b, mean;
	int i;

	(void)state;
	likely_open(&with, N, .2);
	likely_open(&without, N, .2);
	assert_true(with.l->held.n_longs >= 4);
	without.l->held.n_longs = 0;
	ask(with.l, with.l->held.longs, with.l->held.n_longs, longs);
	ask(with.l, with.l->held.series, with.l->held.n_series, series);
	a = ar_learn_judge(with.l);
	b = ar_learn_judge(without.l);
	assert_true(a > 0 && a == b);
	for (i = 0; i < ATTRS; i++) {
		if (i == SAME) /* has never a choice */
			continue;
		assert_true(longs[i].n > 0 && series[i].n > 0);
		mean = (longs[i].nats + series[i].nats) /
		    (double)(longs[i].n + series[i].n);
		assert_true(fabs(with.l->judged[i].best - mean) < 1e-5 * mean);
		assert_true(with.l->judged[i].best != without.l->judged[i].best);
	}
	for (i = STEPS; i <= OF_GAP; i++)
		assert_true(with.l->judged[i].best == without.l->judged[i].best);
	likely_close(&with);
	likely_close(&without);
}

/* Code 0 of the kind, which all long series have, becomes more probable, and what is
 * held out a little less so: is that the end when it is seen twice? */
static bool
stops(bool longs)
{
	struct likely w;
	real *bias;
	bool stopped;
	size_t i;

	likely_open(&w, N, .2);
	for (i = 0; i < w.l->held.n_longs; i++)
		((uint8_t *)(uintptr_t)w.l->held.longs[i].rec)[KIND] = 0;
	if (!longs)
		w.l->held.n_longs = 0;
	bias = w.l->averaged.net.pick[KIND].out.b;
	ar_learn_judge(w.l);
	*bias += (real).5;
	for (i = 0; i < 2; i++) {
		ar_learn_judge(w.l);
		assert_true((w.l->judged[KIND].worse == 0) == longs);
	}
	stopped = w.l->judged[KIND].stopped;
	likely_close(&w);
	return stopped;
}

static void
what_long_series_gain_goes_on(void **state)
{
	(void)state;
	assert_true(stops(false));
	assert_false(stops(true));
}

/* Where nothing is held out they alone judge nothing. */
static void
they_do_not_judge_alone(void **state)
{
	struct likely w;

	(void)state;
	likely_open(&w, N, 0);
	assert_true(w.l->held.n_longs > 0);
	assert_true(ar_learn_judge(w.l) == 0);
	assert_true(w.l->judged[KIND].best == 0);
	likely_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(they_judge_attributes_alone),
	    cmocka_unit_test(what_long_series_gain_goes_on),
	    cmocka_unit_test(they_do_not_judge_alone),
	};

	return cmocka_run_group_tests_name("longest", tests, NULL, NULL);
}
