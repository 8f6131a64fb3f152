/* Our exp, tanh and sigmoid against libm in double, over all floats (every 977th). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nn/vexp.h"

/* Distance in units of the last place of the float nearest to want. */
static double
ulps(float got, double want)
{
	float nearest = fabsf((float)want);

	if (isinf(nearest))
		return isinf(got) && (got > 0) == (want > 0) ? 0 : INFINITY;
	return fabs((double)got - want) /
	    ((double)nextafterf(nearest, INFINITY) - (double)nearest);
}

typedef float float_fn(float x);
typedef double double_fn(double x);

static double
worst_ulps(float_fn *ours, double_fn *libm, float from)
{
	double top = 0, u;
	uint64_t bits;
	uint32_t b;
	float x;

	for (bits = 0; bits <= UINT32_MAX; bits += 977) {
		b = (uint32_t)bits;
		memcpy(&x, &b, sizeof x);
		if (isnan(x) || x < from)
			continue;
		u = ulps(ours(x), libm((double)x));
		top = u > top ? u : top;
	}
	return top;
}

static double
sigmoid_libm(double x)
{
	return 1 / (1 + exp(-x));
}

static void
accuracy(void **state)
{
	(void)state;
	assert_true(worst_ulps(vexp, exp, -INFINITY) <= 2);
	assert_true(worst_ulps(vtanh, tanh, -INFINITY) <= 4);
	/* Below, exp(-x) is infinite and the true value is less than 2^-125. */
	assert_true(worst_ulps(vsigmoid, sigmoid_libm, -87) <= 4);
}

static void
special_values(void **state)
{
	(void)state;
	assert_true(vexp(0) == 1 && vexp(-0.0f) == 1);
	assert_true(vexp(INFINITY) == INFINITY && vexp(-INFINITY) == 0);
	assert_true(vexp(3e38f) == INFINITY && vexp(-3e38f) == 0);
	assert_true(vtanh(INFINITY) == 1 && vtanh(-INFINITY) == -1);
	assert_true(vtanh(3e38f) == 1 && vtanh(0) == 0);
	assert_true(vsigmoid(0) == 0.5f && vsigmoid(-INFINITY) == 0);
	assert_true(vsigmoid(INFINITY) == 1);
	assert_true(isnan(vexp(NAN)) && isnan(vtanh(NAN)) && isnan(vsigmoid(NAN)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(accuracy),
	    cmocka_unit_test(special_values),
	};

	return cmocka_run_group_tests_name("nn/vexp", tests, NULL, NULL);
}
