#include "emd.h"

#include <assert.h>
#include <math.h>

static double
log_of(int64_t v, double unit)
{
	return v > 0 ? log1p((double)v * unit) : 0;
}

/* From x to the greater y, in the unit of the values or of their logarithm. */
static double
step(int64_t x, int64_t y, double unit)
{
	if (unit > 0)
		return log_of(y, unit) - log_of(x, unit);
	return (double)((uint64_t)y - (uint64_t)x);
}

/* |i / na - j / nb|. */
static double
gap(size_t i, size_t na, size_t j, size_t nb)
{
	return fabs((double)i / (double)na - (double)j / (double)nb);
}

static double
area(const int64_t *a, size_t na, const int64_t *b, size_t nb, double unit)
{
	size_t i = 0, j = 0;
	int64_t x, last = 0;
	double s = 0;

	assert(na > 0 && nb > 0);
	while (i < na || j < nb) {
		x = j == nb || (i < na && a[i] < b[j]) ? a[i] : b[j];
		if (i + j > 0)
			s += gap(i, na, j, nb) * step(last, x, unit);
		while (i < na && a[i] == x)
			i++;
		while (j < nb && b[j] == x)
			j++;
		last = x;
	}
	return s;
}

double
emd_sorted(const int64_t *a, size_t na, const int64_t *b, size_t nb)
{
	return area(a, na, b, nb, 0);
}

double
emd_log(const int64_t *a, size_t na, const int64_t *b, size_t nb, double unit)
{
	assert(unit > 0);
	return area(a, na, b, nb, unit);
}

double
log_deviation(const int64_t *v, size_t n, double unit)
{
	double mean = 0, sum = 0;

	assert(n > 0);
	/* sums of equal numbers round: their deviation would not be 0 */
	if (v[0] == v[n - 1])
		return 0;
	for (size_t i = 0; i < n; i++)
		mean += log_of(v[i], unit);
	mean /= (double)n;
	for (size_t i = 0; i < n; i++) {
		double d = log_of(v[i], unit) - mean;

		sum += d * d;
	}
	return sqrt(sum / (double)n);
}
