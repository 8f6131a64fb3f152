/*
 * Private steps of the autoregressive kind.
 *
 * What each test catches:
 *   sum_is_of_clipped_units: series that are clipped one by one, a shard that is
 *     clipped as one, units that are shifted, the norm of a mean
 *   sum_without_clipping_is_the_gradient: series that are left out, counted twice
 *   neighbours_differ_by_a_unit: whatever one unit does to what others give; units that
 *     are huge, zero, not finite or copies
 *   noise_is_all_of_the_step: noise on some of the weights alone, or twice, or of
 *     another round; weights that are not learnt and move
 *   nominal_halves_the_step: noise that is divided twice, or not at all
 *   step_takes_its_sample: units that no sample has, a batch that is its own divisor
 *   threads_give_the_same
 *   lengths_are_public_or_telling: lengths that cannot be, counts that are only noise,
 *     a chunk whose series have no length
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "secret.h"

static double
length_of(const real *a, const real *b, size_t n)
{
	double sum = 0, d;
	size_t i;

	for (i = 0; i < n; i++) {
		d = (double)a[i] - (b != NULL ? (double)b[i] : 0);
		sum += d * d;
	}
	return sqrt(sum);
}

static uint32_t
every_unit(uint32_t *list)
{
	uint32_t i;

	for (i = 0; i < UNITS; i++)
		list[i] = i;
	return UNITS;
}

static void
check_sum(struct secret *w, double clip)
{
	size_t n = w->m->n_train, i;
	uint32_t list[UNITS], u, clipped = 0;
	real *sum = xcalloc(n, sizeof *sum);
	double *expected = xcalloc(n, sizeof *expected), size = 0;

	w->how.clip = clip;
	ar_private_sum(w->p, list, every_unit(list), sum);
	for (u = 0; u < UNITS; u++)
		clipped += secret_add(w, u, expected) > clip;
	for (i = 0; i < n; i++)
		size += expected[i] * expected[i];
	for (i = 0; i < n; i++)
		if (!(fabs((double)sum[i] - expected[i]) < 2e-5 * sqrt(size)))
			fail_msg("weight %zu: %.9g, not %.9g (of %g)", i,
			    (double)sum[i], expected[i], sqrt(size));
	if (clip > 1e6)
		assert_int_equal(clipped, 0);
	else
		assert_in_range(clipped, UNITS / 10, UNITS - UNITS / 10);
	free(expected);
	free(sum);
}

static void
sum_is_of_clipped_units(void **state)
{
	struct secret w;

	(void)state;
	secret_open(&w, 1);
	secret_shake(&w, 3, 1);
	check_sum(&w, 5);
	secret_close(&w);
}

static void
sum_without_clipping_is_the_gradient(void **state)
{
	struct secret w;

	(void)state;
	secret_open(&w, 1);
	secret_shake(&w, 4, 1);
	check_sum(&w, 1e9);
	secret_close(&w);
}

/* Some weights that are no numbers, or as large as there are. */
static void
spoil(struct secret *w, uint64_t seed)
{
	const real bad[] = {NAN, INFINITY, 1e30f, -1e38f};
	struct rng r;
	size_t i;
	int net;

	rng_init(&r, seed, 2);
	net = (int)rng_below(&r, (uint32_t)w->m->P + 1);
	i = w->m->net_at[net] +
	    rng_below(&r, (uint32_t)(w->m->net_at[net + 1] - w->m->net_at[net]));
	w->m->block[i] = bad[rng_below(&r, LEN(bad))];
}

/* Batches of some units with and without one more, among them its copy. */
static double
worst_pair(struct secret *w, uint64_t seed, int pairs)
{
	size_t n = w->m->n_train, k;
	real *with = xcalloc(n, sizeof *with), *without = xcalloc(n, sizeof *with);
	uint32_t list[UNITS], less[UNITS], some, one, i;
	double worst = 0, d;
	struct rng r;

	rng_init(&r, seed, 0);
	while (pairs-- > 0) {
		some = every_unit(list);
		rng_shuffle(&r, list, some);
		some = 1 + rng_below(&r, 30);
		one = rng_below(&r, some);
		if (pairs % 3 == 0 && some > 1)
			list[(one + 1) % some] = list[one] ^ 1;
		for (i = 0; i < some; i++)
			less[i - (i > one)] = list[i];
		ar_private_sum(w->p, list, some, with);
		ar_private_sum(w->p, less, some - 1, without);
		for (k = 0; k < n; k++)
			assert_true(isfinite(with[k]));
		d = length_of(with, without, n);
		worst = d > worst ? d : worst;
	}
	free(with);
	free(without);
	return worst;
}

