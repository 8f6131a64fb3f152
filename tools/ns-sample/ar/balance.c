#include "ar/balance.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ROUNDS 60 /* more change nothing that a draw would show */

/* How often each column is taken, for each one there is of it, but for its factor. */
static void
take(double *sum, const double *v, const float *w, const uint32_t *m, size_t rows,
    const double *n, int k)
{
	double all, part;
	size_t i;
	int j;

	memset(sum, 0, (size_t)k * sizeof *sum);
	for (i = 0; i < rows; i++, w += k) {
		for (all = j = 0; j < k; j++)
			all += n[j] * v[j] * (double)w[j];
		part = all > 0 ? m[i] / all : 0;
		for (j = 0; j < k; j++)
			sum[j] += part * (double)w[j];
	}
}

void
balance_find(double *v, const float *w, const uint32_t *m, size_t rows, const double *n,
    int k)
{
	double *sum = xcalloc((size_t)k + 1, sizeof *sum), have = 0, want = 0;
	size_t i;
	int j, round;

	for (i = 0; i < rows; i++)
		have += m[i];
	for (j = 0; j < k; j++) {
		want += n[j];
		v[j] = 1;
	}
	for (round = 0; round < ROUNDS && want > 0; round++) {
		take(sum, v, w, m, rows, n, k);
		for (j = 0; j < k; j++)
			v[j] = sum[j] > 0 ? have / want / sum[j] : 1;
	}
	free(sum);
}
