/* The transform of reals against its definition, and back: wrong roots, a wrong pairing
 * of halves, and a wrong scale fail here. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "dp/account/fft.h"

static const double pi = 3.14159265358979323846;

static void
fill(double *x, size_t n)
{
	struct rng g;
	size_t i;

	rng_init(&g, 5, n);
	for (i = 0; i < n; i++)
		x[i] = rng_u32(&g) / 4294967296.0 - 0.3;
}

static void
like_its_definition(void **state)
{
	size_t n, j, k;
	double x[256], y[256], re, im, at;
	struct fft *f;

	(void)state;
	for (n = 4; n <= LEN(x); n *= 2) {
		f = fft_new(n);
		fill(x, n);
		memcpy(y, x, sizeof x);
		fft_forward(f, y);
		for (k = 0; k <= n / 2; k++) {
			for (re = im = 0, j = 0; j < n; j++) {
				at = 2 * pi * (double)(j * k % n) / (double)n;
				re += x[j] * cos(at);
				im -= x[j] * sin(at);
			}
			if (k == 0 || k == n / 2) {
				assert_true(fabs(y[k == 0 ? 0 : 1] - re) < 1e-12);
				continue;
			}
			assert_true(fabs(y[2 * k] - re) < 1e-12);
			assert_true(fabs(y[2 * k + 1] - im) < 1e-12);
		}
		fft_free(f);
	}
}

static void
there_and_back(void **state)
{
	const size_t n = 1 << 16;
	struct fft *f = fft_new(n);
	double *x = xmalloc(n * sizeof *x), *y = xmalloc(n * sizeof *y);
	size_t i;

	(void)state;
	fill(x, n);
	memcpy(y, x, n * sizeof *x);
	fft_forward(f, y);
	fft_backward(f, y);
	for (i = 0; i < n; i++)
		assert_true(fabs(x[i] - y[i]) < 1e-14);
	free(x);
	free(y);
	fft_free(f);
	fft_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(like_its_definition),
	    cmocka_unit_test(there_and_back),
	};

	return cmocka_run_group_tests_name("dp/fft", tests, NULL, NULL);
}
