/*
 * Gaussian noise: the numbers of its definition, distributed as they should be, on
 * their grid, the same whatever is asked for.  Catches: half the deviation or 2 % more
 * of it, noise used again in another round or element, one number in place of four,
 * values that depend on the range, a sum that is not snapped or snapped too coarsely.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/le.h"
#include "base/mem.h"
#include "base/pool.h"
#include "dp/noise/noise.h"
#include "stats.h"

enum { N = 1000000 };

/* Noise alone, as an empty batch has it. */
static double *
drawn(uint64_t seed, enum dp_purpose p, uint64_t round, double sd, size_t n)
{
	double *x = xcalloc(n, sizeof *x);
	struct dp_key k;

	dp_key_insecure(&k, seed);
	dp_noise_add64(&k, p, round, 0, sd, x, n);
	return x;
}

/* ---- Numbers ---- */

/* tests/ref/noise_python.py, for the key 00 01 02 ... */
static const struct {
	enum dp_purpose p;
	uint64_t round, at;
	double x[6];
} known[] = {
    {DP_GRADIENT, 0, 0,
	{0.192656864955122, 0.253106653818222, 2.42502081200509, 0.544921408938791,
	    -1.30450252317545, 1.10749621395087}},
    {DP_GRADIENT, 1, 0,
	{-2.25056104357508, -0.596215838992, 0.441625442240981, -0.399319351310663,
	    -0.541420622170165, 2.18615398139495}},
    {DP_COUNTS, UINT64_C(1) << 40, UINT64_C(42949672974),
	{0.721502410814126, -0.315523862687058, -1.46136075359997, -0.144755655581792,
	    1.01789043497777, 2.15898430236103}},
};

/* The numbers are on a grid of 2^-20. */
static void
known_answers(void **state)
{
	struct dp_key k;
	double x[6];
	size_t i, j;

	(void)state;
	for (i = 0; i < DP_KEY_BYTES; i++)
		k.byte[i] = (uint8_t)i;
	for (i = 0; i < LEN(known); i++) {
		memset(x, 0, sizeof x);
		dp_noise_add64(&k, known[i].p, known[i].round, known[i].at, 1, x, 6);
		for (j = 0; j < 6; j++)
			assert_true(x[j] == rint(known[i].x[j] * 0x1p20) * 0x1p-20);
	}
}

static double
by_libm(const uint8_t *block, bool odd)
{
	double sum = 0, radius, turn;
	uint64_t a;
	int i;

	for (i = 0; i < 4; i++) {
		a = get_le64(block + 32 + 8 * i);
		radius = sqrt(
		    -2 * log((double)((get_le64(block + 8 * i) >> 11) + 1) * 0x1p-53));
		turn = (double)(a >> 62) - .5 +
		    (double)(a >> 10 & UINT64_C(0xfffffffffffff)) * 0x1p-52;
		turn *= 1.57079632679489661923;
		sum += radius * (odd ? sin(turn) : cos(turn));
	}
	return sum / 2;
}

/* Elements from 0 on, not yet rounded. */
static double *
exactly(uint64_t seed, enum dp_purpose p, uint64_t round, size_t n)
{
	uint8_t *bytes = xmalloc(n * 32);
	double *x = xmalloc(n * sizeof *x);
	struct dp_key k;
	size_t i;

	dp_key_insecure(&k, seed);
	dp_random(&k, p, round, 0, bytes, n * 32);
	for (i = 0; i < n; i++)
		x[i] = by_libm(bytes + i / 2 * 64, i % 2 != 0);
	free(bytes);
	return x;
}

/* Of many, each is the formula's number, rounded: a formula off by 1e-11 would round a
 * few to a neighbour that this does not allow. */
static void
formula(void **state)
{
	double *x = drawn(8, DP_START, 5, 1, N), *want = exactly(8, DP_START, 5, N);
	int i;

	(void)state;
	for (i = 0; i < N; i++)
		assert_true(fabs(x[i] - want[i]) <= 0x1p-21 + 1e-12);
	free(want);
	free(x);
}

/* ---- Distribution ---- */

/* An empty batch with a noise multiplier of 1.3 and clipping length .7. */
static void
distribution(void **state)
{
	const double sd = 1.3 * .7;
	double *x = drawn(9, DP_GRADIENT, 0, sd, N), var;

	(void)state;
	var = moment_of(x, N, 0, 2);
	assert_true(fabs(mean_of(x, N)) < 5 * sd / sqrt(N));
	assert_true(fabs(sqrt(var) / sd - 1) < .003);
	assert_true(fabs(moment_of(x, N, 0, 3) / pow(sd, 3)) < 5 * sqrt(15. / N));
	assert_true(fabs(moment_of(x, N, 0, 4) / (var * var) - 3) < 5 * sqrt(24. / N));
	assert_true(ks_normal(x, N, sd) > 1e-3);
	free(x);
}

