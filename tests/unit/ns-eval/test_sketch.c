/* The sketches against the bounds that their authors prove, over ten seeds, on a
 * stream of Zipf's law and on one of nearly equal counts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sketch/countmin.h"
#include "sketch/nitro.h"

enum { KEYS = 2000, SEEDS = 10, DEPTH = 5 };

/* Counts of the keys 0 .. n-1, with what the bounds are made of. */
struct counts {
	uint64_t *of;
	size_t n;
	double total, l2, entropy;
};

static void
make_counts(struct counts *c, size_t n, bool zipf)
{
	double squares = 0, x_log_x = 0;

	memset(c, 0, sizeof *c);
	c->n = n;
	c->of = xmalloc(n * sizeof *c->of);
	for (size_t k = 0; k < n; k++) {
		double x = zipf ? floor(1e5 / pow((double)k + 1, 1.1)) + 1
				: 50 + (double)(k % 7);

		c->of[k] = (uint64_t)x;
		c->total += x;
		squares += x * x;
		x_log_x += x * log(x);
	}
	c->l2 = sqrt(squares);
	c->entropy = log(c->total) - x_log_x / c->total;
}

/* P(at least k of n) at probability p each. */
static double
upper_tail(int n, int k, double p)
{
	double sum = 0;

	for (int i = k; i <= n; i++)
		sum += exp(lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1)) *
		    pow(p, i) * pow(1 - p, n - i);
	return sum;
}

/* At most a share p of n may fail, give or take five standard deviations. */
static void
assert_few(size_t failed, size_t n, double p)
{
	double mean = p * (double)n;

	assert_true((double)failed <= mean + 5 * sqrt(mean * (1 - p)) + 1);
}

static void
check_countmin(bool zipf, int depth, size_t width)
{
	double bound, p = exp(-depth);
	struct counts c;
	size_t failed = 0;

	make_counts(&c, KEYS, zipf);
	bound = exp(1) / (double)width * c.total;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct countmin *s = countmin_new(depth, width, seed);

		for (size_t k = 0; k < KEYS; k++)
			countmin_update(s, k, c.of[k]);
		for (size_t k = 0; k < KEYS; k++) {
			uint64_t v = countmin_estimate(s, k);

			assert_true(v >= c.of[k]);
			failed += (double)(v - c.of[k]) > bound;
		}
		countmin_free(s);
	}
	assert_few(failed, SEEDS * KEYS, p);
	free(c.of);
}

/* Cormode & Muthukrishnan, theorem 1. */
static void
countmin_errs_above_and_seldom_far(void **state)
{
	(void)state;
	for (int zipf = 0; zipf < 2; zipf++) {
		check_countmin(zipf, DEPTH, 100);
		check_countmin(zipf, DEPTH, 1000);
		check_countmin(zipf, 2, 50);
	}
}

/* A row is further off than a L2 / sqrt(width) with probability 1 / a^2 at most, the
 * median only if half of the rows are. */
static void
check_countsketch(bool zipf, int depth, size_t width, double a)
{
	double p = upper_tail(depth, (depth + 1) / 2, 1 / (a * a)), bound;
	struct counts c;
	size_t failed = 0;

	make_counts(&c, KEYS, zipf);
	bound = a * c.l2 / sqrt((double)width);
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct countsketch *s;
		struct rng r;

		rng_init(&r, seed, HASH_STREAM_CS);
		s = countsketch_new(depth, width, &r);
		for (size_t k = 0; k < KEYS; k++)
			countsketch_update(s, k, c.of[k]);
		for (size_t k = 0; k < KEYS; k++)
			failed +=
			    fabs(countsketch_estimate(s, k) - (double)c.of[k]) > bound;
		countsketch_free(s);
	}
	assert_few(failed, SEEDS * KEYS, p);
	free(c.of);
}

/* The constant 8 is Charikar et al.'s. */
static void
countsketch_is_seldom_far(void **state)
{
	(void)state;
	for (int zipf = 0; zipf < 2; zipf++) {
		check_countsketch(zipf, DEPTH, 1024, 8);
		check_countsketch(zipf, DEPTH, 128, sqrt(8));
		check_countsketch(zipf, 3, 64, 2);
	}
}

/* In sketches of one column the counters show the signs: any two rows agree on half of
 * the keys. */
static void
rows_have_signs_of_their_own(void **state)
{
	int agree[DEPTH][DEPTH] = {{0}};
	struct countsketch *s;
	struct rng r;

	(void)state;
	rng_init(&r, 1, HASH_STREAM_CS);
	s = countsketch_new(DEPTH, 1, &r);
	for (size_t k = 0; k < KEYS; k++) {
		memset(s->cell, 0, DEPTH * sizeof *s->cell);
		countsketch_update(s, k, 1);
		for (int i = 0; i < DEPTH; i++)
			for (int j = 0; j < i; j++)
				agree[i][j] += s->cell[i] == s->cell[j];
	}
	for (int i = 0; i < DEPTH; i++)
		for (int j = 0; j < i; j++)
			assert_true(abs(agree[i][j] - KEYS / 2) < 2.5 * sqrt(KEYS));
	countsketch_free(s);
}

