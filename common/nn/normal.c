#include "nn/normal.h"

#include <string.h>

#include "base/mem.h"

enum { PAIRS = 32 };

/* Uniform in (0, 1), and in [-1/2, 1/2), of 32 bits each. */
static inline real
open_unit(uint32_t k)
{
	return (real)(int32_t)(k & 0x7fffffff) * (real)0x1p-31 + (real)0x1p-32;
}

static inline real
turn(uint32_t k)
{
	return (real)(int32_t)k * (real)0x1p-32;
}

#ifdef NN_DOUBLE

static void
exponential(real *x, const uint32_t *a, int n)
{
	int i;

	for (i = 0; i < n; i++)
		x[i] = -log(open_unit(a[i]));
}

static void
polar(real *x, real *y, const uint32_t *a, const uint32_t *b, int n)
{
	double radius, angle;
	int i;

	for (i = 0; i < n; i++) {
		radius = sqrt(-2 * log(open_unit(a[i])));
		angle = 6.283185307179586476925 * turn(b[i]);
		x[i] = radius * cos(angle);
		y[i] = radius * sin(angle);
	}
}

#else

/*
 * Natural logarithm of x > 0: x = 2^e (1 + f), 1 + f in sqrt(1/2) .. sqrt(2); the
 * polynomial interpolates (log(1 + f) - f + f^2 / 2) / f^3 at Chebyshev nodes.
 */
static inline float
logarithm(float x)
{
	int32_t bits, e;
	float f, p;

	memcpy(&bits, &x, sizeof bits);
	e = (bits - 0x3f3504f3) >> 23; /* 0x3f3504f3: sqrt(1/2) */
	bits -= (int32_t)((uint32_t)e << 23);
	memcpy(&f, &bits, sizeof f);
	f -= 1;
	p = -7.902745907e-02f;
	p = p * f + 1.262232090e-01f;
	p = p * f - 1.299818346e-01f;
	p = p * f + 1.421449575e-01f;
	p = p * f - 1.664128148e-01f;
	p = p * f + 2.000104510e-01f;
	p = p * f - 2.500030642e-01f;
	p = p * f + 3.333333073e-01f;
	return f + (p * f - .5f) * f * f + (float)e * 6.931471806e-01f;
}

/* Sine and cosine of a quarter turn times r, |r| <= 1/2, at Chebyshev nodes, too. */
static inline float
quarter_sine(float r)
{
	float z = r * r, p = -4.602149212e-03f;

	p = p * z + 7.968021765e-02f;
	p = p * z - 6.459634777e-01f;
	return r * (p * z + 1.570796322f);
}

static inline float
quarter_cosine(float r)
{
	float z = r * r, p = 9.036280637e-04f;

	p = p * z - 2.086006950e-02f;
	p = p * z + 2.536692037e-01f;
	p = p * z - 1.233700541f;
	return p * z + 1;
}

/* The largest unit rounds to 1, whose logarithm is 0. */
VECTOR_CLONES static void
exponential(real *x, const uint32_t *a, int n)
{
	int i;

	VECTOR_LOOP
	for (i = 0; i < n; i++)
		x[i] = 0x1p-33f - logarithm(open_unit(a[i]));
}

VECTOR_CLONES static void
polar(real *x, real *y, const uint32_t *a, const uint32_t *b, int n)
{
	float radius, q, r, s, c, u, v;
	int32_t k;
	int i;

	VECTOR_LOOP
	for (i = 0; i < n; i++) {
		radius = sqrtf(-2 * logarithm(open_unit(a[i])));
		q = 4 * turn(b[i]);
		k = (int32_t)(q + 8.5f) - 8; /* the nearest quarter */
		r = q - (float)k;
		s = quarter_sine(r);
		c = quarter_cosine(r);
		u = (k & 1) != 0 ? s : c;
		v = (k & 1) != 0 ? c : s;
		x[i] = radius * (((k + 1) & 2) != 0 ? -u : u);
		y[i] = radius * ((k & 2) != 0 ? -v : v);
	}
}

#endif

void
normal_fill(real *x, size_t n, struct rng *r)
{
	uint32_t bits[2 * PAIRS];
	real u[PAIRS], v[PAIRS];
	size_t at, pairs, i;

	for (at = 0; at < n; at += 2 * pairs) {
		pairs = (n - at + 1) / 2;
		pairs = pairs < PAIRS ? pairs : PAIRS;
		rng_fill(r, bits, 2 * pairs);
		polar(u, v, bits, bits + pairs, (int)pairs);
		memcpy(x + at, u, pairs * sizeof *x);
		i = n - at - pairs;
		memcpy(x + at + pairs, v, (i < pairs ? i : pairs) * sizeof *x);
	}
}

void
exponential_fill(real *x, size_t n, struct rng *r)
{
	uint32_t bits[2 * PAIRS];
	size_t at, some;

	for (at = 0; at < n; at += some) {
		some = n - at < LEN(bits) ? n - at : LEN(bits);
		rng_fill(r, bits, some);
		exponential(x + at, bits, (int)some);
	}
}
