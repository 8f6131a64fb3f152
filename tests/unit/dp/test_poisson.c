/*
 * Poisson sampling: units are in a batch independently, with just the probability
 * asked for.  Catches: batches of fixed size (their variance), shuffled units dealt out
 * in turn (rounds that know of each other), probabilities rounded to 16 bits, decisions
 * that depend on how many units there are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/le.h"
#include "base/mem.h"
#include "dp/noise/noise.h"
#include "stats.h"

enum { N = 1000, ROUNDS = 100000 };

/* What is counted over all rounds. */
struct tally {
	double unit[N];         /* how often each was in a batch */
	double apart[N];        /* pairs of one batch by their distance */
	double both;            /* units in a batch and the next one */
	double size[ROUNDS];    /* of batches */
	uint16_t pair[N][N];    /* how often two were in one batch */
	uint32_t before, is[N]; /* the last batch that each was in */
};

static void
count_batch(struct tally *t, const uint32_t *list, size_t n, uint32_t round)
{
	size_t i, j;

	t->size[round] = (double)n;
	for (i = 0; i < n; i++) {
		t->unit[list[i]]++;
		t->both += round > 0 && t->is[list[i]] == round;
		t->is[list[i]] = round + 1;
		for (j = 0; j < i; j++) {
			t->apart[list[i] - list[j]]++;
			t->pair[list[j]][list[i]]++;
		}
	}
}

/* That a count of n chances of probability p is as expected, within 5 deviations. */
static void
assert_count(double count, double n, double p)
{
	assert_true(fabs(count - n * p) < 5 * sqrt(n * p * (1 - p)));
}

static void
independent(void **state)
{
	const double q = .01;
	struct tally *t = xcalloc(1, sizeof *t);
	uint32_t list[N], r;
	struct dp_key k;
	double far = 0, mean, z;
	int i, j;

	(void)state;
	dp_key_insecure(&k, 3);
	for (r = 0; r < ROUNDS; r++)
		count_batch(t, list, dp_poisson(&k, r, q, N, list), r);
	for (i = 0; i < N; i++) {
		assert_count(t->unit[i], ROUNDS, q);
		z = (t->unit[i] - ROUNDS * q) / sqrt(ROUNDS * q * (1 - q));
		far += z * z;
	}
	/* chi-squared of N degrees; shuffled units come all equally often */
	assert_true(fabs(far - N) < 5 * sqrt(2. * N));
	mean = mean_of(t->size, ROUNDS);
	assert_true(fabs(mean - N * q) < 5 * sqrt(N * q * (1 - q) / ROUNDS));
	assert_true(
	    fabs(moment_of(t->size, ROUNDS, mean, 2) / (N * q * (1 - q)) - 1) < .03);
	assert_count(t->both, (double)N * (ROUNDS - 1), q * q);
	for (i = 1; i < N; i++) {
		if (N - i >= 10) /* else too few for a normal approximation */
			assert_count(t->apart[i], (double)(N - i) * ROUNDS, q * q);
		/* of mean 10: half a million pairs reach 40 once in a million times */
		for (j = 0; j < i; j++)
			assert_true(t->pair[j][i] < 40);
	}
	free(t);
}

/* q itself, to its last bit: a unit is in for probabilities above its word alone. */
static void
exact(void **state)
{
	uint32_t list[64], all[64];
	uint8_t word[8 * 64];
	struct dp_key k;
	uint64_t w;
	double q;
	uint32_t i;
	size_t n;

	(void)state;
	dp_key_insecure(&k, 4);
	dp_random(&k, DP_SAMPLE, 9, 0, word, sizeof word);
	for (i = 0; i < 64; i++) {
		w = get_le64(word + 8 * i);
		q = ldexp((double)(w >> 11), -53); /* q 2^64 <= w */
		n = dp_poisson(&k, 9, q, i + 1, list);
		assert_true(n == 0 || list[n - 1] != i);
		q = ldexp((double)((w >> 11) + 1), -53); /* > w */
		n = dp_poisson(&k, 9, q, i + 1, all);
		assert_true(n > 0 && all[n - 1] == i);
	}
}

