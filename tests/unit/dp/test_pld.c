/*
 * Privacy loss distributions against closed forms, quadrature, published values and
 * each other.  Rounding losses up (drift), the lesser direction only, a step's far tail
 * dropped, and a transform that is too short fail here.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/mem.h"
#include "dp/account/pld.h"
#include "dp/account/tail.h"
#include "golden.h"

static void
close_to(double got, double want, double by)
{
	if (!(fabs(got - want) <= by))
		fail_msg("%.12g is not within %g of %.12g", got, by, want);
}

static struct dp_mechanism
of_golden(size_t i)
{
	return (struct dp_mechanism){golden[i].q, golden[i].sigma, golden[i].steps};
}

/* On the grid that the published values were made on, to their digits; on a hundred
 * times wider one, too, where what the grid adds is most of it. */
static void
published_on_one_grid(void **state)
{
	struct dp_mechanism m;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(golden); i++) {
		m = of_golden(i);
		close_to(pld_epsilon_spaced(&m, 1, golden[i].delta, 1e-4),
		    golden[i].pld, golden[i].pld > 20 ? 4e-5 : 1e-5);
	}
	m = (struct dp_mechanism){.001, 1, 10000};
	close_to(pld_epsilon_spaced(&m, 1, 1e-6, 1e-2), 1.2050, 1e-4);
}

/*
 * What a grid adds goes with the square of its distance.  So two grids tell where the
 * finest would be: epsilon is at least that, and at most 1e-4 more; and never more than
 * what others tell, of whom prv_accountant adds 0.01.  Below it stands the central
 * limit (mu = q sqrt(steps) / sigma), above it Renyi.
 */
static void
published_set_ups(void **state)
{
	double epsilon, wide, fine, limit;
	struct dp_mechanism m;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(golden); i++) {
		m = of_golden(i);
		epsilon = dp_pld_epsilon(&m, 1, golden[i].delta);
		assert_true(epsilon <= golden[i].pld + 1e-5);
		assert_true(epsilon <= dp_rdp_epsilon(&m, 1, golden[i].delta, NULL));
		assert_true(dp_gaussian_delta(m.q * sqrt((double)m.steps) / m.sigma,
				epsilon) <= golden[i].delta * 1.0001);
		if (golden[i].prv > 0) {
			assert_true(epsilon <= golden[i].prv);
			assert_true(golden[i].prv - epsilon < 0.02);
		}
		wide = golden[i].pld > 20 ? 1e-3 : 1e-4;
		fine = pld_epsilon_spaced(&m, 1, golden[i].delta, wide / 2);
		wide = pld_epsilon_spaced(&m, 1, golden[i].delta, wide);
		limit = fine - (wide - fine) / 3;
		assert_true(epsilon >= limit - 2e-5);
		assert_true(epsilon <= limit + 1e-4);
	}
}

/* Not sampled: any number of releases is one of mu^2 = sum of 1 / sigma^2. */
static void
closed_form(void **state)
{
	static const struct dp_mechanism two[] = {{1, 2, 3}, {1, .9, 1}, {0, 1, 5}};
	static const double sigma[] = {.05, .3, 1, 3, 40, 1000};
	double mu, epsilon, e;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(sigma); i++) {
		struct dp_mechanism m = {1, sigma[i], 3};

		mu = sqrt(3) / sigma[i];
		epsilon = dp_pld_epsilon(&m, 1, 1e-6);
		close_to(dp_gaussian_delta(mu, epsilon) / 1e-6, 1, 1e-3);
		for (e = 0; e < 3 * mu; e += mu / 2)
			if (dp_gaussian_delta(mu, e) > 1e-15)
				close_to(dp_pld_delta(&m, 1, e) /
					dp_gaussian_delta(mu, e),
				    1, 2e-3);
	}
	mu = sqrt(3 / 4.0 + 1 / .81);
	for (e = 0; e < 6; e++)
		close_to(dp_pld_delta(two, 3, e) / dp_gaussian_delta(mu, e), 1, 2e-3);
	close_to(dp_gaussian_delta(1, 4.37717810), 1e-5, 1e-12);
	close_to(dp_gaussian_delta(1 / 3.73063163, 1), 1e-5, 1e-12);
	close_to(dp_gaussian_delta(sqrt(1000) / 50, 2.59438338), 1e-5, 1e-12);
	close_to(dp_gaussian_delta(1, 1), 0.126936, 1e-6);
}

