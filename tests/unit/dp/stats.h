/* stats.h: what the tests of randomness ask of numbers. */
#ifndef TEST_STATS_H
#define TEST_STATS_H

#include <math.h>
#include <stdlib.h>

static inline double
normal_cdf(double x)
{
	return erfc(-x * 0.70710678118654752440) / 2;
}

static inline double
mean_of(const double *x, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += x[i];
	return sum / (double)n;
}

/* Of given mean. */
static inline double
moment_of(const double *x, size_t n, double mean, int power)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += pow(x[i] - mean, power);
	return sum / (double)n;
}

/* Of x[i] and y[i], every so many; their means are 0 and their variances known. */
static inline double
correlation_of(const double *x, const double *y, size_t n, size_t every,
    double variance)
{
	double sum = 0;
	size_t i, m = 0;

	for (i = 0; i < n; i += every, m++)
		sum += x[i] * y[i];
	return sum / (double)m / variance;
}

static int
stats_by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Kolmogorov and Smirnov: probability of a distance from N(0, sd^2) like this or
 * greater (the series of Kolmogorov 1933); x is sorted. */
static inline double
ks_normal(double *x, size_t n, double sd)
{
	double far = 0, d, t, p = 0;
	size_t i;
	int k;

	qsort(x, n, sizeof *x, stats_by_value);
	for (i = 0; i < n; i++) {
		d = normal_cdf(x[i] / sd);
		far = fmax(far,
		    fmax(d - (double)i / (double)n, (double)(i + 1) / (double)n - d));
	}
	t = far * sqrt((double)n);
	if (t < .2)
		return 1;
	for (k = 1; k <= 100; k++)
		p += (k % 2 != 0 ? 2 : -2) * exp(-2. * k * k * t * t);
	return p;
}

#endif
