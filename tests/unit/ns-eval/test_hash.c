/* The hash families of the sketches: their arithmetic and their independence. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sketch/hash.h"
#include "stats/sort.h"

/* a b modulo 2^61 - 1, bit by bit. */
static uint64_t
slow_product(uint64_t a, uint64_t b)
{
	uint64_t r = 0;

	for (int i = HASH_BITS - 1; i >= 0; i--) {
		r = 2 * r % HASH_PRIME;
		if (b >> i & 1)
			r = (r + a) % HASH_PRIME;
	}
	return r;
}

static void
hash_follows_modular_arithmetic(void **state)
{
	static const uint64_t edge[] = {0, 1, 2, HASH_PRIME / 2, HASH_PRIME - 1};
	struct rng r;

	(void)state;
	rng_init(&r, 1, 1);
	for (int i = 0; i < 2000; i++) {
		uint64_t h = i < 25 ? edge[i % 5] : hash_coefficient(&r);
		uint64_t x = i < 25 ? edge[i / 5] : hash_coefficient(&r);
		uint64_t c = i < 25 ? HASH_PRIME - 1 : hash_coefficient(&r);

		assert_true(
		    hash_step(h, x, c) == (slow_product(h, x) + c) % HASH_PRIME);
		assert_true(hash_spread(x) < HASH_PRIME);
		assert_true(hash_bucket(h, 7) < 7);
		assert_int_equal(hash_bit(h), hash_bucket(h, 2));
	}
	assert_int_equal(hash_bucket(HASH_PRIME - 1, 1000), 999);
}

static void
spread_is_one_to_one(void **state)
{
	enum { N = 1 << 16 };
	uint64_t *v = xmalloc(2 * N * sizeof *v);
	struct rng r;

	(void)state;
	rng_init(&r, 2, 2);
	for (uint64_t k = 0; k < N; k++) {
		v[2 * k] = hash_spread(k);
		v[2 * k + 1] = hash_spread(N + hash_coefficient(&r) % (HASH_PRIME - N));
	}
	sort_u64(v, 2 * N);
	assert_true(v[2 * N - 1] < HASH_PRIME);
	for (size_t i = 1; i < 2 * N; i++)
		assert_true(v[i - 1] < v[i]);
	free(v);
}

/* Of as many buckets as keys a share of 1 - 1/e is hit by random values, with variance
 * (1/e - 2/e^2) of the number; degree 1 alone hits nearly all or few. */
static void
runs_of_keys_fall_as_if_at_random(void **state)
{
	enum { N = 1000 };
	const double e = exp(-1), deviation = sqrt(N * (e - 2 * e * e));

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		bool seen[N] = {false};
		int hit = 0;
		struct hash2 f;
		struct rng r;

		rng_init(&r, seed, 0);
		hash2_draw(&f, &r);
		for (uint64_t k = 0; k < N; k++)
			seen[hash_bucket(hash2_of(&f, k), N)] = true;
		for (int i = 0; i < N; i++)
			hit += seen[i];
		assert_true(fabs(hit - N * (1 - e)) < 5 * deviation);
	}
}

/* Chi-square of the joint buckets of n keys' values over many functions, less its mean,
 * in standard deviations; degree 1 or 3; plain leaves the keys as they are. */
static double
dependence(const uint64_t *key, int n, size_t width, int degree, bool plain)
{
	enum { DRAWS = 20000, MAX = 256 };
	uint32_t seen[MAX] = {0};
	size_t cells = 1;
	double chi = 0, mean;

	for (int j = 0; j < n; j++)
		cells *= width;
	for (uint64_t seed = 0; seed < DRAWS; seed++) {
		struct hash2 f2;
		struct hash4 f4;
		struct rng r;
		size_t at = 0;

		rng_init(&r, seed, 7);
		hash2_draw(&f2, &r);
		hash4_draw(&f4, &r);
		for (int j = 0; j < n; j++) {
			uint64_t h = degree == 3 ? hash4_of(&f4, key[j])
			    : plain              ? hash_step(f2.c[1], key[j], f2.c[0])
						 : hash2_of(&f2, key[j]);

			at = at * width + hash_bucket(h, width);
		}
		seen[at]++;
	}
	mean = (double)DRAWS / (double)cells;
	for (size_t i = 0; i < cells; i++)
		chi += (seen[i] - mean) * (seen[i] - mean) / mean;
	return (chi - (double)(cells - 1)) / sqrt(2 * (double)(cells - 1));
}

static void
hash_values_are_independent(void **state)
{
	static const uint64_t run[] = {0, 1, 2, 3}, far[] = {5, 1u << 20, 77, 1u << 31};

	(void)state;
	assert_true(fabs(dependence(run, 2, 16, 1, false)) < 5);
	assert_true(fabs(dependence(run + 1, 2, 16, 1, false)) < 5);
	assert_true(fabs(dependence(far, 2, 16, 1, false)) < 5);
	assert_true(fabs(dependence(run, 4, 4, 3, false)) < 5);
	assert_true(fabs(dependence(far, 4, 4, 3, false)) < 5);
	assert_true(fabs(dependence(far, 4, 2, 3, false)) < 5);
	/* what the measure makes of values that are only pairwise independent */
	assert_true(dependence(run, 4, 4, 1, true) > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hash_follows_modular_arithmetic),
	    cmocka_unit_test(spread_is_one_to_one),
	    cmocka_unit_test(runs_of_keys_fall_as_if_at_random),
	    cmocka_unit_test(hash_values_are_independent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
