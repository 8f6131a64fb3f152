/* Logarithm, sine and cosine of noise's own, beside libm's, and uniform numbers from
 * bits.  Catches: a wrong digit of a polynomial, a quarter turn too far, a unit of 0.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "dp/noise/polar.h"
#include "stats.h"

enum { DRAWS = 1000000 };

static void
logarithm(void **state)
{
	struct rng r;
	double x, near = 0;
	int i;

	(void)state;
	rng_init(&r, 1, 1);
	assert_true(polar_log(1) == 0);
	for (i = 0; i < DRAWS; i++) {
		/* all sizes down to the least unit, and many close to 1 */
		x = polar_unit(rng_u64(&r));
		x = i % 2 != 0 ? ldexp(x, -(i % 54)) : 1 - ldexp(x, -(i % 54) - 1);
		if (x < 0x1p-1000)
			continue;
		near = fmax(near, fabs(polar_log(x) - log(x)) / fabs(log(x)));
	}
	assert_true(near < 4e-16 * 2);
	assert_true(fabs(polar_log(0x1p-53) / log(0x1p-53) - 1) < 4e-16);
	assert_true(fabs(polar_log(0x1p-1022) / log(0x1p-1022) - 1) < 4e-16);
}

static void
turn(void **state)
{
	struct rng r;
	double far = 0, c, s, angle;
	uint64_t bits;
	int i;

	(void)state;
	rng_init(&r, 1, 2);
	for (i = 0; i < DRAWS; i++) {
		bits = rng_u64(&r);
		if (i < 8) /* ends of each quarter */
			bits = ((uint64_t)i >> 1 << 62) - (i & 1);
		polar_turn(bits, &c, &s);
		angle = (double)(bits >> 62) - .5 +
		    (double)(bits >> 10 & UINT64_C(0xfffffffffffff)) * 0x1p-52;
		angle *= 1.57079632679489661923;
		far = fmax(far, fmax(fabs(c - cos(angle)), fabs(s - sin(angle))));
		assert_true(fabs(c * c + s * s - 1) < 1e-15);
	}
	/* the angle itself is rounded to 4e-16 */
	assert_true(far < 1e-15);
}

static void
unit(void **state)
{
	struct rng r;
	uint64_t bits;
	int i;

	(void)state;
	rng_init(&r, 1, 3);
	assert_true(polar_unit(0) == 0x1p-53);
	assert_true(polar_unit(0x7ff) == 0x1p-53);
	assert_true(polar_unit(0x800) == 0x1p-52);
	assert_true(polar_unit(UINT64_MAX) == 1);
	for (i = 0; i < DRAWS; i++) {
		bits = rng_u64(&r) >> i % 50;
		assert_true(polar_unit(bits) == ldexp((double)((bits >> 11) + 1), -53));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(logarithm),
	    cmocka_unit_test(turn),
	    cmocka_unit_test(unit),
	};

	return cmocka_run_group_tests_name("dp/polar", tests, NULL, NULL);
}
