/*
 * Counts with noise, as private training takes them.
 *
 * What each test catches:
 *   a_unit_is_bounded: units that are clipped series by series, or not at all; sums
 *     that go on from the unit before; numbers that are not finite
 *   noise_is_as_said: noise of another deviation, of the length instead of the unit's
 *   number_and_key_matter: noise that is used twice
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "private.h"

enum { SERIES = 32, N = 40000 };

/* What series add: to one number all, or to numbers of their own; or nonsense. */
struct adding {
	bool apart;
	double v;
};

static void
add(void *arg, uint32_t series, double *v)
{
	const struct adding *a = arg;

	v[a->apart ? series : 0] += a->v;
}

/* Unit 0 has the first k series, the others one each. */
static void
fill_units(struct units *u, uint32_t *first, uint32_t *series, uint32_t k, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < SERIES; i++)
		series[i] = i;
	first[0] = 0;
	for (i = 0; i < n; i++)
		first[i + 1] = k + i;
	*u = (struct units){n, first, series};
}

static double
difference(const struct private *p, uint32_t k, struct adding *a)
{
	uint32_t first[SERIES + 1], series[SERIES];
	double with[SERIES], without[SERIES], d, sum = 0;
	struct units u;
	int i;

	fill_units(&u, first, series, k, SERIES - k + 1);
	private_count(p, &u, 1, 0, 1, add, a, with, SERIES);
	u.first++; /* without the first unit */
	u.n--;
	private_count(p, &u, 1, 0, 1, add, a, without, SERIES);
	for (i = 0; i < SERIES; i++) {
		d = with[i] - without[i];
		sum += d * d;
	}
	return sqrt(sum);
}

static void
a_unit_is_bounded(void **state)
{
	const int most[] = {1, 2, 4, 16};
	const double v[] = {1, 1e9, -1e200, INFINITY, NAN};
	struct private p = {.sigma = 0};
	struct units none = {0};
	double bound, got, nothing;
	struct adding a;
	size_t i, j;
	int apart;

	(void)state;
	for (i = 0; i < LEN(most); i++)
		for (j = 0; j < LEN(v); j++)
			for (apart = 0; apart < 2; apart++) {
				p.max_series = most[i];
				a = (struct adding){apart, v[j]};
				bound = private_count(&p, &none, 1, 1, 1, add, &a,
				    &nothing, 1);
				/* up to two series may be just what they are */
				assert_true(bound >= (most[i] < 2 ? most[i] : 2));
				assert_true(bound <= most[i]);
				got = difference(&p, (uint32_t)most[i], &a);
				if (!(got <= bound * (1 + 1e-9)))
					fail_msg("%d series, %g each: %.9g", most[i],
					    v[j], got);
				if (j == 1) /* all that there may be is used */
					assert_true(got > bound * (1 - 1e-9));
			}
}

static double *
noise(uint64_t key, uint64_t number, double *deviation)
{
	double *sum = xcalloc(N, sizeof *sum);
	struct private p = {.max_series = 4};
	struct units none = {0};

	dp_key_insecure(&p.key, key);
	*deviation = private_count(&p, &none, number, 3, 2.5, add, NULL, sum, N);
	return sum;
}

static void
noise_is_as_said(void **state)
{
	double deviation, *v = noise(1, 1, &deviation), square = 0, sum = 0;
	size_t i;

	(void)state;
	assert_true(fabs(deviation - 3 * 2.5 * sqrt(8)) < 1e-9);
	for (i = 0; i < N; i++) {
		sum += v[i];
		square += v[i] * v[i];
	}
	/* five standard errors */
	assert_true(fabs(sum / N) < 5 * deviation / sqrt(N));
	assert_true(fabs(sqrt(square / N) / deviation - 1) < 5 / sqrt(2. * N));
	free(v);
}

static void
number_and_key_matter(void **state)
{
	double d, *v = noise(1, 1, &d), *again = noise(1, 1, &d);
	double *number = noise(1, 2, &d), *key = noise(2, 1, &d);
	size_t i;

	(void)state;
	assert_memory_equal(v, again, N * sizeof *v);
	for (i = 0; i < N; i++)
		assert_true(v[i] != number[i] && v[i] != key[i] && number[i] != key[i]);
	free(key);
	free(number);
	free(again);
	free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_unit_is_bounded),
	    cmocka_unit_test(noise_is_as_said),
	    cmocka_unit_test(number_and_key_matter),
	};

	return cmocka_run_group_tests_name("counts", tests, NULL, NULL);
}
