/*
 * values.h: test inputs that C and the reference script make alike, and comparison.
 */
#ifndef TEST_NN_VALUES_H
#define TEST_NN_VALUES_H

#include "nn/real.h"

/* fill: n numbers in [-1, 1), times scale; equal seeds give equal numbers. */
static inline void
fill(real *v, long n, long seed, double scale)
{
	double x;
	long i;

	for (i = 0; i < n; i++) {
		x = (double)((i * i * 31 + i * 7919 + seed * 523) % 1009) / 504.5 - 1;
		v[i] = (real)((double)(float)x * scale);
	}
}

/* worst: largest difference of got from want, as a part of the largest of want. */
static inline double
worst(const real *got, const float *want, long n)
{
	double diff = 0, top = 0, d;
	long i;

	for (i = 0; i < n; i++) {
		d = fabs((double)got[i] - (double)want[i]);
		if (!(d <= diff))
			diff = isnan(d) ? INFINITY : d;
		if (fabs((double)want[i]) > top)
			top = fabs((double)want[i]);
	}
	return diff / top;
}

#endif
