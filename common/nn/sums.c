#include "nn/sums.h"

#include <string.h>

enum { WIDTH = 64, ROWS = 32, LANES = 8 };
typedef real lanes __attribute__((vector_size(LANES * sizeof(real))));

VECTOR_CLONES static void
add_rows(double *acc, const real *x, int ld, int rows, int w)
{
	real part[WIDTH];
	int i, j;

	for (j = 0; j < w; j++)
		part[j] = x[j];
	for (i = 1; i < rows; i++)
		for (j = 0; j < w; j++)
			part[j] += x[(long)i * ld + j];
	for (j = 0; j < w; j++)
		acc[j] += (double)part[j];
}

void
columns_add(real *sum, const real *x, int ld, long rows, int n)
{
	double acc[WIDTH];
	long i;
	int at, j, w;

	for (at = 0; at < n; at += WIDTH) {
		w = n - at < WIDTH ? n - at : WIDTH;
		memset(acc, 0, sizeof acc);
		for (i = 0; i < rows; i += ROWS)
			add_rows(acc, x + i * ld + at, ld,
			    (int)(rows - i < ROWS ? rows - i : ROWS), w);
		for (j = 0; j < w; j++)
			sum[at + j] += (real)acc[j];
	}
}

double
sum_squares(const real *v, size_t n)
{
	return sum_squares_on(0, v, n);
}

VECTOR_CLONES double
sum_squares_on(double sum, const real *v, size_t n)
{
	lanes x, y, even, odd;
	size_t i = 0, end;
	int j;

	while (i < n) {
		even = odd = (lanes){0};
		end = n - i < SUM_STRETCH ? n : i + SUM_STRETCH;
		for (; i + 2 * LANES <= end; i += 2 * LANES) {
			memcpy(&x, v + i, sizeof x);
			memcpy(&y, v + i + LANES, sizeof y);
			even += x * x;
			odd += y * y;
		}
		for (j = 0; j < LANES; j++)
			sum += (double)even[j] + (double)odd[j];
		for (; i < end; i++)
			sum += (double)(v[i] * v[i]);
	}
	return sum;
}