static void
published_deltas(void **state)
{
	struct dp_mechanism m = {.2, .5, 3};

	(void)state;
	close_to(dp_pld_delta(&m, 1, 1), 0.15594, 1e-5);
	m = (struct dp_mechanism){1, sqrt(3), 3};
	close_to(dp_pld_delta(&m, 1, 1), 0.126936, 2e-6);
	m = (struct dp_mechanism){.01, 4, 10000};
	close_to(dp_pld_delta(&m, 1, 1), 4.2532e-6, 2e-8);
	m.steps = 1000;
	assert_true(dp_pld_delta(&m, 1, 1) < 1e-18);
}

/* ---- One step, exactly ---- */

/* sup P - e^e Q of one sampled step, whichever of both P is (theorem of Balle and Wang
 * for the threshold where the ratio is e^e). */
static double
exact(double q, double s, double e, bool add)
{
	double x;

	if (!add) {
		if (e <= log1p(-q))
			return -expm1(e);
		x = s * s * log((exp(e) - 1 + q) / q) + 0.5;
		return (1 - q) * dp_tail(x / s) + q * dp_tail((x - 1) / s) -
		    exp(e) * dp_tail(x / s);
	}
	if (e >= -log1p(-q))
		return 0;
	x = s * s * log((exp(-e) - 1 + q) / q) + 0.5;
	return dp_tail(-x / s) -
	    exp(e) * ((1 - q) * dp_tail(-x / s) + q * dp_tail((1 - x) / s));
}

/* On the grid's points a step is what the pair of distributions is; both ways. */
static void
one_step(void **state)
{
	static const double set[][2] = {{.01, 1}, {.3, .5}, {.9, 2}, {.001, .4}};
	double low, high, h = 0.01, e, d;
	struct pld s;
	size_t i, j, k;
	int add;

	(void)state;
	for (i = 0; i < 2 * LEN(set); i++) {
		add = i % 2 == 1;
		pld_range(set[i / 2][0], set[i / 2][1], add, 1e-14, &low, &high);
		pld_step(&s, set[i / 2][0], set[i / 2][1], add, h,
		    (int64_t)floor(low / h), (int64_t)ceil(high / h));
		for (j = 0; j < s.n; j++) {
			e = (double)(s.first + (int64_t)j) * h;
			d = s.beyond;
			for (k = j + 1; k < s.n; k++)
				d -= s.p[k] * expm1((double)j * h - (double)k * h);
			close_to(d, exact(set[i / 2][0], set[i / 2][1], e, add), 1e-12);
		}
		pld_free(&s);
	}
}

/* ---- Together ---- */

/* One sampled step and one Gaussian: the loss of the Gaussian is normal, so the sum's
 * delta is one integral, by Simpson's rule. */
static double
with_gaussian(double q, double s, double mu, double e, bool add)
{
	const int n = 20000;
	double low = mu * mu / 2 - 10 * mu, h = 20 * mu / n, sum = 0, y, z, w;
	int i;

	for (i = 0; i <= n; i++) {
		y = low + i * h;
		z = (y - mu * mu / 2) / mu;
		w = i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2;
		sum += w * exp(-z * z / 2) * exact(q, s, e - y, add);
	}
	return sum * h / 3 / (mu * 2.50662827463100050242);
}

static void
different_mechanisms(void **state)
{
	struct dp_mechanism m[2] = {{.2, .8, 1}, {1, 2, 1}};
	double e, want;

	(void)state;
	for (e = 0; e < 5; e += 0.5) {
		want = fmax(with_gaussian(.2, .8, .5, e, false),
		    with_gaussian(.2, .8, .5, e, true));
		close_to(dp_pld_delta(m, 2, e) / want, 1, 2e-3);
	}
	/* halves that are told apart are the whole */
	m[0] = (struct dp_mechanism){.01, 1, 500};
	close_to(dp_pld_epsilon((struct dp_mechanism[]){{.01, 1, 250},
				    {.01, 1 + 1e-9, 250}},
		     2, 1e-6),
	    dp_pld_epsilon(m, 1, 1e-6), 2e-5);
	close_to(dp_pld_epsilon((struct dp_mechanism[]){{.01, 1, 250}, {.01, 1, 250}},
		     2, 1e-6),
	    dp_pld_epsilon(m, 1, 1e-6), 1e-12);
	/* counts and many steps: no less than either, no more than both by Renyi */
	m[1] = (struct dp_mechanism){1, 5, 1};
	e = dp_pld_epsilon(m, 2, 1e-6);
	assert_true(e > dp_pld_epsilon(m, 1, 1e-6));
	assert_true(e > dp_pld_epsilon(m + 1, 1, 1e-6));
	assert_true(e < dp_rdp_epsilon(m, 2, 1e-6, NULL));
	/* the order is of no account */
	close_to(dp_pld_epsilon((struct dp_mechanism[]){m[1], m[0]}, 2, 1e-6), e, 1e-9);
}

/* ---- Limits ---- */