/* A single number of Box and Muller of 53 bits ends at 8.57 deviations, and a table or
 * a sum of uniform ones much earlier. */
static void
tails(void **state)
{
	static const double beyond[] = {3, 4, 5};
	double count[LEN(beyond)] = {0}, p, all = 10. * N;
	float *x = xmalloc(N * sizeof *x);
	struct dp_key k;
	uint64_t r;
	size_t i, j;

	(void)state;
	dp_key_insecure(&k, 10);
	for (r = 0; r < 10; r++) {
		memset(x, 0, N * sizeof *x);
		dp_noise_add(&k, DP_GRADIENT, r, 0, 2, x, N);
		for (i = 0; i < N; i++)
			for (j = 0; j < LEN(beyond); j++)
				count[j] += fabsf(x[i]) > 2 * (float)beyond[j];
	}
	for (j = 0; j < LEN(beyond); j++) {
		p = 2 * normal_cdf(-beyond[j]);
		assert_true(fabs(count[j] - all * p) < 5 * sqrt(all * p * (1 - p)));
	}
	assert_true(count[2] > 0);
	free(x);
}

/* Squares: what shares a radius or is the same but for its sign. */
static void
square(double *x)
{
	int i;

	for (i = 0; i < N; i++)
		x[i] = (x[i] * x[i] - 1) / sqrt(2);
}

static void
assert_apart(const double *x, const double *y, size_t n)
{
	assert_true(fabs(correlation_of(x, y, n, 1, 1)) < .004);
}

static void
independent(void **state)
{
	double *x = drawn(11, DP_GRADIENT, 6, 1, N);
	double *next = drawn(11, DP_GRADIENT, 7, 1, N);
	double *other = drawn(11, DP_COUNTS, 6, 1, N);
	double *key = drawn(12, DP_GRADIENT, 6, 1, N);
	int lag, pass;

	(void)state;
	for (pass = 0; pass < 2; pass++) {
		for (lag = 1; lag < 10; lag++)
			assert_apart(x, x + lag, (size_t)(N - lag));
		for (lag = 128; lag <= 1024; lag *= 2)
			assert_apart(x, x + lag, (size_t)(N - lag));
		/* both elements of a block */
		assert_true(fabs(correlation_of(x, x + 1, N, 2, 1)) < .007);
		assert_apart(x, next, N);
		assert_apart(x, next + 1, N - 1);
		assert_apart(x, other, N);
		assert_apart(x, key, N);
		square(x);
		square(next);
		square(other);
		square(key);
	}
	free(x);
	free(next);
	free(other);
	free(key);
}

/*
 * What an adversary sees who knows everything but whether a unit was in: sums of eight
 * weights with and without its gradient of length C, projected on it.  The two kinds
 * are mu = 1 / sigma deviations apart, no more (privacy) and no less (noise in vain).
 */
static void
audit(void **state)
{
	enum { D = 8, RUNS = 100000 };
	static const float canary[D] = {.5f, -.5f, .25f, .25f, .5f, 0, .25f, -.25f};
	const double sigma = 1, length = 1;
	double *with = xcalloc(RUNS, sizeof *with), *out = xcalloc(RUNS, sizeof *out);
	double mu, sd, in, no;
	float sum[D];
	struct dp_key k;
	int r, j, side;

	(void)state;
	dp_key_insecure(&k, 13);
	for (r = 0; r < 2 * RUNS; r++) {
		side = r % 2;
		for (j = 0; j < D; j++)
			sum[j] = side != 0 ? canary[j] : 0;
		dp_noise_add(&k, DP_GRADIENT, (uint64_t)r, 0, sigma * length, sum, D);
		for (j = 0; j < D; j++)
			(side != 0 ? with : out)[r / 2] += (double)(sum[j] * canary[j]);
	}
	in = mean_of(with, RUNS);
	no = mean_of(out, RUNS);
	sd = sqrt((moment_of(with, RUNS, in, 2) + moment_of(out, RUNS, no, 2)) / 2);
	mu = (in - no) / sd;
	assert_true(mu <= 1 / sigma * (1 + 4 * .0045));
	assert_true(mu >= 1 / sigma * (1 - 4 * .0045));
	free(with);
	free(out);
}

/* ---- Grid ---- */

static double
greatest_power(double most)
{
	double g = 1;

	while (g > most)
		g /= 2;
	while (2 * g <= most)
		g *= 2;
	return g;
}

/* Every sum is on the grid, half of them between the points of the next one, and no
 * further from the exact sum than half of it. */