static void
neighbours_differ_by_a_unit(void **state)
{
	const double by[] = {.1, 1, 3, 30, 1e4};
	double worst, all = 0;
	struct secret w;
	uint64_t i, j;

	(void)state;
	secret_open(&w, 1);
	w.how.clip = 1.5;
	for (i = 0; i < LEN(by); i++)
		for (j = 0; j < 20; j++) {
			secret_shake(&w, 10 * i + j, by[i]);
			if (j % 2 == 1)
				spoil(&w, j);
			worst = worst_pair(&w, 100 * i + j, 10);
			if (!(worst <= w.how.clip * (1 + 1e-6)))
				fail_msg("weights times %g, %d: %.9g", by[i], (int)j,
				    worst);
			all = worst > all ? worst : all;
		}
	assert_true(all > .999 * w.how.clip);
	secret_close(&w);
}

/* What Adam got in a step: of weights that are learnt. */
static real *
step_alone(struct secret *w, uint64_t step)
{
	struct ar_health h;
	struct ns_err e;

	assert_int_equal(ar_private_step(w->p, step, 0, &h, &e), NS_OK);
	assert_true(isnan(h.attr) && isnan(h.step) && isnan(h.held));
	return secret_state(w, "mean.");
}

/* Embeddings stay as they begin. */
static bool
is_table(const char *name)
{
	return strstr(name, "embed") != NULL || strstr(name, ".chunk") != NULL ||
	    strstr(name, ".length") != NULL;
}

/* Nobody is sampled: all there is is noise. */
static void
noise_is_all_of_the_step(void **state)
{
	const struct param *a;
	struct secret w;
	real *got, *noise, *was, *other;
	size_t n, i, learnt = 0;
	int k;

	(void)state;
	secret_open(&w, 2);
	n = w.m->n_train;
	w.how.rate = 1e-12;
	w.how.sigma = 1.5;
	w.how.clip = 2;
	was = xcalloc(n, sizeof *was);
	memcpy(was, w.m->block, n * sizeof *was);
	noise = xcalloc(n, sizeof *noise);
	other = xcalloc(n, sizeof *other);
	private_noise(&w.how, 3, 0, noise, n);
	private_noise(&w.how, 2, 0, other, n);
	got = step_alone(&w, 3);
	for (k = 0; k < w.m->params.n; k++) {
		a = &w.m->params.v[k];
		for (i = a->off; i < a->off + a->n && i < n; i++)
			if (is_table(a->name)) {
				assert_true(got[i] == 0 && w.m->block[i] == was[i]);
			} else {
				assert_true(got[i] == noise[i] / 64);
				assert_true(got[i] != other[i] / 64);
				assert_true(w.m->block[i] != was[i]);
				learnt++;
			}
	}
	assert_true(learnt > 1000 && learnt < n);
	assert_true(
	    fabs(length_of(got, NULL, n) * 64 / sqrt((double)learnt) / 3 - 1) < .1);
	free(other);
	free(noise);
	free(was);
	free(got);
	secret_close(&w);
}

static void
nominal_halves_the_step(void **state)
{
	real *once, *half;
	struct secret w;
	size_t i, n;

	(void)state;
	secret_open(&w, 1);
	n = w.m->n_train;
	w.how.sigma = .7;
	once = step_alone(&w, 0);
	secret_end(&w);
	w.how.nominal *= 2;
	secret_begin(&w);
	half = step_alone(&w, 0);
	assert_true(length_of(once, NULL, n) > 0);
	for (i = 0; i < n; i++)
		assert_true(half[i] == once[i] / 2);
	free(half);
	free(once);
	secret_close(&w);
}

