#include "nn/gemm.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "nn/split.h"

#ifndef NN_NO_BLAS
#include <cblas.h>
#endif

struct product {
	bool a_turned, b_turned; /* op is the transpose */
	int m, n, k;
	const real *a, *b;
	int lda, ldb;
	real beta;
	real *c;
	int ldc;
};

struct cut {
	const struct product *whole;
	bool columns;
	int step;
};

/* c = 0 */
static void
clear(const struct product *p)
{
	size_t row = (size_t)p->n * sizeof *p->c;
	int i;

	if (p->n == p->ldc)
		memset(p->c, 0, (size_t)p->m * row);
	for (i = 0; i < p->m && p->n != p->ldc; i++)
		memset(p->c + (long)i * p->ldc, 0, row);
}

#ifdef NN_NO_BLAS

enum { PANEL_COLS = 16, PANEL_DEPTH = 256 };

void
gemm_start(void)
{
}

const char *
gemm_kernel(void)
{
	return "none";
}

const char *
gemm_chooser(void)
{
	return "the build";
}

/* Copy depth x cols of op(b), from row k0 and column j0 on; missing columns are 0. */
static void
pack_panel(real *panel, const struct product *p, int k0, int depth, int j0, int cols)
{
	long row = p->b_turned ? 1 : p->ldb, col = p->b_turned ? p->ldb : 1;
	const real *b = p->b + k0 * row + j0 * col;
	int k, j;

	for (k = 0; k < depth; k++) {
		for (j = 0; j < cols; j++)
			panel[k * PANEL_COLS + j] = b[k * row + j * col];
		for (; j < PANEL_COLS; j++)
			panel[k * PANEL_COLS + j] = 0;
	}
}

/* sum = (one row of op(a)) panel; a's neighbours along k are stride apart. */
static void
row_times_panel(real *sum, const real *a, long stride, const real *panel, int depth)
{
	real acc[PANEL_COLS] = {0};
	real v;
	int k, j;

	for (k = 0; k < depth; k++) {
		v = a[k * stride];
		for (j = 0; j < PANEL_COLS; j++)
			acc[j] += v * panel[k * PANEL_COLS + j];
	}
	for (j = 0; j < PANEL_COLS; j++)
		sum[j] = acc[j];
}

static void
times_panel(const struct product *p, const real *panel, int k0, int depth, int j0,
    int cols)
{
	long row = p->a_turned ? 1 : p->lda, col = p->a_turned ? p->lda : 1;
	bool add = k0 > 0 || p->beta != 0;
	real sum[PANEL_COLS];
	real *c;
	int i, j;

	for (i = 0; i < p->m; i++) {
		row_times_panel(sum, p->a + i * row + k0 * col, col, panel, depth);
		c = p->c + (long)i * p->ldc + j0;
		for (j = 0; j < cols; j++)
			c[j] = add ? c[j] + sum[j] : sum[j];
	}
}

static void
multiply(const struct product *p)
{
	real panel[PANEL_DEPTH * PANEL_COLS];
	int k0 = 0, depth, j0, cols;

	do {
		depth = split_len(p->k, PANEL_DEPTH, k0);
		for (j0 = 0; j0 < p->n; j0 += PANEL_COLS) {
			cols = split_len(p->n, PANEL_COLS, j0);
			pack_panel(panel, p, k0, depth, j0, cols);
			times_panel(p, panel, k0, depth, j0, cols);
		}
		k0 += PANEL_DEPTH;
	} while (k0 < p->k);
}

#else

#ifdef NN_DOUBLE
#define cblas_rgemm cblas_dgemm
#else
#define cblas_rgemm cblas_sgemm
#endif

void
gemm_start(void)
{
#ifdef OPENBLAS_VERSION
	openblas_set_num_threads(1);
#endif
}

const char *
gemm_kernel(void)
{
#ifdef OPENBLAS_VERSION
	return openblas_get_corename();
#else
	return "cblas";
#endif
}

const char *
gemm_chooser(void)
{
	return getenv("OPENBLAS_CORETYPE") != NULL ? "OPENBLAS_CORETYPE" : "OpenBLAS";
}

static void
multiply(const struct product *p)
{
	/* OpenBLAS clears c with a plain loop, and not at all when it is to add */
	if (p->beta == 0)
		clear(p);
	cblas_rgemm(CblasRowMajor, p->a_turned ? CblasTrans : CblasNoTrans,
	    p->b_turned ? CblasTrans : CblasNoTrans, p->m, p->n, p->k, 1, p->a, p->lda,
	    p->b, p->ldb, 1, p->c, p->ldc);
}

#endif

static void
multiply_part(void *arg, int job)
{
	const struct cut *cut = arg;
	struct product p = *cut->whole;
	int first = job * cut->step;

	if (cut->columns) {
		p.n = split_len(p.n, cut->step, first);
		p.b += p.b_turned ? (long)first * p.ldb : first;
		p.c += first;
	} else {
		p.m = split_len(p.m, cut->step, first);
		p.a += p.a_turned ? first : (long)first * p.lda;
		p.c += (long)first * p.ldc;
	}
	multiply(&p);
}

/*
 * Cut the longer side of c: every part copies the whole of the other factor into the
 * kernel's layout, and that is the smaller one then.  Parts have at least 8 million
 * multiplications (some 200 us), so that handing them out is worth it, and are 224 wide
 * at least, where the kernel does not lose by it.
 */
static void
multiply_in_parts(struct pool *pool, const struct product *p)
{
	double work = (double)p->m * p->n * p->k / 8e6;
	struct cut cut = {p, p->n >= p->m, 0};
	int side = cut.columns ? p->n : p->m;
	int pieces = split_pieces(side, 224, work < 16 ? work : 16);

	assert(p->beta == 0 || p->beta == 1);
	if (p->m <= 0 || p->n <= 0)
		return;
	if (p->k <= 0) {
		if (p->beta == 0)
			clear(p);
		return;
	}
	if (pool == NULL) {
		multiply(p);
		return;
	}
	cut.step = split_step(side, pieces, 16);
	pool_run(pool, multiply_part, &cut, (side + cut.step - 1) / cut.step);
}

void
gemm_nt(struct pool *p, int m, int n, int k, const real *a, int lda, const real *b,
    int ldb, real beta, real *c, int ldc)
{
	struct product whole = {false, true, m, n, k, a, b, lda, ldb, beta, c, ldc};

	multiply_in_parts(p, &whole);
}

void
gemm_nn(struct pool *p, int m, int n, int k, const real *a, int lda, const real *b,
    int ldb, real beta, real *c, int ldc)
{
	struct product whole = {false, false, m, n, k, a, b, lda, ldb, beta, c, ldc};

	multiply_in_parts(p, &whole);
}

void
gemm_tn(struct pool *p, int m, int n, int k, const real *a, int lda, const real *b,
    int ldb, real beta, real *c, int ldc)
{
	struct product whole = {true, false, m, n, k, a, b, lda, ldb, beta, c, ldc};

	multiply_in_parts(p, &whole);
}
