/* Soft draws' gradients against central differences, in double: from what is said of
 * the codes to the logits, at fixed noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../nn/values.h"
#include "nn/choice.h"
#include "nn/gumbel.h"

enum { N = 6, K = 21 };
#define STEP 1e-6

struct draws {
	int block;
	real part;
	bool masked;
	real x[N * K], say[N * K], marginal[K];
	uint8_t allow[N][CHOICE_SET];
	real p[N * K], q[N * K], soft[N * K];
	uint16_t code[N];
};

/* Forward from the logits, always by the same noise; what is said of it. */
static double
value(struct draws *d)
{
	uint8_t(*allow)[CHOICE_SET] = d->masked ? d->allow : NULL;
	double sum = 0;
	struct rng r;
	int i;

	rng_init(&r, 31, 7);
	memcpy(d->p, d->x, sizeof d->p);
	choice_forward(d->p, K, allow, N, K);
	memcpy(d->q, d->p, sizeof d->q);
	if (d->block > 1)
		choice_even(d->q, K, allow, N, K, d->block);
	if (d->part > 0)
		gumbel_floor(d->q, d->marginal, N, K, d->part);
	gumbel_forward(d->soft, d->q, d->code, 1, N, K, &r);
	for (i = 0; i < N * K; i++)
		sum += d->say[i] * d->soft[i];
	return sum;
}

/* Row i lacks codes of its own; one row's codes all have no share among the marginals,
 * one row has a whole block that is not allowed. */
static void
fill_draws(struct draws *d)
{
	int i, j;

	fill(d->x, N * K, 1, 1.5);
	fill(d->say, N * K, 2, 1);
	fill(d->marginal, K, 3, 1);
	for (j = 0; j < K; j++)
		d->marginal[j] = j % 5 == 4 ? 0 : fabs(d->marginal[j]);
	memset(d->allow, 0, sizeof d->allow);
	for (i = 0; i < N; i++)
		for (j = 0; j < K; j++) {
			bool in = (j * 7 + i * 3) % 5 < 3;

			if (i == 4)
				in = j % 5 == 4;
			if (i == 5)
				in = j >= 8;
			if (in)
				d->allow[i][j / 8] |= (uint8_t)(1 << j % 8);
		}
}

static void
check(int block, real part, bool masked)
{
	struct draws d = {.block = block, .part = part, .masked = masked};
	double up, down, slope, top = 0;
	real got[N * K], kept;
	int i;

	fill_draws(&d);
	value(&d);
	memcpy(got, d.say, sizeof got);
	gumbel_backward(got, d.soft, d.p, d.q, N, K, block, part);
	for (i = 0; i < N * K; i++) {
		kept = d.x[i];
		d.x[i] = kept + STEP;
		up = value(&d);
		d.x[i] = kept - STEP;
		down = value(&d);
		d.x[i] = kept;
		slope = (up - down) / (2 * STEP);
		top = fmax(top, fabs(slope));
		if (!(fabs(slope - got[i]) < 1e-8))
			fail_msg("block %d part %g masks %d row %d code %d: %.12g, "
				 "difference %.12g",
			    block, part, masked, i / K, i % K, got[i], slope);
	}
	/* one block of all codes: nothing is told apart */
	assert_true(block >= K ? top < 1e-8 : top > .05);
}

static void
gradient_matches_difference(void **state)
{
	const int blocks[] = {1, 2, 4, 32};
	const real parts[] = {0, .125, .5};
	int b, f;

	(void)state;
	for (b = 0; b < 4; b++)
		for (f = 0; f < 3; f++) {
			check(blocks[b], parts[f], false);
			check(blocks[b], parts[f], true);
		}
}

/* One code: nothing to be learnt. */
static void
one_code_has_no_gradient(void **state)
{
	const real one = 1;
	real d = 3, soft;
	uint16_t code = 7;
	struct rng r;

	(void)state;
	rng_init(&r, 1, 2);
	gumbel_forward(&soft, &one, &code, 1, 1, 1, &r);
	assert_true(soft == 1 && code == 0);
	gumbel_backward(&d, &soft, &one, &one, 1, 1, 1, 0);
	assert_true(d == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gradient_matches_difference),
	    cmocka_unit_test(one_code_has_no_gradient),
	};

	return cmocka_run_group_tests_name("gumbel", tests, NULL, NULL);
}
