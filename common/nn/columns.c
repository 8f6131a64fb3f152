#include "nn/columns.h"

enum { WIDTH = 64 };

NN_CLONES void
columns_add(real *sum, const real *x, int ld, long rows, int n)
{
	double acc[WIDTH];
	const real *v;
	long i;
	int at, j, w;

	for (at = 0; at < n; at += WIDTH) {
		w = n - at < WIDTH ? n - at : WIDTH;
		for (j = 0; j < WIDTH; j++)
			acc[j] = 0;
		for (i = 0, v = x + at; i < rows; i++, v += ld)
			for (j = 0; j < w; j++)
				acc[j] += (double)v[j];
		for (j = 0; j < w; j++)
			sum[at + j] += (real)acc[j];
	}
}