/* Errors of one key over many seeds: their mean must be 0 within four standard errors.
 */
struct errors {
	double n, sum, squares;
};

static void
add_error(struct errors *e, double v)
{
	e->n++;
	e->sum += v;
	e->squares += v * v;
}

static void
assert_unbiased(const struct errors *e)
{
	double mean = e->sum / e->n, variance = e->squares / e->n - mean * mean;

	assert_true(variance > 0);
	assert_true(fabs(mean) < 4 * sqrt(variance / e->n));
}

static void
countsketch_is_unbiased(void **state)
{
	static const size_t key[] = {0, 3, 40, 1999};
	struct errors e[LEN(key)] = {{0}};
	struct counts c;

	(void)state;
	make_counts(&c, KEYS, true);
	for (uint64_t seed = 0; seed < 250; seed++) {
		struct countsketch *s;
		struct rng r;

		rng_init(&r, seed, HASH_STREAM_CS);
		s = countsketch_new(DEPTH, 64, &r);
		for (size_t k = 0; k < KEYS; k++)
			countsketch_update(s, k, c.of[k]);
		for (size_t i = 0; i < LEN(key); i++)
			add_error(&e[i],
			    countsketch_estimate(s, key[i]) - (double)c.of[key[i]]);
		countsketch_free(s);
	}
	for (size_t i = 0; i < LEN(key); i++)
		assert_unbiased(&e[i]);
	free(c.of);
}

/* Round by round one packet of each key that has some left, 4 bytes each. */
static void
send_packets(struct nitro *s, const struct counts *c, uint64_t rounds)
{
	for (uint64_t i = 0; i < rounds; i++)
		for (size_t k = 0; k < c->n && c->of[k] > i; k++)
			nitro_update(s, k, 4);
}

static void
nitro_is_unbiased(void **state)
{
	static const size_t key[] = {0, 3, 20};
	struct errors e[LEN(key)] = {{0}};
	struct counts c;

	(void)state;
	make_counts(&c, 50, true);
	for (size_t k = 0; k < c.n; k++)
		c.of[k] /= 50;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct nitro *s = nitro_new(DEPTH, 64, 0.1, seed);

		send_packets(s, &c, c.of[0]);
		for (size_t i = 0; i < LEN(key); i++)
			add_error(&e[i],
			    nitro_estimate(s, key[i]) - 4 * (double)c.of[key[i]]);
		nitro_free(s);
	}
	for (size_t i = 0; i < LEN(key); i++)
		assert_unbiased(&e[i]);
	free(c.of);
}

/* With one key the counters of a row add up to what the row sampled. */
static void
nitro_samples_each_row_with_p(void **state)
{
	static const double p[] = {0.01, 0.1, 0.5};
	const double n = 200000;

	(void)state;
	for (size_t i = 0; i < LEN(p); i++) {
		struct nitro *s = nitro_new(DEPTH, 3, p[i], 5);
		double v = n * p[i] * (1 - p[i]);

		for (int k = 0; k < (int)n; k++)
			nitro_update(s, 9, 1);
		assert_true(
		    fabs((double)s->touched - DEPTH * n * p[i]) < 5 * sqrt(DEPTH * v));
		for (int r = 0; r < DEPTH; r++) {
			const uint64_t *cell = s->rows->cell + 3 * r;
			double sum =
			    fabs((double)(int64_t)(cell[0] + cell[1] + cell[2]));

			assert_true(fabs(sum - n * p[i]) < 5 * sqrt(v));
		}
		nitro_free(s);
	}
}

static void
nitro_with_p_1_is_the_count_sketch(void **state)
{
	struct nitro *s = nitro_new(DEPTH, 20, 1, 3);
	struct countsketch *cs;
	struct rng r;

	(void)state;
	rng_init(&r, 3, HASH_STREAM_NS);
	cs = countsketch_new(DEPTH, 20, &r);
	for (uint64_t k = 0; k < 500; k++) {
		nitro_update(s, k % 90, k);
		countsketch_update(cs, k % 90, k);
	}
	assert_int_equal(s->touched, 500 * DEPTH);
	assert_memory_equal(s->rows->cell, cs->cell, DEPTH * 20 * sizeof *cs->cell);
	countsketch_free(cs);
	nitro_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(countmin_errs_above_and_seldom_far),
	    cmocka_unit_test(countsketch_is_seldom_far),
	    cmocka_unit_test(rows_have_signs_of_their_own),
	    cmocka_unit_test(countsketch_is_unbiased),
	    cmocka_unit_test(nitro_is_unbiased),
	    cmocka_unit_test(nitro_samples_each_row_with_p),
	    cmocka_unit_test(nitro_with_p_1_is_the_count_sketch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
