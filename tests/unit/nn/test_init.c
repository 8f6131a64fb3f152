/* Initial values: bounds, moments, orthogonality, and that they follow the seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "nn/init.h"

/* n uniform numbers: inside +-bound, near it at the ends, mean and variance right
 * within five standard errors. */
static void
is_uniform(const real *w, long n, double bound)
{
	double sum = 0, squares = 0, low = 0, high = 0, v;
	long i;

	for (i = 0; i < n; i++) {
		v = (double)w[i] / bound;
		sum += v;
		squares += v * v;
		low = v < low ? v : low;
		high = v > high ? v : high;
	}
	assert_true(low >= -1.000001 && high <= 1.000001);
	assert_true(low < -0.999 && high > 0.999);
	assert_true(fabs(sum / (double)n) < 5 * sqrt(1 / 3. / (double)n));
	assert_true(fabs(squares / (double)n - 1 / 3.) < 5 * sqrt(4 / 45. / (double)n));
}

static void
uniform(void **state)
{
	enum { OUT = 120, IN = 80 };
	real *w = xmalloc(OUT * IN * sizeof *w), b[OUT];
	struct rng r;
	int i;

	(void)state;
	rng_init(&r, 1, 0);
	init_xavier_uniform(w, OUT, IN, &r);
	is_uniform(w, OUT * IN, sqrt(6. / (OUT + IN)));
	init_linear_default(w, b, OUT, IN, &r);
	is_uniform(w, OUT * IN, 1 / sqrt(IN));
	for (i = 0; i < OUT; i++)
		assert_true(fabs((double)b[i]) <= 1 / sqrt(IN));
	init_constant(b, OUT, 3);
	assert_true(b[0] == 3 && b[OUT - 1] == 3);
	free(w);
}

/* Sum over the shorter side's vectors: dot products must be 1 on, 0 off the diagonal.
 */
static double
farthest_from_orthonormal(const real *w, int rows, int cols)
{
	int n = rows < cols ? rows : cols, len = rows < cols ? cols : rows, a, b, i;
	long vec = rows < cols ? cols : 1, step = rows < cols ? 1 : cols;
	double top = 0, s;

	for (a = 0; a < n; a++) {
		for (b = 0; b <= a; b++) {
			s = a == b ? -1 : 0;
			for (i = 0; i < len; i++)
				s += (double)w[a * vec + i * step] *
				    (double)w[b * vec + i * step];
			top = fabs(s) > top ? fabs(s) : top;
		}
	}
	return top;
}

static void
orthogonal(void **state)
{
	const int size[][2] = {{400, 100}, {30, 50}, {20, 20}, {1, 5}, {5, 1}};
	real *w = xmalloc(400 * 100 * sizeof *w);
	struct rng r;
	size_t i;

	(void)state;
	rng_init(&r, 2, 0);
	for (i = 0; i < LEN(size); i++) {
		init_orthogonal(w, size[i][0], size[i][1], &r);
		assert_true(
		    farthest_from_orthonormal(w, size[i][0], size[i][1]) < 1e-6);
	}
	free(w);
}

/* No corner of the matrix is favoured: entries have mean 0 and variance 1 / rows. */
static void
orthogonal_is_even(void **state)
{
	enum { N = 64, RUNS = 200 };
	double first = 0, squares = 0;
	struct rng r;
	real w[N * 4];
	int i;

	(void)state;
	rng_init(&r, 3, 0);
	for (i = 0; i < RUNS; i++) {
		init_orthogonal(w, N, 4, &r);
		first += (double)w[N * 4 - 1];
		squares += (double)w[N * 4 - 1] * (double)w[N * 4 - 1];
	}
	assert_true(fabs(first / RUNS) < 5 / sqrt((double)N * RUNS));
	assert_true(fabs(squares / RUNS * N - 1) < 5 * sqrt(2. / RUNS));
}

static void
follows_seed(void **state)
{
	real a[12], b[12], c[12];
	struct rng r;

	(void)state;
	rng_init(&r, 5, 1);
	init_orthogonal(a, 4, 3, &r);
	rng_init(&r, 5, 1);
	init_orthogonal(b, 4, 3, &r);
	init_orthogonal(c, 4, 3, &r);
	assert_memory_equal(a, b, sizeof a);
	assert_memory_not_equal(a, c, sizeof a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(uniform),
	    cmocka_unit_test(orthogonal),
	    cmocka_unit_test(orthogonal_is_even),
	    cmocka_unit_test(follows_seed),
	};

	return cmocka_run_group_tests_name("nn/init", tests, NULL, NULL);
}