/* Without noise what Adam gets is the sum of the round's sample. */
static void
step_takes_its_sample(void **state)
{
	uint32_t list[UNITS];
	real *sum, *got;
	struct secret w;
	size_t n, i, some, learnt = 0;

	(void)state;
	secret_open(&w, 1);
	n = w.m->n_train;
	sum = xcalloc(n, sizeof *sum);
	some = dp_poisson(&w.how.key, 4, w.how.rate, UNITS, list);
	assert_in_range(some, UNITS / 4, 3 * UNITS / 4);
	ar_private_sum(w.p, list, some, sum);
	got = step_alone(&w, 4);
	for (i = 0; i < n; i++) {
		assert_true(got[i] == sum[i] / 64);
		learnt += sum[i] != 0;
	}
	assert_true(learnt > 500);
	free(got);
	free(sum);
	secret_close(&w);
}

static void
threads_give_the_same(void **state)
{
	real *one = NULL, *got;
	struct secret w;
	struct ar_health h;
	struct ns_err e;
	uint64_t i;
	int t;

	(void)state;
	for (t = 1; t <= 3; t++) {
		secret_open(&w, t);
		w.how.sigma = 1;
		for (i = 0; i < 5; i++)
			assert_int_equal(ar_private_step(w.p, i, .1 * (double)i, &h,
					     &e),
			    NS_OK);
		got = secret_state(&w, "average.");
		if (t == 1)
			one = got;
		else {
			assert_memory_equal(got, one, w.m->n_train * sizeof *got);
			free(got);
		}
		if (t == 3)
			free(one);
		secret_close(&w);
	}
}

/* Deviation of the noise of lengths, of as many series as a unit may have: a length has
 * a third of the square of what a series adds. */
static double
deviation(const struct secret *w)
{
	return w->how.count_sigma * sqrt(3) * sqrt(2. * OF_UNIT);
}

/* Is anything told of a chunk's lengths?  Then of each at least what a span of all
 * tells, but no more than noise makes. */
static bool
lengths_told(const struct secret *w, int chunk, size_t *n)
{
	const real *of = w->m->lengths + chunk * LENGTH_CODES;
	double least =
		   3 * deviation(w) / sqrt(length_code(MOST_STEPS) + 1) * (1 - 1e-6),
	       sum = 0;
	uint32_t lo, hi;
	int i;

	*n = 0;
	for (i = 0; i < LENGTH_CODES; i++) {
		length_range(i, &lo, &hi);
		if (of[i] == 0)
			continue;
		assert_in_range(lo, 1, MOST_STEPS);
		sum += (double)of[i];
		*n += 1;
	}
	assert_true(sum > 0);
	if (fabs(sum - 1) < 1e-3) /* those that there are for want of others */
		return false;
	for (i = 0; i < LENGTH_CODES; i++)
		if (of[i] > 0 && !((double)of[i] >= least))
			fail_msg("a length counts %g, less than %g", (double)of[i],
			    least);
	assert_true(w->how.count_sigma == 0 || sum / (double)*n < 5 * deviation(w));
	return true;
}

static void
lengths_are_public_or_telling(void **state)
{
	struct secret w;
	size_t noisy = 0, i, n[2];

	(void)state;
	secret_open(&w, 1);
	/* of 1 of 740 spans that are noise alone more is left */
	for (i = 0; i < 60; i++) {
		secret_end(&w);
		dp_key_insecure(&w.how.key, i);
		w.how.count_sigma = 1000;
		secret_begin(&w);
		noisy += lengths_told(&w, 0, &n[0]);
		noisy += lengths_told(&w, 1, &n[1]);
	}
	assert_in_range(noisy, 10, 60);
	secret_end(&w);
	w.how.count_sigma = 0;
	secret_begin(&w);
	assert_true(lengths_told(&w, 0, &n[0]) && lengths_told(&w, 1, &n[1]));
	assert_in_range(n[0] + n[1], 10, 40);
	secret_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sum_is_of_clipped_units),
	    cmocka_unit_test(sum_without_clipping_is_the_gradient),
	    cmocka_unit_test(neighbours_differ_by_a_unit),
	    cmocka_unit_test(noise_is_all_of_the_step),
	    cmocka_unit_test(nominal_halves_the_step),
	    cmocka_unit_test(step_takes_its_sample),
	    cmocka_unit_test(threads_give_the_same),
	    cmocka_unit_test(lengths_are_public_or_telling),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