/* Losses above all that is told count as infinite, and only they. */
static void
far_losses(void **state)
{
	struct dp_mechanism m = {1e-3, .02, 1};

	(void)state;
	close_to(dp_pld_delta(&m, 1, 500), 1e-3, 1e-6);
	assert_true(isinf(dp_pld_epsilon(&m, 1, 1e-4)));
	assert_true(dp_pld_epsilon(&m, 1, 2e-3) <= 1e-3);
	m.steps = 10;
	close_to(dp_pld_delta(&m, 1, 500), 1 - pow(.999, 10), 1e-6);
	assert_true(dp_pld_epsilon(&m, 1, 2e-2) <= 1e-2);
}

static void
edges(void **state)
{
	struct dp_mechanism m = {0, 1, 10};

	(void)state;
	close_to(dp_pld_epsilon(&m, 1, 1e-5), 0, 0);
	close_to(dp_pld_epsilon(NULL, 0, 1e-5), 0, 0);
	close_to(dp_pld_delta(NULL, 0, 1), 0, 0);
	m = (struct dp_mechanism){.1, 0, 0};
	close_to(dp_pld_epsilon(&m, 1, 1e-5), 0, 0);
	m.steps = 1;
	assert_true(isinf(dp_pld_epsilon(&m, 1, 1e-5)));
	close_to(dp_pld_delta(&m, 1, 1), 1, 0);
	m = (struct dp_mechanism){.1, 1, 10};
	assert_true(isinf(dp_pld_epsilon(&m, 1, 0)));
	close_to(dp_pld_epsilon(&m, 1, 1), 0, 0);
	m = (struct dp_mechanism){.5, 1, UINT64_MAX};
	assert_true(isinf(dp_pld_epsilon(&m, 1, 1e-5)));
	m = (struct dp_mechanism){.01, .1, 1000};
	assert_true(isinf(dp_pld_epsilon(&m, 1, 1e-5)));
	m = (struct dp_mechanism){1, 1e-200, 1};
	assert_true(isinf(dp_pld_epsilon(&m, 1, 1e-5)));
	m = (struct dp_mechanism){1e-30, 1, 1};
	assert_true(dp_pld_epsilon(&m, 1, 1e-5) < 1e-9);
	m = (struct dp_mechanism){1, 1 / 40.0, 1}; /* just below 1000 */
	close_to(dp_gaussian_delta(40, dp_pld_epsilon(&m, 1, 1e-5)) / 1e-5, 1, 0.02);
	m = (struct dp_mechanism){1, 1e9, 1};
	assert_true(dp_pld_epsilon(&m, 1, 1e-12) < 1e-6);
}

static void
monotone(void **state)
{
	double before, now, q;
	struct dp_mechanism m;
	int i;

	(void)state;
	for (before = 0, q = 1e-5; q <= 1; q *= 2.5, before = now) {
		m = (struct dp_mechanism){q, 1.2, 20};
		now = dp_pld_epsilon(&m, 1, 1e-5);
		assert_true(now >= before - 1e-5);
		assert_true(now <= dp_rdp_epsilon(&m, 1, 1e-5, NULL));
	}
	for (before = INFINITY, i = 1; i < 12; i++, before = now) {
		m = (struct dp_mechanism){.02, .4 * i, 50};
		now = dp_pld_epsilon(&m, 1, 1e-5);
		assert_true(now <= before + 1e-5);
		assert_true(dp_pld_epsilon(&m, 1, 1e-6) > now);
	}
	for (before = 0, i = 0; i < 16; i += 2, before = now) {
		m = (struct dp_mechanism){.02, 1, UINT64_C(1) << i};
		now = dp_pld_epsilon(&m, 1, 1e-5);
		assert_true(now >= before - 1e-5);
	}
}

static void
told_epsilons(void **state)
{
	(void)state;
	close_to(dp_round_up(0), 0, 0);
	close_to(dp_round_up(1.0001), 1.001, 1e-15);
	close_to(dp_round_up(1.001), 1.001, 1e-15);
	assert_true(dp_round_up(0.5553921) >= 0.5553921);
	close_to(dp_round_up(1e-9), 0.001, 1e-15);
	assert_true(isinf(dp_round_up(INFINITY)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_step),
	    cmocka_unit_test(published_on_one_grid),
	    cmocka_unit_test(published_set_ups),
	    cmocka_unit_test(published_deltas),
	    cmocka_unit_test(closed_form),
	    cmocka_unit_test(different_mechanisms),
	    cmocka_unit_test(far_losses),
	    cmocka_unit_test(edges),
	    cmocka_unit_test(monotone),
	    cmocka_unit_test(told_epsilons),
	};

	return cmocka_run_group_tests_name("dp/pld", tests, NULL, NULL);
}
