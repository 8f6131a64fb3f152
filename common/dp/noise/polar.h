/*
 * polar.h: logarithm, sine and cosine of our own in double, as loops over random bits
 * need them: free of branches, so that they become vector code, and free of libm, whose
 * last bit differs from version to version.  Within 4e-16 of the true values, the
 * logarithm relatively.  The polynomials interpolate at Chebyshev nodes.
 */
#ifndef DP_POLAR_H
#define DP_POLAR_H

#include <stdint.h>
#include <string.h>

static inline double
polar_double(uint64_t bits)
{
	double x;

	memcpy(&x, &bits, sizeof x);
	return x;
}

/* k below 2^52 as a double: at the low end of one between 2^52 and 2^53. */
static inline double
polar_whole(uint64_t k)
{
	return polar_double(UINT64_C(0x4330000000000000) | k) - 0x1p52;
}

/* polar_unit: of the upper 53 of random bits, uniform in (0, 1]: never 0, whose
 * logarithm is none. */
static inline double
polar_unit(uint64_t bits)
{
	double high = polar_whole(bits >> 38);
	double low = polar_whole(bits >> 11 & 0x7ffffff);

	return (high * 0x1p27 + low + 1) * 0x1p-53;
}

/*
 * polar_log: of a normal number x > 0.  x = 2^e (1 + f), 1 + f in sqrt(1/2) .. sqrt(2);
 * log(1 + f) = 2 atanh(s), s = f / (2 + f), and the polynomial is that of (2 atanh(s) /
 * s - 2) / s^2 in s^2.
 */
static inline double
polar_log(double x)
{
	const uint64_t root_half = UINT64_C(0x3fe6a09e667f3bcd);
	uint64_t bits;
	double e, f, s, z, p;

	memcpy(&bits, &x, sizeof bits);
	bits += UINT64_C(0x3ff0000000000000) - root_half;
	e = polar_whole(bits >> 52) - 1023;
	f = polar_double((bits & UINT64_C(0xfffffffffffff)) + root_half) - 1;
	s = f / (2 + f);
	z = s * s;
	p = 0.14616449685043406;
	p = p * z + 0.15331721600556042;
	p = p * z + 0.18182889125261723;
	p = p * z + 0.2222221113479508;
	p = p * z + 0.28571428625975487;
	p = p * z + 0.39999999999899505;
	p = p * z + 0.666666666666667;
	return e * 0.6931471805599453 + (2 * s + s * (z * p));
}

/* Sine and cosine of a quarter turn times r, |r| <= 1/2. */
static inline double
polar_quarter_sine(double r)
{
	double z = r * r, p = 5.633933781537854e-08;

	p = p * z - 3.59864335298231e-06;
	p = p * z + 0.0001604411507421909;
	p = p * z - 0.004681754132340976;
	p = p * z + 0.07969262624604301;
	p = p * z - 0.6459640975062443;
	return r * (p * z + 1.5707963267948966);
}

static inline double
polar_quarter_cosine(double r)
{
	double z = r * r, p = 4.6632053886903437e-07;

	p = p * z - 2.5200703761965414e-05;
	p = p * z + 0.0009192601014426249;
	p = p * z - 0.02086348075319688;
	p = p * z + 0.2536695079008304;
	p = p * z - 1.233700550136169;
	return p * z + 1;
}

/*
 * polar_turn: cosine and sine of a uniform angle, of 54 random bits: the upper two are
 * the quarter, the next 52 say where from half a quarter turn before its beginning on.
 * Swapped and signed by their bits: choices would become branches.
 */
static inline void
polar_turn(uint64_t bits, double *cosine, double *sine)
{
	uint64_t quarter = bits >> 62, c, s, swap;
	double r = polar_double(
	    UINT64_C(0x3ff0000000000000) | (bits >> 10 & UINT64_C(0xfffffffffffff)));
	double x = polar_quarter_cosine(r - 1.5), y = polar_quarter_sine(r - 1.5);

	memcpy(&c, &x, sizeof c);
	memcpy(&s, &y, sizeof s);
	swap = (c ^ s) & (0 - (quarter & 1));
	*cosine = polar_double(c ^ swap ^ ((quarter + 1) & 2) << 62);
	*sine = polar_double(s ^ swap ^ (quarter & 2) << 62);
}

#endif
