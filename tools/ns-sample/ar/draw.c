#include "ar/draw.h"

static double
sum_of(const real *p, int k)
{
	double sum = 0;
	int j;

	for (j = 0; j < k; j++)
		sum += (double)p[j];
	return sum;
}

int
draw_one(const real *p, int k, struct rng *r)
{
	double u = rng_uniform(r) * sum_of(p, k), edge = 0;
	int j, last = -1;

	for (j = 0; j < k; j++) {
		if (!(p[j] > 0))
			continue;
		last = j;
		edge += (double)p[j];
		if (u < edge)
			break;
	}
	return last;
}

void
draw_even(const real *p, int k, uint16_t *code, int step, int n, struct rng *r)
{
	double all = sum_of(p, k), u = rng_uniform(r), edge = (double)p[0];
	int i, j = 0, last = k - 1;

	while (last > 0 && !(p[last] > 0))
		last--;
	for (i = 0; i < n; i++) {
		while (j < last && !((double)i + u < edge / all * n))
			edge += (double)p[++j];
		code[(long)i * step] = (uint16_t)j;
	}
}

void
draw_temper(real *p, long n, double temperature)
{
	long i;

	for (i = 0; i < n; i++)
		p[i] = p[i] > 0 ? (real)pow((double)p[i], 1 / temperature) : 0;
}
