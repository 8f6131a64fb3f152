/* Embeddings and choices in float against PyTorch, and what holds at their edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "nn/choice.h"
#include "nn/embed.h"
#include "torch.h"
#include "values.h"

enum { GAP = 77 }; /* stands between rows, and has to stay */

/* ---- Embeddings ---- */

/* Codes and rows lie among others; gradients are added to what is there. */
static void
embed(void **state)
{
	enum { N = 12, K = 9, E = 5, STEP = 3, LD = 8 };
	real table[K * E], dtable[K * E], dense[N * E], x[N * LD], dx[N * LD];
	uint16_t code[N * STEP];
	int i, j;

	(void)state;
	fill(table, K * E, 1, 1);
	fill(dense, N * E, 9, 1);
	for (i = 0; i < N * STEP; i++)
		code[i] = i % STEP == 0 ? (uint16_t)((i / STEP * 5 + 2) % 9) : 60000;
	for (i = 0; i < N * LD; i++)
		x[i] = dx[i] = GAP;
	for (i = 0; i < N; i++)
		memcpy(dx + i * LD, dense + i * E, E * sizeof *dx);
	for (i = 0; i < K * E; i++)
		dtable[i] = 2;
	embed_forward(x, LD, table, E, code, STEP, N);
	embed_backward(dtable, dx, LD, E, code, STEP, N);
	for (i = 0; i < N; i++)
		for (j = 0; j < LD; j++)
			assert_true(
			    x[i * LD + j] == (j < E ? embed_y[i * E + j] : GAP));
	for (i = 0; i < K * E; i++)
		dtable[i] -= 2;
	assert_true(worst(dtable, embed_dtable, K * E) < 1e-5);
}

static void
embed_of_nothing(void **state)
{
	real x[2] = {GAP, GAP}, table[2] = {1, 2}, dtable[2] = {3, 4};

	(void)state;
	embed_forward(x, 2, table, 2, NULL, 1, 0);
	embed_backward(dtable, x, 2, 2, NULL, 1, 0);
	assert_true(x[0] == GAP && x[1] == GAP && dtable[0] == 3 && dtable[1] == 4);
}

/* ---- Choices ---- */

enum { ROWS = 4 };

/* What the script computed for k codes. */
struct known {
	int k;
	double scale;
	bool sets;
	const float *loss, *dx; /* (ROWS), (ROWS, k): half of the gradient */
};

static const struct known known[] = {
    {1, 4, false, choice_1_loss, choice_1_dx},
    {1, 4, true, choice_1_sets_loss, choice_1_sets_dx},
    {2, 4, false, choice_2_loss, choice_2_dx},
    {2, 4, true, choice_2_sets_loss, choice_2_sets_dx},
    {21, 4, false, choice_21_loss, choice_21_dx},
    {21, 4, true, choice_21_sets_loss, choice_21_sets_dx},
    {256, 4, false, choice_256_loss, choice_256_dx},
    {256, 4, true, choice_256_sets_loss, choice_256_sets_dx},
    {21, 40000, false, choice_big_loss, choice_big_dx},
    {21, 40000, true, choice_big_sets_loss, choice_big_sets_dx},
};

struct rows {
	int k, ld;
	real v[ROWS * (CHOICE_MAX + 3)];
	uint8_t allow[ROWS][CHOICE_SET];
	uint16_t code[ROWS];
};

static bool
is_allowed(const struct rows *r, int i, int j)
{
	return j == r->code[i] || (i % 2 == 0 && (j * 7 + i * 3) % 5 < 3);
}

static void
rows_fill(struct rows *r, const struct known *w)
{
	real dense[ROWS * CHOICE_MAX];
	int i, j;

	memset(r, 0, sizeof *r);
	r->k = w->k;
	r->ld = w->k + 3;
	fill(dense, (long)ROWS * w->k, w->k, w->scale);
	for (i = 0; i < ROWS; i++) {
		r->code[i] = (uint16_t)((i * 5 + 2) % w->k);
		for (j = 0; j < r->ld; j++)
			r->v[i * r->ld + j] = j < w->k ? dense[i * w->k + j] : GAP;
		for (j = 0; j < w->k; j++)
			if (is_allowed(r, i, j))
				r->allow[i][j / 8] |= (uint8_t)(1u << j % 8);
	}
}

static double
probability_wanted(const struct known *w, const struct rows *r, int i, int j)
{
	return 2 * (double)w->dx[i * w->k + j] + (j == r->code[i]);
}

