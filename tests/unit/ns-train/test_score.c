/* How far what is drawn is from what is held out: against SciPy, and its bounds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adv/score.h"
#include "likely.h"
#include "scores.h"

enum { LANES = 80, GENUINE = 0, DRAWN = 1 };

struct match {
	struct likely w;
	struct score s;
	struct codes c;
};

static int
set_up(void **state)
{
	struct match *k = xcalloc(1, sizeof *k);

	likely_open(&k->w, 20, 0);
	score_init(&k->s, k->w.m);
	codes_init(&k->c, k->w.m, LANES, WINDOW);
	*state = k;
	return 0;
}

static int
tear_down(void **state)
{
	struct match *k = *state;

	score_free(&k->s);
	codes_free(&k->c);
	likely_close(&k->w);
	free(k);
	return 0;
}

/* As tests/ref/score_scipy.py has them; octets and what is always the same differ, but
 * are not compared. */
static void
fill(struct codes *c, int side, int longest)
{
	int i, t, kind, port;

	for (i = 0; i < LANES; i++) {
		c->n[i] = 1 + (5 * i + 3 * side) % 4;
		c->n[i] = c->n[i] < longest ? c->n[i] : longest;
		kind = (i * i + i / 3 * (1 + side)) % 4;
		port = (i + kind * side) % 3;
		codes_attr(c, i)[KIND] = (uint16_t)kind;
		codes_attr(c, i)[PORT] = (uint16_t)port;
		codes_attr(c, i)[OCTET] = (uint16_t)(side + i % 7);
		codes_attr(c, i)[SAME] = 0;
		for (t = 0; t < WINDOW; t++) {
			codes_step(c, i, t)[0] =
			    (uint16_t)((kind + 2 * t + i * side) % 5);
			codes_step(c, i, t)[1] = (uint16_t)((t + port + i / 5) % 3);
		}
	}
}

static void
show(struct match *k, int side, int n, int longest)
{
	fill(&k->c, side, longest);
	score_add(&k->s, side == GENUINE ? &k->s.genuine : &k->s.drawn, &k->c, n);
}

static void
near(double got, double want)
{
	if (!(fabs(got - want) < 1e-12))
		fail_msg("%.15g, not %.15g", got, want);
}

static void
symbols_that_are_compared(void **state)
{
	const int symbols[] = {KIND, PORT, SIZE, GAP};
	struct match *k = *state;

	assert_int_equal(k->s.n, LEN(symbols));
	assert_memory_equal(k->s.symbol, symbols, sizeof symbols);
}

static void
as_scipy_has_it(void **state)
{
	struct match *k = *state;

	show(k, GENUINE, 50, 4);
	show(k, DRAWN, LANES, 4);
	near(score_value(&k->s), score_of_all);
	near(score_value(&k->s), score_of_all); /* nothing is left of the counts */
}

/* In parts, and in any order of the sides. */
static void
in_parts(void **state)
{
	struct match *k = *state;
	struct codes rest;
	int i;

	fill(&k->c, DRAWN, 4);
	rest = k->c;
	score_add(&k->s, &k->s.drawn, &k->c, 30);
	rest.attr += 30 * rest.P;
	rest.step += 30 * rest.window * rest.M;
	rest.n += 30;
	score_add(&k->s, &k->s.drawn, &rest, LANES - 30);
	show(k, GENUINE, 50, 4);
	near(score_value(&k->s), score_of_all);
	/* twice as often is as often */
	for (i = 0; i < 3; i++)
		show(k, GENUINE, 50, 4);
	near(score_value(&k->s), score_of_all);
}

/* No record follows another: these pairs are left out of the mean. */
static void
series_of_one_record(void **state)
{
	struct match *k = *state;

	show(k, GENUINE, 50, 1);
	show(k, DRAWN, LANES, 1);
	near(score_value(&k->s), score_of_first_records);
}

static void
few(void **state)
{
	struct match *k = *state;

	show(k, GENUINE, 3, 4);
	show(k, DRAWN, 2, 4);
	near(score_value(&k->s), score_of_few);
}

static void
equal_sets_are_0(void **state)
{
	struct match *k = *state;

	fill(&k->c, GENUINE, 4);
	score_add(&k->s, &k->s.genuine, &k->c, LANES);
	score_add(&k->s, &k->s.drawn, &k->c, LANES);
	near(score_value(&k->s), 0);
}

static void
disjoint_sets_are_1(void **state)
{
	struct match *k = *state;
	int side, i, t;

	for (side = 0; side < 2; side++) {
		for (i = 0; i < LANES; i++) {
			k->c.n[i] = WINDOW;
			codes_attr(&k->c, i)[KIND] = (uint16_t)(2 * side + i % 2);
			codes_attr(&k->c, i)[PORT] = (uint16_t)side;
			for (t = 0; t < WINDOW; t++) {
				codes_step(&k->c, i, t)[0] =
				    (uint16_t)(2 * side + t % 2);
				codes_step(&k->c, i, t)[1] = (uint16_t)(side * 2);
			}
		}
		score_add(&k->s, side == GENUINE ? &k->s.genuine : &k->s.drawn, &k->c,
		    LANES);
	}
	near(score_value(&k->s), 1);
}

/* The same records in another order within their series: pairs of one record agree,
 * those of one behind the other do not. */
static void
order_counts(void **state)
{
	struct match *k = *state;
	int side, i, t;

	for (side = 0; side < 2; side++) {
		for (i = 0; i < LANES; i++) {
			k->c.n[i] = WINDOW;
			codes_attr(&k->c, i)[KIND] = codes_attr(&k->c, i)[PORT] = 0;
			for (t = 0; t < WINDOW; t++) {
				codes_step(&k->c, i, t)[0] =
				    (uint16_t)(side ? t / 2 : t % 2);
				codes_step(&k->c, i, t)[1] = 0;
			}
		}
		score_add(&k->s, side == GENUINE ? &k->s.genuine : &k->s.drawn, &k->c,
		    LANES);
	}
	/* of the 8 pairs one differs: 0 1, 1 0, 0 1 against 0 0, 0 1, 1 1 */
	near(score_value(&k->s), (2 * log2(4. / 3) + 1 + log2(2. / 3) + 2) / 6 / 8);
}

/* A window that is held out has no records. */
static void
nothing_to_compare(void **state)
{
	struct match *k = *state;

	assert_true(score_value(&k->s) == 0);
	show(k, GENUINE, 50, 4);
	assert_true(score_value(&k->s) == 0);
	show(k, DRAWN, LANES, 0);
	assert_int_equal(k->s.drawn.records, 0);
	assert_true(score_value(&k->s) == 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(symbols_that_are_compared),
	    TEST(as_scipy_has_it),
	    TEST(in_parts),
	    TEST(series_of_one_record),
	    TEST(few),
	    TEST(equal_sets_are_0),
	    TEST(disjoint_sets_are_1),
	    TEST(order_counts),
	    TEST(nothing_to_compare),
	};

	return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
