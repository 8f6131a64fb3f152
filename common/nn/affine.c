#include <string.h>

#include "nn/gemm.h"
#include "nn/layers.h"
#include "nn/sums.h"

void
affine_forward(struct pool *p, real *y, const real *x, int ldx, const real *w,
    const real *b, int B, int in, int out)
{
	int i;

	for (i = 0; i < B; i++)
		memcpy(y + (long)i * out, b, (size_t)out * sizeof *y);
	gemm_nt(p, B, out, in, x, ldx, w, in, 1, y, out);
}

void
affine_backward(struct pool *p, real *dx, real *dw, real *db, const real *dy,
    const real *x, int ldx, const real *w, int B, int in, int out)
{
	if (dw != NULL) {
		gemm_tn(p, out, in, B, dy, out, x, ldx, 1, dw, in);
		columns_add(db, dy, out, B, out);
	}
	if (dx != NULL)
		gemm_nn(p, B, in, out, dy, out, w, in, 0, dx, ldx);
}
