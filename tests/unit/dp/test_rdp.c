/*
 * Renyi divergence and the epsilon it gives: published values, quadrature, and what any
 * set-up must obey.  The weaker conversion (rho + ln(1/delta) / (a - 1)), binomials of
 * fractional orders without their sign, and a search that misses orders fail here.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/mem.h"
#include "dp/account/account.h"
#include "dp/account/tail.h"
#include "golden.h"

static void
near(double got, double want, double relative)
{
	if (!(fabs(got - want) <= relative * fabs(want)))
		fail_msg("%.12g is not %.12g", got, want);
}

/* dp-accounting's. */
static void
whole_orders(void **state)
{
	static const double order[] = {2, 4, 8, 16, 32, 64};
	static const struct {
		double q, sigma, want[6];
	} row[] = {
	    {0.001, 1.0,
		{1.718280352e-6, 3.455232136e-6, 6.987941649e-6, .6320600079,
		    8.869413906, 24.98259781}},
	    {0.01, 1.0,
		{1.718134221e-4, 3.631540489e-4, 8.936439076e-4, 3.087850784,
		    11.24627594, 27.32173187}},
	    {0.01, 0.7,
		{6.694648394e-4, 2.596217055e-3, 2.900284467, 11.41434908, 27.89933716,
		    60.62785432}},
	    {0.04, 1.5,
		{8.949969669e-4, 1.885340064e-3, 4.271584527e-3, .1670092794,
		    3.788426314, 10.95225313}},
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < LEN(row); i++)
		for (j = 0; j < LEN(order); j++)
			near(dp_rdp(row[i].q, row[i].sigma, order[j]), row[i].want[j],
			    1e-9);
	near(50 * dp_rdp(0.01, 2.5, 5), 2.18075656e-3, 1e-8);
	near(50 * dp_rdp(0.01, 2.5, 50), 2.38460375e-2, 1e-8);
	near(50 * dp_rdp(0.01, 2.5, 100), 167.416308, 1e-8);
}

/* E[(1 - q + q e^u)^a] - 1 under the normal, by Simpson's rule. */
static double
quadrature(double q, double s, double a)
{
	const int n = 40000;
	double low = -12 * s, high = a + 12 * s, h = (high - low) / n, sum = 0, x, w, r;
	int i;

	for (i = 0; i <= n; i++) {
		x = low + i * h;
		w = i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2;
		r = log1p(q * expm1((2 * x - 1) / (2 * s * s)));
		sum += w * exp(-x * x / (2 * s * s)) * expm1(a * r);
	}
	return sum * h / 3 / (s * 2.50662827463100050242);
}

static void
fractional_orders(void **state)
{
	static const double set[][3] = {{.01, 2.5, 1.5}, {.01, 1, 1.1}, {.01, 1, 4.4},
	    {.04, 1.5, 3.9}, {.3, 1, 2.5}, {.5, 2, 1.1}, {.7, .8, 6.3},
	    {.001, .7, 10.9}, {.2, 5, 7.5}};
	size_t i;

	(void)state;
	for (i = 0; i < LEN(set); i++)
		near(dp_rdp(set[i][0], set[i][1], set[i][2]),
		    log1p(quadrature(set[i][0], set[i][1], set[i][2])) /
			(set[i][2] - 1),
		    1e-8);
	near(50 * dp_rdp(0.01, 2.5, 1.5), 6.50070897e-4, 2e-9);
	/* between its neighbours wherever the order is whole, too */
	assert_true(dp_rdp(.01, 1, 7.999) < dp_rdp(.01, 1, 8));
	assert_true(dp_rdp(.01, 1, 8) < dp_rdp(.01, 1, 8.001));
	near(dp_rdp(.01, 1, 300.5), 300.5 / 2 + 300.5 * log(.01) / 299.5, 1e-3);
}

/* Those whose best order is whole are equal; unsigned series are up to 1e-3 greater. */
static void
published_epsilons(void **state)
{
	struct dp_mechanism m;
	double epsilon, order;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(golden); i++) {
		if (golden[i].rdp == 0)
			continue;
		m = (struct dp_mechanism){golden[i].q, golden[i].sigma,
		    golden[i].steps};
		epsilon = dp_rdp_epsilon(&m, 1, golden[i].delta, &order);
		assert_true(epsilon <= golden[i].rdp + 1e-6);
		near(epsilon, golden[i].rdp, order == floor(order) ? 1e-6 : 1e-3);
	}
	m = (struct dp_mechanism){150.0 / 60000, 1.3, 6000};
	near(dp_rdp_epsilon(&m, 1, 1e-5, &order), 0.7242234026, 1e-9);
	near(order, 19, 0);
	m = (struct dp_mechanism){.001, 1, 30000};
	near(dp_rdp_epsilon(&m, 1, 1e-7, &order), 1.4154988495, 1e-9);
	near(order, 13, 0);
	m = (struct dp_mechanism){.04, 1.5, 2250}; /* signed: Opacus' */
	near(dp_rdp_epsilon(&m, 1, 1e-5, &order), 7.32911117143, 1e-10);
	near(order, 3.9, 1e-12);
}

