/* Long sums: what they come to, and that they do so piece by piece to the last bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "nn/sums.h"

static real *
numbers(size_t n)
{
	real *v = xcalloc(n, sizeof *v);
	struct rng r;
	size_t i;

	rng_init(&r, 3, 0);
	for (i = 0; i < n; i++)
		v[i] = (real)rng_normal(&r);
	return v;
}

static void
squares(void **state)
{
	const size_t sizes[] = {0, 1, 15, 16, 17, 1023, 1024, 1025, 5000};
	real *v = numbers(5000);
	size_t i, j;
	double want;

	(void)state;
	for (i = 0; i < LEN(sizes); i++) {
		for (want = 0, j = 0; j < sizes[i]; j++)
			want += (double)v[j] * (double)v[j];
		assert_true(fabs(sum_squares(v, sizes[i]) - want) <= 1e-5 * want);
	}
	free(v);
}

/* Pieces of whole stretches give the same bits as all at once. */
static void
squares_go_on(void **state)
{
	const size_t n = 20 * SUM_STRETCH + 77;
	real *v = numbers(n);
	double whole = sum_squares(v, n), sum;
	size_t piece, at;

	(void)state;
	for (piece = SUM_STRETCH; piece < n; piece += SUM_STRETCH) {
		for (sum = 0, at = 0; at < n; at += piece)
			sum = sum_squares_on(sum, v + at,
			    n - at < piece ? n - at : piece);
		assert_memory_equal(&sum, &whole, sizeof sum);
	}
	free(v);
}

static void
columns(void **state)
{
	enum { COLS = 70, LD = 75, ROWS = 100 };
	real *x = numbers((size_t)LD * ROWS), sum[COLS];
	double want;
	int i, j;

	(void)state;
	for (j = 0; j < COLS; j++)
		sum[j] = (real)j; /* added to what is there */
	columns_add(sum, x, LD, ROWS, COLS);
	for (j = 0; j < COLS; j++) {
		for (want = j, i = 0; i < ROWS; i++)
			want += (double)x[i * LD + j];
		assert_true(fabs((double)sum[j] - want) < 1e-4);
	}
	free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(squares),
	    cmocka_unit_test(squares_go_on),
	    cmocka_unit_test(columns),
	};

	return cmocka_run_group_tests_name("sums", tests, NULL, NULL);
}
