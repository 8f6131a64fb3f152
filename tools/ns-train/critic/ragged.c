#include "critic/ragged.h"

#include "nn/gemm.h"

int
ragged_col(const struct ragged *r, int strip)
{
	int col = strip == 0 ? 0 : r->base + (strip - 1) * r->width;

	return col < r->cols ? col : r->cols;
}

int
ragged_strips(const struct ragged *r, int n)
{
	return n <= r->base ? 1 : 1 + (n - r->base + r->width - 1) / r->width;
}

bool
ragged_next(const struct ragged *r, struct ragged_run *run)
{
	int s = run->strip + run->strips, n = run->strips == 0 ? r->rows : run->rows;

	while (n > 0 && r->strips[n - 1] <= s)
		n--;
	run->strip = s;
	run->rows = n;
	if (n == 0)
		return false;
	run->strips = r->strips[n - 1] - s;
	run->col = ragged_col(r, s);
	run->cols = ragged_col(r, s + run->strips) - run->col;
	return true;
}

void
ragged_nt(struct pool *p, const struct ragged *r, real *y, int ldy, const real *x,
    int ldx, const real *w, int ldw, int out)
{
	struct ragged_run run = {0};

	while (ragged_next(r, &run))
		gemm_nt(p, run.rows, out, run.cols, x + run.col, ldx, w + run.col, ldw,
		    run.strip > 0, y, ldy);
}

void
ragged_nn(struct pool *p, const struct ragged *r, real *dx, int ldx, const real *dy,
    int ldy, const real *w, int ldw, int out)
{
	struct ragged_run run = {0};

	while (ragged_next(r, &run))
		gemm_nn(p, run.rows, run.cols, out, dy, ldy, w + run.col, ldw, 0,
		    dx + run.col, ldx);
}
