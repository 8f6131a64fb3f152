/* What learners and the two-sample classifier owe in the odd cases, without tables. */
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
#include "learn/cart.h"
#include "learn/forest.h"
#include "learn/learner.h"
#include "learn/oneclass.h"
#include "learn/twosample.h"

static void
absent_libraries_are_named(void **state)
{
	struct samples s;
	struct ns_err e;
	uint32_t label;
	double share;

	(void)state;
	samples_alloc(&s, 1, 1, 1);
	for (int w = 0; w < LEARNERS; w++) {
		const char *lib = learner_missing(w);
		int rc = learner_run(w, &s, &s, 0, NULL, &label, NULL, &e);

		assert_int_equal(rc, lib != NULL ? NS_EUSAGE : NS_OK);
		assert_true(lib == NULL || strstr(e.msg, lib) != NULL);
	}
	if (oneclass_missing() != NULL) {
		assert_int_equal(oneclass_share(s.x, 1, s.x, 1, 1, &share, &e),
		    NS_EUSAGE);
		assert_non_null(strstr(e.msg, oneclass_missing()));
	}
	samples_free(&s);
}

/* proba of one run, to be freed. */
static double *
shares(int w, const struct samples *train, const struct samples *test, uint32_t *label)
{
	double *p = xmalloc(test->n * (size_t)test->classes * sizeof *p);
	struct ns_err e;

	assert_int_equal(learner_run(w, train, test, 0, NULL, label, p, &e), NS_OK);
	return p;
}

/* One column, from the values given, the class as given. */
static void
make(struct samples *s, size_t n, const float *x, const uint32_t *y)
{
	samples_alloc(s, n, 1, 3);
	memcpy(s->x, x, n * sizeof *x);
	memcpy(s->y, y, n * sizeof *y);
}

static void
one_class_and_constant_columns(void **state)
{
	struct samples only, flat, test;
	uint32_t label[2];

	(void)state;
	make(&only, 3, (float[]){1, 2, 3}, (uint32_t[]){2, 2, 2});
	samples_alloc(&flat, 300, 1, 3);
	for (uint32_t i = 0; i < 300; i++)
		flat.y[i] = i % 3 == 0 ? 0 : 2;
	make(&test, 2, (float[]){0, 9}, (uint32_t[]){0, 0});
	for (int w = 0; w < LEARNERS; w++) {
		double *p;

		if (learner_missing(w) != NULL)
			continue;
		p = shares(w, &only, &test, label);
		assert_true(p[2] == 1 && p[5] == 1 && label[0] == 2 && label[1] == 2);
		free(p);
		p = shares(w, &flat, &test, label);
		/* with nothing to go by the class that is more frequent */
		assert_int_equal(label[0], 2);
		assert_true(p[0] + p[2] > 1 - 1e-6 && p[1] == 0);
		free(p);
	}
	samples_free(&only);
	samples_free(&flat);
	samples_free(&test);
}

static void
trees_cut_at_the_midpoint(void **state)
{
	struct samples train, test;
	uint32_t label[4];
	double *p;

	(void)state;
	make(&train, 4, (float[]){1, 2, 2, -7}, (uint32_t[]){0, 1, 2, 1});
	make(&test, 4, (float[]){1.5f, nextafterf(1.5f, 2), -3, -3.0001f},
	    (uint32_t[]){0, 0, 0, 0});
	p = shares(LEARN_TREE, &train, &test, label);
	assert_int_equal(label[0], 0);
	/* two rows that cannot be told apart: half each, the first class wins */
	assert_int_equal(label[1], 1);
	assert_true(p[4] == .5 && p[5] == .5);
	assert_int_equal(label[2], 1);
	assert_int_equal(label[3], 1);
	free(p);
	samples_free(&train);
	samples_free(&test);
}

static void
trees_tell_neighbouring_floats_apart(void **state)
{
	float x[40];
	struct samples s;
	uint32_t label[40];

	(void)state;
	/* midpoints that round up and midpoints that round down, and the greatest */
	x[0] = 1;
	for (int i = 1; i < 39; i++)
		x[i] = nextafterf(x[i - 1], 2);
	x[38] = -3.4e38f;
	x[39] = 3.4e38f;
	samples_alloc(&s, 40, 1, 3);
	memcpy(s.x, x, sizeof x);
	for (uint32_t i = 0; i < 40; i++)
		s.y[i] = i % 3;
	free(shares(LEARN_TREE, &s, &s, label));
	assert_memory_equal(label, s.y, sizeof label);
	samples_free(&s);
}