static void
snapped(void **state)
{
	static const double sds[] = {1, .91, 1.9999999, 2, 3e-5, 7e9, 1e-100, 1e100};
	enum { M = 4096 };
	double x[M], *noise, g, was;
	float f[M];
	struct dp_key k;
	int i, odd;
	size_t j;

	(void)state;
	noise = exactly(14, DP_GRADIENT, 0, M);
	dp_key_insecure(&k, 14);
	for (j = 0; j < LEN(sds); j++) {
		g = greatest_power(sds[j] / 1048576);
		for (i = odd = 0; i < M; i++) {
			x[i] = sds[j] * sin(i);
			f[i] = (float)x[i];
		}
		dp_noise_add64(&k, DP_GRADIENT, 0, 0, sds[j], x, M);
		for (i = 0; i < M; i++) {
			assert_true(fmod(x[i], g) == 0);
			odd += fmod(x[i], 2 * g) != 0;
			was = sds[j] * (sin(i) + noise[i]);
			assert_true(fabs(x[i] - was) <= g * (.5 + 1e-8));
		}
		assert_true(odd > M / 2 - 200 && odd < M / 2 + 200);
		for (i = 0; i < M; i++)
			x[i] = (double)f[i];
		dp_noise_add64(&k, DP_GRADIENT, 0, 0, sds[j], x, M);
		if (sds[j] > 1e38 || sds[j] < 1e-30)
			continue;
		dp_noise_add(&k, DP_GRADIENT, 0, 0, sds[j], f, M);
		for (i = 0; i < M; i++)
			assert_true(f[i] == (float)x[i]);
	}
	free(noise);
}

static void
no_noise(void **state)
{
	double x[3] = {.1, -1e-300, 1e300};
	float f[3] = {.1f, -1e-30f, 1e30f};
	struct dp_key k;

	(void)state;
	dp_key_insecure(&k, 15);
	dp_noise_add64(&k, DP_GRADIENT, 0, 0, 0, x, 3);
	dp_noise_add(&k, DP_GRADIENT, 0, 0, 0, f, 3);
	assert_true(x[0] == .1 && x[1] == -1e-300 && x[2] == 1e300);
	assert_true(f[0] == .1f && f[1] == -1e-30f && f[2] == 1e30f);
}

/* ---- Ranges ---- */

/* Elements at .. at + n - 1 alone, and nothing beside them. */
static void
check_range(const struct dp_key *k, const double *whole, uint64_t from, size_t at,
    size_t n)
{
	double x[512];
	float f[512];
	size_t i;

	for (i = 0; i < LEN(x); i++)
		x[i] = f[i] = 0;
	dp_noise_add64(k, DP_GRADIENT, 4, from + at, 1, x + 1, n);
	dp_noise_add(k, DP_GRADIENT, 4, from + at, 1, f + 1, n);
	for (i = 0; i < LEN(x); i++) {
		double want = i > 0 && i <= n ? whole[at + i - 1] : 0;

		assert_true(x[i] == want);
		assert_true(f[i] == (float)want);
	}
}

static void
ranges(void **state)
{
	static const uint64_t from[] = {0, 12345, (UINT64_C(1) << 33) - 150,
	    (UINT64_C(1) << 57) - 1000};
	double whole[1000];
	struct dp_key k;
	size_t at, n, i;

	(void)state;
	dp_key_insecure(&k, 16);
	for (i = 0; i < LEN(from); i++) {
		memset(whole, 0, sizeof whole);
		dp_noise_add64(&k, DP_GRADIENT, 4, from[i], 1, whole, LEN(whole));
		for (at = 0; at < 300; at += at < 6 ? 1 : 31)
			for (n = 0; n < 510; n += n < 10 || n % 128 < 3 ? 1 : 3)
				check_range(&k, whole, from[i], at, n);
	}
}

struct shared {
	struct dp_key k;
	float *sum;
};

enum { PART = 1237 };

static void
one_part(void *arg, int job)
{
	struct shared *s = arg;
	size_t at = (size_t)job * PART;

	dp_noise_add(&s->k, DP_GRADIENT, 1, at, .3, s->sum + at,
	    N - at < PART ? N - at : PART);
}

static void
threads(void **state)
{
	struct shared s;
	float *whole = xcalloc(N, sizeof *whole);
	struct pool *p = pool_new(4);

	(void)state;
	dp_key_insecure(&s.k, 17);
	s.sum = xcalloc(N, sizeof *s.sum);
	pool_run(p, one_part, &s, (N + PART - 1) / PART);
	dp_noise_add(&s.k, DP_GRADIENT, 1, 0, .3, whole, N);
	assert_memory_equal(s.sum, whole, N * sizeof *whole);
	pool_free(p);
	free(s.sum);
	free(whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_answers),
	    cmocka_unit_test(formula),
	    cmocka_unit_test(distribution),
	    cmocka_unit_test(tails),
	    cmocka_unit_test(independent),
	    cmocka_unit_test(audit),
	    cmocka_unit_test(snapped),
	    cmocka_unit_test(no_noise),
	    cmocka_unit_test(ranges),
	    cmocka_unit_test(threads),
	};

	return cmocka_run_group_tests_name("dp/noise", tests, NULL, NULL);
}