static void
check_forward(const struct known *w, const struct rows *r)
{
	double sum, p;
	int i, j;

	for (i = 0; i < ROWS; i++) {
		for (sum = 0, j = 0; j < w->k; j++) {
			p = (double)r->v[i * r->ld + j];
			assert_true(fabs(p - probability_wanted(w, r, i, j)) < 2e-6);
			assert_true(p == 0 || !w->sets || is_allowed(r, i, j));
			sum += p;
		}
		assert_true(fabs(sum - 1) < 1e-5);
		for (; j < r->ld; j++)
			assert_true(r->v[i * r->ld + j] == GAP);
	}
}

/* Where floats have no smaller probability the loss stops growing. */
static void
check_loss(const struct known *w, const struct rows *r)
{
	double sum = 0, want = 0, one, top = -log(1e-30);
	int i;

	for (i = 0; i < ROWS; i++) {
		one = choice_loss(r->v + i * r->ld, r->ld, r->code + i, 1);
		want = fmin((double)w->loss[i], top);
		assert_true(fabs(one - want) < 2e-5);
		sum += one;
	}
	assert_true(fabs(choice_loss(r->v, r->ld, r->code, ROWS) - sum) < 1e-9);
}

static void
check_backward(const struct known *w, struct rows *r)
{
	int i, j;

	choice_backward(r->v, r->ld, r->code, ROWS, w->k, (real)0.5);
	for (i = 0; i < ROWS; i++)
		for (j = 0; j < r->ld; j++)
			if (j >= w->k)
				assert_true(r->v[i * r->ld + j] == GAP);
			else
				assert_true(fabs((double)r->v[i * r->ld + j] -
						(double)w->dx[i * w->k + j]) < 1e-6);
}

static void
choices(void **state)
{
	struct rows r;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(known); i++) {
		rows_fill(&r, &known[i]);
		choice_forward(r.v, r.ld, known[i].sets ? r.allow : NULL, ROWS, r.k);
		check_forward(&known[i], &r);
		check_loss(&known[i], &r);
		check_backward(&known[i], &r);
	}
}

/* However high the logits of what is not allowed, and however low those of what is. */
static void
sets_are_stronger_than_logits(void **state)
{
	uint8_t allow[1][CHOICE_SET] = {{0x14}};
	real v[6] = {3e29f, 1e4f, -1e20f, 88, -2e20f, 0};
	uint16_t code = 2;

	(void)state;
	choice_forward(v, 6, allow, 1, 6);
	assert_true(v[0] == 0 && v[1] == 0 && v[3] == 0 && v[5] == 0);
	assert_true(v[2] == 1 && v[4] < 1e-30f);
	assert_true(choice_loss(v, 6, &code, 1) == 0);
	choice_backward(v, 6, &code, 1, 6, 3);
	assert_true(v[2] == 0 && v[0] == 0 && v[1] == 0);
}

/* A NaN must come out at the end, or nobody learns that training has diverged. */
static void
nan_survives(void **state)
{
	uint8_t allow[1][CHOICE_SET] = {{0x03}};
	real v[3] = {NAN, 1, 2};
	uint16_t code = 1;

	(void)state;
	choice_forward(v, 3, allow, 1, 3);
	assert_true(isnan(v[0]) && isnan(v[1]) && v[2] == 0);
	choice_backward(v, 3, &code, 1, 3, 1);
	assert_true(isnan(v[1]));
}

/* ---- Codes of a block together ---- */

enum { CODES = 10, BLOCK = 4 }; /* blocks of 4, 4 and 2 codes */

/* Powers of two and sums of few: floats have them exactly. */
static const real parts[2][CODES] = {
    {.125f, .0625f, .0625f, 0, .25f, 0, .125f, .125f, .1875f, .0625f},
    {0, .125f, 0, .375f, .25f, 0, 0, 0, 0, .25f},
};
/* Row 1: codes 1 and 3 of the first block, 4 of the second, 9 of the last. */
static uint8_t some[2][CHOICE_SET] = {{0xff, 0x03}, {0x1a, 0x02}};

static void
blocks_are_made_even(void **state)
{
	const real all[2][CODES] = {
	    {.0625f, .0625f, .0625f, .0625f, .125f, .125f, .125f, .125f, .125f, .125f},
	    {.125f, .125f, .125f, .125f, .0625f, .0625f, .0625f, .0625f, .125f, .125f},
	};
	const real of_some[CODES] = {0, .25f, 0, .25f, .25f, 0, 0, 0, 0, .25f};
	real y[2 * (CODES + 1)];
	int sets, i, j;

	(void)state;
	for (sets = 0; sets < 2; sets++) {
		for (i = 0; i < 2; i++) {
			memcpy(y + i * (CODES + 1), parts[i], sizeof parts[i]);
			y[i * (CODES + 1) + CODES] = GAP;
		}
		choice_even(y, CODES + 1, sets ? some : NULL, 2, CODES, BLOCK);
		for (i = 0; i < 2; i++) {
			for (j = 0; j < CODES; j++)
				assert_true(y[i * (CODES + 1) + j] ==
				    (sets && i == 1 ? of_some[j] : all[i][j]));
			assert_true(y[i * (CODES + 1) + CODES] == GAP);
		}
	}
}

