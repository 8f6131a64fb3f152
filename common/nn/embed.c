#include "nn/embed.h"

#include <string.h>

void
embed_forward(real *x, int ldx, const real *table, int e, const uint16_t *code,
    int step, int n)
{
	long i;

	for (i = 0; i < n; i++)
		memcpy(x + i * ldx, table + (long)code[i * step] * e,
		    (size_t)e * sizeof *x);
}

void
embed_backward(real *dtable, const real *dx, int ldx, int e, const uint16_t *code,
    int step, int n)
{
	real *row;
	long i;
	int j;

	for (i = 0; i < n; i++) {
		row = dtable + (long)code[i * step] * e;
		for (j = 0; j < e; j++)
			row[j] += dx[i * ldx + j];
	}
}
