/*
 * Which side of a limit epsilon lies, by grids that are rougher than those that tell
 * epsilon: the side that it tells, however near, and about its value.
 *
 * What each test catches:
 *   sides_are_those_of_epsilon: values that are taken for converged where two grids
 *     happen to differ by a quarter as much as the two before, doubt left away, what
 * the last grid adds left away, one direction alone what_is_close_is_exact: what is
 * foreseen told as a bound
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/mem.h"
#include "dp/account/pld.h"

/* Many steps and few, those of which few losses decide, one that is not sampled, two
 * that differ, and more steps than any grid but the widest has room for. */
static const struct {
	struct dp_mechanism m[2];
	size_t n;
	double delta;
} row[] = {
    {{{.02, .7, 4}}, 1, 1e-5},
    {{{.1, 1.469, 4}, {1, 150, 1}}, 2, 1e-5},
    {{{.02, 3.446, 2000}}, 1, 1e-5},
    {{{.04, 1.43, 2250}, {.01, 4, 1000}}, 2, 1e-5},
    {{{.001, .5, 500}}, 1, 1e-6},
    {{{.02, 1.84, 5000}}, 1, 1e-5},
    {{{1, 3.7, 1}}, 1, 1e-5},
    {{{.02, 75, 1000000}}, 1, 1e-5},
};

/* How far above and below epsilon the limits lie, as a part of it. */
static const double away[] = {3e-7, 1e-5, 1e-4, 1e-3, 1e-2, .3};

static void
sides_are_those_of_epsilon(void **state)
{
	double epsilon, about, limit;
	size_t i, j;
	int side;
	bool close;

	(void)state;
	for (i = 0; i < LEN(row); i++) {
		epsilon = dp_pld_epsilon(row[i].m, row[i].n, row[i].delta);
		for (j = 0; j < LEN(away); j++)
			for (side = -1; side <= 1; side += 2) {
				limit = epsilon * (1 + side * away[j]);
				about = pld_epsilon_foreseen(row[i].m, row[i].n,
				    row[i].delta, limit, &close);
				if ((about <= limit) != (side > 0) ||
				    fabs(about - epsilon) > .75 * away[j] * epsilon)
					fail_msg("row %zu: %.9g, not %.9g, limit %.9g",
					    i, about, epsilon, limit);
				assert_true(pld_epsilon_within(row[i].m, row[i].n,
						row[i].delta, limit) == (side > 0));
			}
	}
}

static void
what_is_close_is_exact(void **state)
{
	double epsilon, about, limit;
	int closes = 0, all = 0;
	size_t i, j;
	bool close;

	(void)state;
	for (i = 0; i < LEN(row); i++) {
		epsilon = dp_pld_epsilon(row[i].m, row[i].n, row[i].delta);
		for (j = 0; j < LEN(away); j++, all++) {
			limit = epsilon * (1 + away[j]);
			about = pld_epsilon_foreseen(row[i].m, row[i].n, row[i].delta,
			    limit, &close);
			closes += close;
			assert_true(!close || about == epsilon);
		}
	}
	print_message("%d of %d are close\n", closes, all);
	assert_true(closes > 0 && closes < all / 2);
}

/* Sensitivity 0 and infinite: nothing to foresee. */
static void
edges(void **state)
{
	const struct dp_mechanism none = {0, 1, 5}, bare = {.5, 0, 1};
	bool close;

	(void)state;
	assert_true(pld_epsilon_foreseen(&none, 1, 1e-5, 1, &close) == 0 && close);
	assert_true(pld_epsilon_within(&none, 1, 1e-5, 1e-9));
	assert_true(isinf(pld_epsilon_foreseen(&bare, 1, 1e-5, 1, &close)));
	assert_false(pld_epsilon_within(&bare, 1, 1e-5, 900));
	assert_true(pld_epsilon_within(&bare, 1, 1, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sides_are_those_of_epsilon),
	    cmocka_unit_test(what_is_close_is_exact),
	    cmocka_unit_test(edges),
	};

	return cmocka_run_group_tests_name("dp/foresee", tests, NULL, NULL);
}