/* Minus the logarithm of an equal part of what the block has. */
static void
loss_of_blocks(void **state)
{
	const uint16_t code[2] = {9, 3};

	(void)state;
	assert_true(
	    fabs(choice_block_loss(parts[0], CODES, NULL, code, 2, CODES, BLOCK) -
		(log(8) + log(8))) < 1e-12);
	assert_true(
	    fabs(choice_block_loss(parts[0], CODES, some, code, 2, CODES, BLOCK) -
		(log(8) + log(4))) < 1e-12);
	assert_true(
	    fabs(choice_block_loss(parts[1], CODES, some + 1, code, 1, CODES, BLOCK) -
		log(4)) < 1e-12);
	/* the block of code 4 is of this code alone then */
	assert_true(fabs(choice_block_loss(parts[1], CODES, some + 1,
			     (const uint16_t[]){4}, 1, CODES, BLOCK) -
			log(4)) < 1e-12);
}

/* In the block what a code has of it is taken away, elsewhere nothing. */
static void
gradient_of_blocks(void **state)
{
	const uint16_t code[2] = {9, 1};
	const real want[2][CODES] = {
	    {.25f, .125f, .125f, 0, .5f, 0, .25f, .25f, -1.125f, -.375f},
	    {0, -.25f, 0, -.75f, .5f, 0, 0, 0, 0, .5f},
	};
	real y[2 * (CODES + 1)];
	int i, j;

	(void)state;
	for (i = 0; i < 2; i++) {
		memcpy(y + i * (CODES + 1), parts[i], sizeof parts[i]);
		y[i * (CODES + 1) + CODES] = GAP;
	}
	choice_block_backward(y, CODES + 1, code, 2, CODES, BLOCK, 2);
	for (i = 0; i < 2; i++) {
		for (j = 0; j < CODES; j++)
			assert_true(y[i * (CODES + 1) + j] == want[i][j]);
		assert_true(y[i * (CODES + 1) + CODES] == GAP);
	}
}

/* Bit for bit, however far apart the logits are. */
static void
blocks_of_one_are_plain(void **state)
{
	struct rows r, plain, even;
	uint8_t(*allow)[CHOICE_SET];
	size_t i;

	(void)state;
	for (i = 0; i < LEN(known); i++) {
		rows_fill(&r, &known[i]);
		allow = known[i].sets ? r.allow : NULL;
		choice_forward(r.v, r.ld, allow, ROWS, r.k);
		plain = even = r;
		choice_even(even.v, r.ld, allow, ROWS, r.k, 1);
		assert_memory_equal(even.v, r.v, sizeof r.v);
		assert_true(choice_block_loss(r.v, r.ld, allow, r.code, ROWS, r.k, 1) ==
		    choice_loss(r.v, r.ld, r.code, ROWS));
		choice_backward(plain.v, r.ld, r.code, ROWS, r.k, (real).3);
		choice_block_backward(r.v, r.ld, r.code, ROWS, r.k, 1, (real).3);
		assert_memory_equal(plain.v, r.v, sizeof r.v);
	}
}

/* A block that is larger than the alphabet is all of it. */
static void
one_block_of_all(void **state)
{
	const uint16_t code[1] = {7};
	real y[CODES];
	int j;

	(void)state;
	memcpy(y, parts[1], sizeof y);
	choice_even(y, CODES, some + 1, 1, CODES, 256);
	for (j = 0; j < CODES; j++)
		assert_true(y[j] == (parts[1][j] > 0 ? (real).25 : 0));
	assert_true(fabs(choice_block_loss(parts[1], CODES, NULL, code, 1, CODES, 256) -
			log(10)) < 1e-12);
	memcpy(y, parts[1], sizeof y);
	choice_block_backward(y, CODES, code, 1, CODES, 256, 5);
	for (j = 0; j < CODES; j++)
		assert_true(y[j] == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(embed),
	    cmocka_unit_test(embed_of_nothing),
	    cmocka_unit_test(choices),
	    cmocka_unit_test(sets_are_stronger_than_logits),
	    cmocka_unit_test(nan_survives),
	    cmocka_unit_test(blocks_are_made_even),
	    cmocka_unit_test(loss_of_blocks),
	    cmocka_unit_test(gradient_of_blocks),
	    cmocka_unit_test(blocks_of_one_are_plain),
	    cmocka_unit_test(one_block_of_all),
	};

	return cmocka_run_group_tests_name("nn/choice", tests, NULL, NULL);
}
