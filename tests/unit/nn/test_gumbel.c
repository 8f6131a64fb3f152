/* Draws with noise: by the probabilities, of what is allowed, hard as soft is largest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../ns-sample/chi.h"
#include "base/mem.h"
#include "nn/gumbel.h"
#include "values.h"

enum { K = 13, ROWS = 500, TIMES = 400 };

/* A row with a code that is sure to be rare and two that cannot be. */
static void
make_row(real *p)
{
	real sum = 0;
	int j;

	fill(p, K, 5, 1);
	for (j = 0; j < K; j++)
		p[j] = j == 3 || j == 12 ? 0
		    : j == 7             ? (real)1e-3
					 : fabsf(p[j]) + 0.02f;
	for (j = 0; j < K; j++)
		sum += p[j];
	for (j = 0; j < K; j++)
		p[j] /= sum;
}

static void
codes_follow_the_probabilities(void **state)
{
	static real q[ROWS * K], soft[ROWS * K];
	double p[K], chi;
	uint64_t count[K] = {0};
	uint16_t code[ROWS];
	struct rng r;
	int i, j, t;

	(void)state;
	for (i = 0; i < ROWS; i++)
		make_row(q + i * K);
	for (j = 0; j < K; j++)
		p[j] = (double)q[j];
	rng_init(&r, 41, 0);
	for (t = 0; t < TIMES; t++) {
		gumbel_forward(soft, q, code, 1, ROWS, K, &r);
		for (i = 0; i < ROWS; i++)
			count[code[i]]++;
	}
	chi = chi_normal(count, p, K);
	assert_true(fabs(chi) < CHI_RARE);
	assert_true(count[3] == 0 && count[12] == 0 && count[7] > 0);
}

/* The soft row is one of probabilities, 0 where nothing can be drawn, largest at the
 * code; in place as beside. */
static void
code_is_the_largest(void **state)
{
	static real q[ROWS * K], soft[ROWS * K];
	uint16_t code[2 * ROWS], again[2 * ROWS];
	struct rng r;
	double sum;
	int i, j;

	(void)state;
	for (i = 0; i < ROWS; i++)
		make_row(q + i * K);
	for (i = 0; i < 2 * ROWS; i++)
		code[i] = again[i] = 999;
	rng_init(&r, 42, 0);
	gumbel_forward(soft, q, code, 2, ROWS, K, &r);
	for (i = 0; i < ROWS; i++) {
		assert_true(code[2 * i] < K && code[2 * i + 1] == 999);
		for (sum = 0, j = 0; j < K; j++) {
			assert_true(soft[i * K + j] <= soft[i * K + code[2 * i]]);
			assert_true((soft[i * K + j] > 0) == (q[j] > 0));
			sum += (double)soft[i * K + j];
		}
		assert_true(fabs(sum - 1) < 1e-5);
	}
	rng_init(&r, 42, 0);
	gumbel_forward(q, q, again, 2, ROWS, K, &r);
	assert_memory_equal(code, again, sizeof code);
	assert_memory_equal(soft, q, sizeof soft);
}

/* Two rows of the same probabilities agree as often as by chance. */
static void
rows_have_their_own_noise(void **state)
{
	real q[4] = {.5f, .5f, .5f, .5f}, soft[4];
	uint16_t code[2];
	int differ = 0, i;
	struct rng r;

	(void)state;
	rng_init(&r, 43, 0);
	for (i = 0; i < 200; i++) {
		gumbel_forward(soft, q, code, 1, 2, 2, &r);
		differ += code[0] != code[1];
	}
	assert_true(differ > 60 && differ < 140);
}

/* By the formula: (1 - part) q + part of the marginals, as far as they can be drawn. */
static void
floor_adds_marginals(void **state)
{
	const real part = .25f;
	real q[3 * K], was[3 * K], marginal[K], open;
	double sum, want;
	int i, j;

	(void)state;
	for (i = 0; i < 3; i++)
		make_row(was + i * K);
	for (j = 0; j < K; j++) {
		/* no marginals but where nothing can be drawn, and in row 2 none */
		if (j != 0 && j != 5)
			was[2 * K + j] = 0;
		marginal[j] = j == 0 || j == 5 ? 0 : (real)(j + 1) / 100;
	}
	memcpy(q, was, sizeof q);
	gumbel_floor(q, marginal, 3, K, part);
	for (i = 0; i < 3; i++) {
		for (open = 0, j = 0; j < K; j++)
			open += was[i * K + j] > 0 ? marginal[j] : 0;
		for (sum = want = 0, j = 0; j < K; j++) {
			if (was[i * K + j] == 0) {
				assert_true(q[i * K + j] == 0);
				continue;
			}
			want = .75 * (double)was[i * K + j] +
			    .25 * (open > 0 ? (double)marginal[j] / (double)open : .5);
			assert_true(fabs((double)q[i * K + j] - want) < 1e-6);
			sum += (double)q[i * K + j];
		}
		if (i < 2)
			assert_true(fabs(sum - 1) < 1e-6);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_follow_the_probabilities),
	    cmocka_unit_test(code_is_the_largest),
	    cmocka_unit_test(rows_have_their_own_noise),
	    cmocka_unit_test(floor_adds_marginals),
	};

	return cmocka_run_group_tests_name("nn/gumbel", tests, NULL, NULL);
}