/* The least noise for a budget, to the digits that are published. */
static void
published_noise(void **state)
{
	static const struct {
		double q;
		uint64_t steps;
		double epsilon, delta, sigma, digit;
	} row[] = {
	    {.001, 20000, 1, 1e-6, 1.0493, 1e-4},
	    {.001, 20000, 2, 1e-6, .7843, 1e-4},
	    {.001, 20000, 8, 1e-6, .5158, 1e-4},
	    {.01, 2000, 1, 1e-6, 2.1920, 1e-4},
	    {.01, 2000, 2, 1e-6, 1.3117, 1e-4},
	    {.01, 2000, 8, 1e-6, .7013, 2e-4},
	    {.04, 2000, 8, 1e-5, 1.3562, 1e-3},
	    {.04, 2250, 8, 1e-5, 1.416, 2e-3},
	    {1, 1, 1, 1e-6, 4.530877117, 1e-5},
	};
	struct dp_mechanism m;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(row); i++) {
		m = (struct dp_mechanism){row[i].q, row[i].sigma + row[i].digit,
		    row[i].steps};
		assert_true(dp_rdp_epsilon(&m, 1, row[i].delta, NULL) < row[i].epsilon);
		m.sigma = row[i].sigma - row[i].digit;
		assert_true(dp_rdp_epsilon(&m, 1, row[i].delta, NULL) > row[i].epsilon);
	}
}

static void
edges(void **state)
{
	struct dp_mechanism m = {0, 1, 1000}, two[2];
	double order;

	(void)state;
	near(dp_rdp(0, 1, 2), 0, 0);
	near(dp_rdp(1, 2, 3), 3 / 8.0, 1e-15);
	assert_true(isinf(dp_rdp(.5, 0, 2)));
	assert_true(isinf(dp_rdp(.5, 1, INFINITY)));
	near(dp_rdp_epsilon(&m, 1, 1e-5, &order), 0, 0);
	m = (struct dp_mechanism){.1, 0, 1};
	assert_true(isinf(dp_rdp_epsilon(&m, 1, 1e-5, &order)));
	m.steps = 0;
	near(dp_rdp_epsilon(&m, 1, 1e-5, &order), 0, 0);
	near(dp_rdp_epsilon(NULL, 0, 1e-5, NULL), 0, 0);
	m = (struct dp_mechanism){.1, 1, 10};
	assert_true(isinf(dp_rdp_epsilon(&m, 1, 0, NULL)));
	/* finite or infinite, and soon */
	assert_true(dp_rdp(.5, 1e-300, 2.5) > 1e300);
	assert_true(dp_rdp(1e-300, 1, 2.5) >= 0);
	assert_true(dp_rdp(.4999999, .3, 1.0001) > 0);
	assert_true(dp_rdp(1 - 1e-16, 1, 2.5) <= 1.25);
	assert_true(dp_rdp(.01, 1e6, 2.5) < 1e-9);
	/* all together are as many steps of one */
	two[0] = (struct dp_mechanism){.1, 1, 7};
	two[1] = (struct dp_mechanism){.1, 1, 3};
	near(dp_rdp_epsilon(two, 2, 1e-5, NULL), dp_rdp_epsilon(&m, 1, 1e-5, NULL),
	    1e-14);
}

/* More sampling, more steps, less noise: more epsilon. */
static void
monotone(void **state)
{
	double q, before, now;
	struct dp_mechanism m;
	int i;

	(void)state;
	for (before = 0, q = 1e-6; q < 1; q *= 1.7, before = now) {
		m = (struct dp_mechanism){q, 1.2, 50};
		now = dp_rdp_epsilon(&m, 1, 1e-5, NULL);
		assert_true(now >= before);
	}
	for (before = INFINITY, i = 1; i < 40; i++, before = now) {
		m = (struct dp_mechanism){.02, .2 * i, 50};
		now = dp_rdp_epsilon(&m, 1, 1e-5, NULL);
		assert_true(now < before);
		assert_true(dp_rdp(.02, .2 * i, 2.7) > dp_rdp(.02, .2 * i, 2.6));
	}
	for (before = 0, i = 0; i < 30; i++, before = now) {
		m = (struct dp_mechanism){.02, 1, UINT64_C(1) << i};
		now = dp_rdp_epsilon(&m, 1, 1e-5, NULL);
		assert_true(now > before);
	}
}

/* Tails far out: where erfc underflows, and where the series takes over. */
static void
tails(void **state)
{
	(void)state;
	near(dp_log_erfc(19.999999), log(erfc(19.999999)), 1e-15);
	near(dp_log_erfc(20), log(erfc(20)), 1e-12);
	near(dp_log_erfc(26), log(erfc(26)), 1e-12);
	/* erfc(100) = 6.4059614249217320e-4346, by its continued fraction */
	near(dp_log_erfc(100), log(6.405961424921732) - 4346 * log(10), 1e-13);
	near(dp_log_tail(1), log(0.15865525393145705), 1e-14);
	near(dp_tail(-1), 1 - 0.15865525393145705, 1e-15);
	near(dp_log_erfc(-5), log(2 - 1.5374597944280349e-12), 1e-14);
	assert_true(isinf(dp_log_erfc(INFINITY)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_orders),
	    cmocka_unit_test(fractional_orders),
	    cmocka_unit_test(published_epsilons),
	    cmocka_unit_test(published_noise),
	    cmocka_unit_test(edges),
	    cmocka_unit_test(monotone),
	    cmocka_unit_test(tails),
	};

	return cmocka_run_group_tests_name("dp/rdp", tests, NULL, NULL);
}