/* A word that is just q 2^64 is not below it, or q = 0 could have units. */
static void
not_at_the_word(void **state)
{
	enum { MANY = 1 << 14 };
	uint8_t *word = xmalloc(8 * MANY);
	uint32_t *list = xmalloc(MANY * sizeof *list), i;
	struct dp_key k;
	int met = 0;
	uint64_t w;
	size_t n;

	(void)state;
	dp_key_insecure(&k, 8);
	dp_random(&k, DP_SAMPLE, 0, 0, word, 8 * MANY);
	for (i = 0; i < MANY; i++) {
		w = get_le64(word + 8 * i);
		if ((w & 0x7ff) != 0) /* of more digits than a double has */
			continue;
		n = dp_poisson(&k, 0, ldexp((double)w, -64), i + 1, list);
		assert_true(n == 0 || list[n - 1] != i);
		met++;
	}
	assert_true(met > 0);
	free(word);
	free(list);
}

/* Units half as often as the least that 16 bits can say. */
static void
tiny(void **state)
{
	enum { MANY = 1 << 20 };
	uint32_t *list = xmalloc(MANY * sizeof *list);
	double count = 0;
	struct dp_key k;
	int r;

	(void)state;
	dp_key_insecure(&k, 5);
	for (r = 0; r < 64; r++)
		count += (double)dp_poisson(&k, (uint64_t)r, 0x1p-17, MANY, list);
	assert_count(count, 64. * MANY, 0x1p-17);
	free(list);
}

static void
edges(void **state)
{
	uint32_t list[N + 1];
	struct dp_key k;
	size_t i, n;

	(void)state;
	dp_key_insecure(&k, 6);
	list[N] = 77;
	assert_int_equal(dp_poisson(&k, 0, 0, N, list), 0);
	assert_int_equal(dp_poisson(&k, 0, .5, 0, list), 0);
	assert_int_equal(dp_poisson(&k, 0, 1, N, list), N);
	for (i = 0; i < N; i++)
		assert_int_equal(list[i], i);
	assert_int_equal(list[N], 77);
	n = dp_poisson(&k, 0, 0x1p-1074, N, list);
	assert_int_equal(n, 0);
	n = dp_poisson(&k, 0, 1 - 0x1p-53, N, list);
	assert_int_equal(n, N);
}

/* Of n units, a batch is that of more units without those beyond n; that of a smaller
 * probability is part of it; all ascending. */
static void
nested(void **state)
{
	uint32_t all[2000], some[2000], few[2000];
	size_t many, n, m, i, j;
	struct dp_key k;
	uint32_t cut;

	(void)state;
	dp_key_insecure(&k, 7);
	many = dp_poisson(&k, 1, .3, 2000, all);
	for (i = 1; i < many; i++)
		assert_true(all[i - 1] < all[i]);
	for (cut = 0; cut < 2000; cut += 37) {
		n = dp_poisson(&k, 1, .3, cut, some);
		assert_true(n <= many && (n == many || all[n] >= cut));
		assert_memory_equal(some, all, n * sizeof *some);
	}
	m = dp_poisson(&k, 1, .1, 2000, few);
	for (i = j = 0; i < m; i++, j++) {
		while (j < many && all[j] != few[i])
			j++;
		assert_true(j < many);
	}
	assert_true(m > 100 && m < many);
	n = dp_poisson(&k, 2, .3, 2000, some);
	assert_true(n != many || memcmp(some, all, n * sizeof *some) != 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(independent),
	    cmocka_unit_test(exact),
	    cmocka_unit_test(not_at_the_word),
	    cmocka_unit_test(tiny),
	    cmocka_unit_test(edges),
	    cmocka_unit_test(nested),
	};

	return cmocka_run_group_tests_name("dp/poisson", tests, NULL, NULL);
}
