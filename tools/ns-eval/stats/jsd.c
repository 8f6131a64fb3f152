#include "jsd.h"

#include <assert.h>
#include <math.h>

#include "sort.h"

/* What one cell with the shares p and q adds. */
static double
cell(double p, double q)
{
	double m = (p + q) / 2, s = 0;

	if (p > 0)
		s += p * log(p / m);
	if (q > 0)
		s += q * log(q / m);
	return s / 2;
}

/* Rounding may leave a sum of zeros slightly below. */
static double
clamp(double s)
{
	return s > 0 ? s : 0;
}

static double
total(const uint64_t *v, size_t n)
{
	double s = 0;

	for (size_t i = 0; i < n; i++)
		s += (double)v[i];
	return s;
}

double
jsd_counts(const uint64_t *a, const uint64_t *b, size_t n)
{
	double sa = total(a, n), sb = total(b, n), s = 0;

	assert(sa > 0 && sb > 0);
	for (size_t i = 0; i < n; i++)
		s += cell((double)a[i] / sa, (double)b[i] / sb);
	return clamp(s);
}

/* Length of the run of equal values that begins at i. */
static size_t
run(const uint64_t *v, size_t n, size_t i)
{
	size_t j = i + 1;

	while (j < n && v[j] == v[i])
		j++;
	return j - i;
}

double
jsd_keys(uint64_t *a, size_t na, uint64_t *b, size_t nb)
{
	size_t i = 0, j = 0;
	double s = 0;

	assert(na > 0 && nb > 0);
	sort_u64(a, na);
	sort_u64(b, nb);
	while (i < na || j < nb) {
		size_t ra = 0, rb = 0;

		if (i < na && (j == nb || a[i] <= b[j]))
			ra = run(a, na, i);
		if (j < nb && (i == na || b[j] <= a[i]))
			rb = run(b, nb, j);
		s += cell((double)ra / (double)na, (double)rb / (double)nb);
		i += ra;
		j += rb;
	}
	return clamp(s);
}

/* Replace values by the lengths of their runs, rising; returns how many. */
static size_t
frequencies(uint64_t *v, size_t n)
{
	size_t k = 0;

	sort_u64(v, n);
	for (size_t i = 0, r; i < n; i += r) {
		r = run(v, n, i);
		v[k++] = r;
	}
	sort_u64(v, k);
	return k;
}

double
jsd_ranks(uint64_t *a, size_t na, uint64_t *b, size_t nb)
{
	size_t ka, kb;
	double s = 0;

	assert(na > 0 && nb > 0);
	ka = frequencies(a, na);
	kb = frequencies(b, nb);
	while (ka > 0 || kb > 0) {
		double p = ka > 0 ? (double)a[--ka] / (double)na : 0;
		double q = kb > 0 ? (double)b[--kb] / (double)nb : 0;

		s += cell(p, q);
	}
	return clamp(s);
}
