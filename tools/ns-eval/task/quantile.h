/* quantile.h: quantiles between the values, as NumPy's quantile has them by default. */
#ifndef EVAL_QUANTILE_H
#define EVAL_QUANTILE_H

#include <stddef.h>
#include <stdint.h>

/* quantile_sorted: of n >= 1 values, sorted rising, at q in [0, 1]: linear between the
 * two nearest (Hyndman and Fan 1996, definition 7). */
static inline double
quantile_sorted(const int64_t *v, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t i = (size_t)at;

	if (i + 1 >= n)
		return (double)v[n - 1];
	return (double)v[i] + ((double)v[i + 1] - (double)v[i]) * (at - (double)i);
}

#endif
