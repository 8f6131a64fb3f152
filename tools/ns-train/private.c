#include "private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
private_noise(const struct private *p, uint64_t round, uint64_t at, real *sum, size_t n)
{
#ifdef NN_DOUBLE
	dp_noise_add64(&p->key, DP_GRADIENT, round, at, p->sigma * p->clip, sum, n);
#else
	dp_noise_add(&p->key, DP_GRADIENT, round, at, p->sigma * p->clip, sum, n);
#endif
}

/* Series of a unit seldom add to the same numbers: up to two may, of more some do. */
static double
longest(int series, double length)
{
	double n = series;

	return length * (n <= 2 ? n : sqrt(2 * n));
}

static void
add_clipped(double *sum, double *v, size_t n, double most)
{
	double square = 0, by;
	size_t i;

	for (i = 0; i < n; i++)
		square += v[i] * v[i];
	by = square > most * most ? most / sqrt(square) : 1;
	for (i = 0; i < n; i++) {
		sum[i] += isfinite(square) ? by * v[i] : 0;
		v[i] = 0;
	}
}

double
private_count(const struct private *p, const struct units *u, uint64_t number,
    double sigma, double length, private_add *add, void *arg, double *sum, size_t n)
{
	double most = longest(p->max_series, length), *v = xcalloc(n + 1, sizeof *v);
	uint32_t i, j;

	memset(sum, 0, n * sizeof *sum);
	for (i = 0; i < u->n; i++) {
		for (j = u->first[i]; j < u->first[i + 1]; j++)
			add(arg, u->series[j], v);
		add_clipped(sum, v, n, most);
	}
	free(v);
	dp_noise_add64(&p->key, DP_COUNTS, number, 0, sigma * most, sum, n);
	return sigma * most;
}
