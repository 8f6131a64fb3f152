/* Codes are drawn as often as they should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ar/draw.h"
#include "base/mem.h"
#include "chi.h"

enum { DRAWS = 1000000, MOST = 256 };

/* k probabilities, not summing to 1: even, steep, or with holes at both ends. */
enum shape { EVEN, STEEP, HOLES };
static const struct {
	int k;
	enum shape shape;
} cases[] = {{1, EVEN}, {2, EVEN}, {2, STEEP}, {5, HOLES}, {21, STEEP}, {21, HOLES},
    {256, EVEN}, {256, STEEP}, {256, HOLES}};

static void
make(size_t c, real p[MOST], double want[MOST])
{
	int i, k = cases[c].k;

	for (i = 0; i < k; i++) {
		p[i] = (real)(.02 * (1 + i * 7 % 5));
		if (cases[c].shape == STEEP)
			p[i] = (real)exp(-9. * i / k);
		if (cases[c].shape == HOLES && (i % 3 == 0 || i == k - 1))
			p[i] = 0;
		want[i] = (double)p[i];
	}
}

static void
one_by_its_probability(void **state)
{
	uint64_t count[MOST];
	double want[MOST], z;
	real p[MOST];
	struct rng r;
	size_t c;
	int i, code;

	(void)state;
	for (c = 0; c < LEN(cases); c++) {
		make(c, p, want);
		memset(count, 0, sizeof count);
		rng_init(&r, 21, c);
		for (i = 0; i < DRAWS; i++) {
			code = draw_one(p, cases[c].k, &r);
			assert_in_range(code, 0, cases[c].k - 1);
			count[code]++;
		}
		z = chi_normal(count, want, (size_t)cases[c].k);
		assert_true(fabs(z) < CHI_RARE);
	}
}

/* Numbers that are none come from weights that a stream may hold: nothing is drawn, or
 * what is there. */
static void
one_of_none(void **state)
{
	real p[3] = {0, 0, 0}, none[3] = {NAN, NAN, NAN};
	uint16_t code[50];
	struct rng r;
	int i;

	(void)state;
	rng_init(&r, 1, 1);
	assert_int_equal(draw_one(p, 3, &r), -1);
	p[1] = NAN;
	assert_int_equal(draw_one(p, 3, &r), -1);
	p[1] = 1e-30f;
	assert_int_equal(draw_one(p, 3, &r), 1);
	draw_even(none, 3, code, 1, 50, &r);
	for (i = 0; i < 50; i++)
		assert_in_range(code[i], 0, 2);
}

/* n codes, ascending, of which each occurs n times its probability, give or take 1. */
static void
check_even(size_t c, int n, struct rng *r)
{
	enum { STEP = 3, GAP = 60000 };
	uint16_t *code = xmalloc((size_t)n * STEP * sizeof *code);
	int i, k = cases[c].k, count[MOST] = {0}, last = 0;
	double want[MOST], sum = 0;
	real p[MOST];

	make(c, p, want);
	for (i = 0; i < n * STEP; i++)
		code[i] = GAP;
	draw_even(p, k, code, STEP, n, r);
	for (i = 0; i < n * STEP; i++) {
		if (i % STEP != 0) {
			assert_int_equal(code[i], GAP);
			continue;
		}
		assert_in_range(code[i], last, k - 1);
		last = code[i];
		count[last]++;
	}
	for (i = 0; i < k; i++)
		sum += want[i];
	for (i = 0; i < k; i++) {
		assert_true(want[i] > 0 || count[i] == 0);
		assert_true(fabs(count[i] - n * want[i] / sum) < 1 + 1e-6);
	}
	free(code);
}

static void
even_to_the_nearest(void **state)
{
	const int sizes[] = {1, 2, 3, 7, 64, 1000, 4096, 65537};
	struct rng r;
	size_t c, s;
	int i;

	(void)state;
	rng_init(&r, 22, 0);
	for (c = 0; c < LEN(cases); c++)
		for (s = 0; s < LEN(sizes); s++)
			for (i = 0; i < 20; i++)
				check_even(c, sizes[s], &r);
}

/* Over many draws of n at once none has more than its share; those of one code alone
 * are independent. */
static void
even_is_fair(void **state)
{
	const int sizes[] = {1, 3, 10};
	uint64_t count[MOST];
	double want[MOST], z;
	uint16_t code[10];
	real p[MOST];
	struct rng r;
	size_t c, s;
	int i, j;

	(void)state;
	for (c = 0; c < LEN(cases); c++)
		for (s = 0; s < LEN(sizes); s++) {
			make(c, p, want);
			memset(count, 0, sizeof count);
			rng_init(&r, 23, c);
			for (i = 0; i < DRAWS / 5; i++) {
				draw_even(p, cases[c].k, code, 1, sizes[s], &r);
				for (j = 0; j < sizes[s]; j++)
					count[code[j]]++;
			}
			z = chi_normal(count, want, (size_t)cases[c].k);
			assert_true(z < CHI_RARE);
			assert_true(sizes[s] > 1 || z > -CHI_RARE);
		}
}

static void
temper(void **state)
{
	const real was[6] = {0, 1, .25f, .09f, 1e-6f, 0};
	real p[6];
	int i;

	(void)state;
	memcpy(p, was, sizeof p);
	draw_temper(p, 6, 2);
	for (i = 0; i < 6; i++)
		assert_true(fabs((double)p[i] - sqrt((double)was[i])) < 1e-6);
	draw_temper(p, 6, .5);
	for (i = 0; i < 6; i++)
		assert_true(fabs((double)p[i] - (double)was[i]) < 1e-6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_by_its_probability),
	    cmocka_unit_test(one_of_none),
	    cmocka_unit_test(even_to_the_nearest),
	    cmocka_unit_test(even_is_fair),
	    cmocka_unit_test(temper),
	};

	return cmocka_run_group_tests_name("draws", tests, NULL, NULL);
}