static void
leaves_are_not_too_small(void **state)
{
	const float x[] = {0, 1, 2, 3, 4, 5, 6, 7};
	uint32_t leaf[8];

	(void)state;
	/* the pure cut leaves `odd` rows on one side; the nearest one allowed is taken
	 */
	for (uint32_t odd = 1; odd < 8; odd++) {
		uint32_t cut = odd < 3 ? 3 : odd > 5 ? 5 : odd;
		struct cart_rules rules = {2, 1, 1, 3};
		struct cart_item item[8];
		struct ranked t;
		struct cart c;
		struct rng r;

		rng_init(&r, 1, 0);
		ranked_init(&t, x, 8, 1);
		for (uint32_t i = 0; i < 8; i++)
			item[i] = (struct cart_item){.5, i, i < odd};
		cart_grow(&c, &t, item, 8, &rules, &r);
		cart_find(&c, leaf, x, 8, 1);
		for (uint32_t i = 0; i < 8; i++)
			assert_true((leaf[i] == leaf[0]) == (i < cut));
		cart_free(&c);
		ranked_free(&t);
	}
}

static void
rows_drawn_twice_weigh_double(void **state)
{
	struct samples s;
	struct ranked t;
	int twice = 0;

	(void)state;
	make(&s, 3, (float[]){1, 1, 1}, (uint32_t[]){0, 0, 1});
	ranked_init(&t, s.x, 3, 1);
	for (uint64_t seed = 0; seed < 50; seed++) {
		struct forest f = {1, 1, seed, 0};
		double p[3];

		forest_vote(p, &f, &s, &t, (uint32_t[]){0, 1, 2}, 3, s.x, 1, NULL);
		/* three draws: thirds */
		assert_true(fabs(p[1] * 3 - round(p[1] * 3)) < 1e-12);
		twice += fabs(p[1] - 2 / 3.) < 1e-12;
	}
	assert_in_range(twice, 3, 25);
	ranked_free(&t);
	samples_free(&s);
}

static void
columns_are_standardised(void **state)
{
	float x[] = {1, 5, 3, 5, 5, 5}, out[6];
	struct standard s;

	(void)state;
	standard_fit(&s, x, 3, 2);
	assert_true(s.mean[0] == 3 && s.mean[1] == 5 && s.deviation[1] == 1);
	assert_true(fabs(s.deviation[0] - sqrt(8 / 3.)) < 1e-15);
	standard_apply(&s, out, x, 3);
	assert_true(out[2] == 0 && out[1] == 0 && out[5] == 0);
	assert_true(fabs((double)out[4] - sqrt(1.5)) < 1e-6);
	standard_free(&s);
}

static void
two_samples_alike_and_unlike(void **state)
{
	enum { N = 2000, D = 5 };
	static float x[2 * N * D];
	struct pool *pool = pool_new(2);
	struct rng r;
	double auc;

	(void)state;
	rng_init(&r, 11, 0);
	for (size_t i = 0; i < LEN(x); i++)
		x[i] = (float)(i % D == 3 ? rng_below(&r, 4) : rng_normal(&r));
	auc = two_sample_auc(x, N, x + N * D, N, D, 1, NULL);
	assert_true(fabs(auc - .5) < .03);
	assert_true(auc == two_sample_auc(x, N, x + N * D, N, D, 1, pool));
	assert_true(auc != two_sample_auc(x, N, x + N * D, N, D, 2, NULL));
	for (size_t i = 0; i < N * D; i += D)
		x[i] += 3;
	assert_true(two_sample_auc(x, N, x + N * D, N, D, 1, pool) > .9);
	assert_true(isnan(two_sample_auc(x, 7, x + N * D, N, D, 1, NULL)));
	assert_true(isnan(two_sample_auc(x, N, x + N * D, 7, D, 1, NULL)));
	pool_free(pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(absent_libraries_are_named),
	    cmocka_unit_test(one_class_and_constant_columns),
	    cmocka_unit_test(trees_cut_at_the_midpoint),
	    cmocka_unit_test(trees_tell_neighbouring_floats_apart),
	    cmocka_unit_test(leaves_are_not_too_small),
	    cmocka_unit_test(rows_drawn_twice_weigh_double),
	    cmocka_unit_test(columns_are_standardised),
	    cmocka_unit_test(two_samples_alike_and_unlike),
	};

	return cmocka_run_group_tests_name("eval_learn_edges", tests, NULL, NULL);
}
