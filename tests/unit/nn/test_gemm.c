/* Products against the definition, for every shape of remainder, and equal bytes for
 * any number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "nn/gemm.h"
#include "values.h"

enum op { NT, NN, TN };

struct problem {
	enum op op;
	int m, n, k;
	real *a, *b, *c0; /* c0: what c holds before */
	int lda, ldb, ldc;
};

static real *
numbers(int rows, int ld, long seed)
{
	real *v = xmalloc(size_mul(size_mul((size_t)rows + 1, (size_t)ld), sizeof *v));

	fill(v, (long)(rows + 1) * ld, seed, 1);
	return v;
}

/* Rows are gap numbers longer than they need to be. */
static struct problem
problem_new(enum op op, int m, int n, int k, int gap)
{
	struct problem p = {.op = op, .m = m, .n = n, .k = k};

	p.lda = (op == TN ? m : k) + gap;
	p.ldb = (op == NT ? k : n) + gap;
	p.ldc = n + gap;
	p.a = numbers(op == TN ? k : m, p.lda, 1);
	p.b = numbers(op == NT ? n : k, p.ldb, 2);
	p.c0 = numbers(m, p.ldc, 3);
	return p;
}

static void
problem_free(struct problem *p)
{
	free(p->a);
	free(p->b);
	free(p->c0);
}

static size_t
c_bytes(const struct problem *p)
{
	return ((size_t)p->m + 1) * (size_t)p->ldc * sizeof *p->c0;
}

static real *
solve(const struct problem *p, struct pool *pool, real beta)
{
	real *c = xmalloc(c_bytes(p));

	memcpy(c, p->c0, c_bytes(p));
	(p->op == NT          ? gemm_nt
		: p->op == NN ? gemm_nn
			      : gemm_tn)(pool, p->m, p->n, p->k, p->a, p->lda, p->b,
	    p->ldb, beta, c, p->ldc);
	return c;
}

static double
naive(const struct problem *p, int i, int j)
{
	double s = 0;
	long k;

	for (k = 0; k < p->k; k++)
		s += (double)p->a[p->op == TN ? k * p->lda + i : (long)i * p->lda + k] *
		    (double)p->b[p->op == NT ? (long)j * p->ldb + k : k * p->ldb + j];
	return s;
}

static void
matches_definition(const struct problem *p, real beta)
{
	real *c = solve(p, NULL, beta);
	double want;
	long at;
	int i, j;

	for (i = 0; i < p->m; i++) {
		for (j = 0; j < p->ldc; j++) {
			at = (long)i * p->ldc + j;
			if (j >= p->n) {
				assert_true(c[at] == p->c0[at]);
				continue;
			}
			want = naive(p, i, j) + (double)(beta * p->c0[at]);
			assert_true(fabs((double)c[at] - want) < 2e-5 + 1e-6 * p->k);
		}
	}
	free(c);
}

static void
definition(void **state)
{
	const int size[][3] = {{1, 1, 1}, {1, 7, 3}, {5, 1, 9}, {3, 17, 0},
	    {16, 16, 16}, {17, 33, 300}, {100, 31, 257}, {33, 100, 64},
	    {210, 205, 200}};
	struct problem p;
	size_t i;
	int op;

	(void)state;
	for (i = 0; i < LEN(size); i++) {
		for (op = NT; op <= TN; op++) {
			p = problem_new(op, size[i][0], size[i][1], size[i][2], 3);
			matches_definition(&p, 0);
			matches_definition(&p, 1);
			problem_free(&p);
		}
	}
}

/* With beta 0 c is not read: what is there may be NaN. */
static void
beta_zero(void **state)
{
	real a[1] = {2}, b[1] = {3}, c[1] = {NAN};

	(void)state;
	gemm_nt(NULL, 1, 1, 1, a, 1, b, 1, 0, c, 1);
	assert_true(c[0] == 6);
	c[0] = NAN;
	gemm_tn(NULL, 1, 1, 1, a, 1, b, 1, 0, c, 1);
	assert_true(c[0] == 6);
}

static void
threads(void **state)
{
	const int size[][3] = {{100, 512, 512}, {512, 512, 100}, {300, 512, 150},
	    {2000, 100, 90}, {100, 1030, 512}, {100, 400, 200}};
	const int count[] = {2, 4};
	struct pool *pool, *alone = pool_new(1);
	struct problem p;
	real *one, *many;
	size_t i, t;
	int op;

	(void)state;
	for (t = 0; t < LEN(count); t++) {
		pool = pool_new(count[t]);
		for (i = 0; i < LEN(size); i++) {
			for (op = NT; op <= TN; op++) {
				p = problem_new(op, size[i][0], size[i][1], size[i][2],
				    0);
				one = solve(&p, alone, 1);
				many = solve(&p, pool, 1);
				assert_memory_equal(one, many, c_bytes(&p));
				free(one);
				free(many);
				problem_free(&p);
			}
		}
		pool_free(pool);
	}
	pool_free(alone);
}

static void
kernel_has_a_name(void **state)
{
	(void)state;
	gemm_start();
	assert_true(strlen(gemm_kernel()) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kernel_has_a_name),
	    cmocka_unit_test(definition),
	    cmocka_unit_test(beta_zero),
	    cmocka_unit_test(threads),
	};

	return cmocka_run_group_tests_name("nn/gemm", tests, NULL, NULL);
}
