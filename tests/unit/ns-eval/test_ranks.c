/* Ranks, correlations and scores of guesses against values worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/rank.h"
#include "stats/roc.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-12)
#define F64(...) ((double[]){__VA_ARGS__})
#define U32(...) ((uint32_t[]){__VA_ARGS__})

static void
keys_order_numbers(void **state)
{
	const double x[] = {-INFINITY, -1e300, -2, -1, -5e-324, 0, 5e-324, 1, INFINITY};

	(void)state;
	for (size_t i = 1; i < LEN(x); i++)
		assert_true(key_f64(x[i - 1]) < key_f64(x[i]));
	assert_true(key_f64(-0.0) == key_f64(0.0));
}

static void
ranks_share_ties(void **state)
{
	double rank[5];

	(void)state;
	average_ranks(rank, F64(3, -1, 3, 10, 3), 5);
	NEAR(rank[0], 3);
	NEAR(rank[1], 1);
	NEAR(rank[2], 3);
	NEAR(rank[3], 5);
	NEAR(rank[4], 3);
	average_ranks(rank, F64(0.0, -0.0), 2);
	NEAR(rank[0], 1.5);
	NEAR(rank[1], 1.5);
}

static void
correlations(void **state)
{
	(void)state;
	NEAR(pearson(F64(1, 2, 3), F64(10, 20, 30), 3), 1);
	NEAR(pearson(F64(1, 2, 3), F64(3, 2, 1), 3), -1);
	/* products 1, squares 2 and 2 about the mean */
	NEAR(pearson(F64(1, 2, 3), F64(1, 3, 2), 3), .5);
	/* any rising function has rank correlation 1 */
	NEAR(spearman(F64(1, 2, 3, 4), F64(0, 1, 100, 1e9), 4), 1);
	/* ranks 1 2.5 2.5 4 and 1 2 3 4: 4.5 / sqrt(4.5 * 5) */
	NEAR(spearman(F64(1, 2, 2, 3), F64(1, 2, 3, 4), 4), 4.5 / sqrt(22.5));
	assert_true(isnan(spearman(F64(1, 1, 1), F64(1, 2, 3), 3)));
	assert_true(isnan(pearson(F64(1, 2, 3), F64(.1, .1, .1), 3)));
	assert_true(isnan(spearman(F64(1), F64(2), 1)));
}

/* By its definition: pairs of a positive and a negative row. */
static double
auc_by_pairs(const double *score, const uint32_t *truth, size_t n)
{
	double won = 0, pairs = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			if (truth[i] == 0 || truth[j] != 0)
				continue;
			pairs++;
			won += score[i] > score[j] ? 1 : score[i] == score[j] ? .5 : 0;
		}
	return won / pairs;
}

static void
auc_counts_pairs(void **state)
{
	enum { N = 200 };
	double score[N];
	uint32_t truth[N];
	struct rng r;

	(void)state;
	NEAR(roc_auc(F64(1, 2, 3, 4), U32(0, 0, 1, 1), 4), 1);
	NEAR(roc_auc(F64(1, 2, 3, 4), U32(1, 1, 0, 0), 4), 0);
	NEAR(roc_auc(F64(7, 7, 7), U32(0, 1, 0), 3), .5);
	assert_true(isnan(roc_auc(F64(1, 2), U32(1, 1), 2)));
	assert_true(isnan(roc_auc(F64(1, 2), U32(0, 0), 2)));
	rng_init(&r, 3, 0);
	for (uint32_t levels = 2; levels < 2000; levels *= 5) {
		for (size_t i = 0; i < N; i++) {
			truth[i] = 5 * rng_below(&r, 2);
			score[i] = rng_below(&r, levels) + (truth[i] ? .5 : 0);
		}
		NEAR(roc_auc(score, truth, N), auc_by_pairs(score, truth, N));
	}
}

static void
share_found_at_a_share_of_errors(void **state)
{
	/* from the top: + - (+ -) +, two scores equal */
	const double score[] = {9, 8, 7, 7, 1};
	const uint32_t truth[] = {1, 0, 1, 0, 1};

	(void)state;
	NEAR(roc_tpr_at(score, truth, 5, 0), 1 / 3.);
	NEAR(roc_tpr_at(score, truth, 5, .49), 1 / 3.);
	/* the tie cannot be cut: its negative row comes along */
	NEAR(roc_tpr_at(score, truth, 5, .5), 1 / 3.);
	NEAR(roc_tpr_at(score, truth, 5, .99), 1 / 3.);
	NEAR(roc_tpr_at(score, truth, 5, 1), 1);
	NEAR(roc_tpr_at(F64(9, 8), U32(0, 1), 2, .5), 0);
	assert_true(isnan(roc_tpr_at(score, U32(1, 1, 1, 1, 1), 5, .5)));
}

static void
guesses(void **state)
{
	const uint32_t truth[] = {0, 0, 0, 1, 1, 3}, guess[] = {0, 0, 1, 1, 2, 2};

	(void)state;
	NEAR(accuracy(guess, truth, 6), .5);
	/* class 0: 4/5; 1: 2/4; 2 and 3: never right; 4 does not occur */
	NEAR(macro_f1(guess, truth, 6, 5), (.8 + .5) / 4);
	NEAR(macro_f1(truth, truth, 6, 4), 1);
	NEAR(macro_f1(truth, truth, 0, 4), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keys_order_numbers),
	    cmocka_unit_test(ranks_share_ties),
	    cmocka_unit_test(correlations),
	    cmocka_unit_test(auc_counts_pairs),
	    cmocka_unit_test(share_found_at_a_share_of_errors),
	    cmocka_unit_test(guesses),
	};

	return cmocka_run_group_tests_name("eval_ranks", tests, NULL, NULL);
}
