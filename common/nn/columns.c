#include "nn/columns.h"

#include "nn/vexp.h"

void
columns_add(real *sum, real *also, const real *x, long B, int n)
{
	double acc[BLOCK];
	real v[BLOCK];
	long i;
	int j0, j;

	for (j0 = 0; j0 < n; j0 += BLOCK) {
		for (j = 0; j < BLOCK; j++)
			acc[j] = 0;
		for (i = 0; i < B; i++) {
			block_load(v, x + i * n + j0, n - j0);
			for (j = 0; j < BLOCK; j++)
				acc[j] += v[j];
		}
		for (j = 0; j < BLOCK && j < n - j0; j++)
			sum[j0 + j] += (real)acc[j];
		for (j = 0; also != NULL && j < BLOCK && j < n - j0; j++)
			also[j0 + j] += (real)acc[j];
	}
}
