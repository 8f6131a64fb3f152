/*
 * vexp.h: exp, tanh and sigmoid of our own: free of branches, so that loops over
 * them become vector code, and free of libm, whose last bit differs from version to
 * version. The double build uses libm.  vexp is within 2 ulp, vtanh within 4; NaN stays
 * NaN.
 */
#ifndef NN_VEXP_H
#define NN_VEXP_H

#include <stdint.h>
#include <string.h>

#include "nn/real.h"

#ifdef NN_DOUBLE

static inline real
vexp(real x)
{
	return exp(x);
}

static inline real
vtanh(real x)
{
	return tanh(x);
}

#else

/* 2^n for n in -126 .. 127 */
static inline float
vexp_power(uint32_t n)
{
	uint32_t bits = (n + 127u) << 23;
	float f;

	memcpy(&f, &bits, sizeof f);
	return f;
}

/*
 * exp(x) = 2^n (1 + p): p returned, for |x| <= 104.  With r = x - n ln 2, at most ln 2
 * / 2, p = exp(r) - 1; the polynomial interpolates (exp(r) - 1 - r) / r^2 at Chebyshev
 * nodes. n is the low end of x / ln 2 + 1.5 * 2^23, where floats are whole numbers.
 */
static inline float
vexp_parts(float x, uint32_t *n)
{
	const float whole = 12582912.0f;
	float shifted = x * 1.44269504f + whole, r, q;

	memcpy(n, &shifted, sizeof *n);
	*n -= 0x4b400000u;
	shifted -= whole;
	r = x - shifted * 0.693359375f - shifted * -2.12194440e-4f;
	q = 1.393373357e-3f;
	q = q * r + 8.363235742e-3f;
	q = q * r + 4.166646302e-2f;
	q = q * r + 1.666657627e-1f;
	q = q * r + 5.000000000e-1f;
	return q * (r * r) + r;
}

/* |x| kept below limit; by one choice, two would become branches.  NaN stays. */
static inline float
vexp_limit(float x, float limit)
{
	float a = fabsf(x);

	return copysignf(a > limit ? limit : a, x);
}

/* 2^n is applied in two halves, for results below 2^-126 and above 2^127. */
static inline float
vexp(float x)
{
	uint32_t n, half;
	float p = vexp_parts(vexp_limit(x, 104.0f), &n);

	half = ((n + 256u) >> 1) - 128u;
	return (p + 1.0f) * vexp_power(half) * vexp_power(n - half);
}

/* e / (e + 2) with e = exp(2x) - 1 = 2^n p + (2^n - 1), which keeps its digits at 0.
 */
static inline float
vtanh(float x)
{
	uint32_t n;
	float p = vexp_parts(vexp_limit(2.0f * x, 40.0f), &n);
	float two_n = vexp_power(n), e = two_n * p + (two_n - 1.0f);

	return e / (e + 2.0f);
}

#endif

static inline real
vsigmoid(real x)
{
	return 1 / (1 + vexp(-x));
}

#endif
