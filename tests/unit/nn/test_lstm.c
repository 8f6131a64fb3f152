/* The LSTM at a size that is cut into ranges: equal bytes for any number of threads,
 * and each row on its own gives what it gives among others, up to rounding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "nn/gemm.h"
#include "nn/lstm.h"
#include "values.h"

enum { T = 7, IN = 37, H = 50, G = 4 * H, WEIGHTS = G * (IN + H + 2) };

/* All that a pass reads and writes, in one block so that it can be compared. */
struct run {
	long B, len;
	real *weights, *x, *h0, *c0, *dh;
	real *all; /* the rest, written: */
	real *grads, *h, *c, *gates, *dgates, *dx, *dh0, *dc0;
};

static struct lstm_params
views(real *v)
{
	struct lstm_params w = {v, v + G * IN, v + G * (IN + H), v + G * (IN + H + 1)};

	return w;
}

static real *
numbers(long n, long seed, double scale)
{
	real *v = xmalloc(size_mul((size_t)n, sizeof *v));

	fill(v, n, seed, scale);
	return v;
}

static struct run
run_new(int B)
{
	struct run r = {.B = B,
	    .len = WEIGHTS + (long)T * B * (2 * H + 2 * G + IN) + 2 * B * H};

	r.weights = numbers(WEIGHTS, 1, 0.2);
	r.x = numbers((long)T * B * IN, 2, 1);
	r.h0 = numbers((long)B * H, 3, 1);
	r.c0 = numbers((long)B * H, 4, 1);
	r.dh = numbers((long)T * B * H, 5, 1);
	r.all = xcalloc((size_t)r.len, sizeof *r.all);
	r.grads = r.all;
	r.h = r.grads + WEIGHTS;
	r.c = r.h + (long)T * B * H;
	r.gates = r.c + (long)T * B * H;
	r.dgates = r.gates + (long)T * B * G;
	r.dx = r.dgates + (long)T * B * G;
	r.dh0 = r.dx + (long)T * B * IN;
	r.dc0 = r.dh0 + (long)B * H;
	return r;
}

static void
run_free(struct run *r)
{
	free(r->weights);
	free(r->x);
	free(r->h0);
	free(r->c0);
	free(r->dh);
	free(r->all);
}

static void
pass(struct run *r, struct pool *p)
{
	struct lstm_params w = views(r->weights), g = views(r->grads);

	lstm_forward(p, r->h, r->c, r->gates, r->x, r->h0, r->c0, &w, T, (int)r->B, IN,
	    H);
	lstm_backward(p, r->dx, &g, r->dgates, r->dh0, r->dc0, r->dh, r->x, r->h, r->c,
	    r->gates, r->h0, r->c0, &w, T, (int)r->B, IN, H);
}

static void
threads(void **state)
{
	const int rows[] = {1, 99, 100, 237}, count[] = {2, 4};
	struct run one, many;
	struct pool *p;
	size_t i, t;

	(void)state;
	for (i = 0; i < LEN(rows); i++) {
		one = run_new(rows[i]);
		pass(&one, NULL);
		for (t = 0; t < LEN(count); t++) {
			p = pool_new(count[t]);
			many = run_new(rows[i]);
			pass(&many, p);
			assert_memory_equal(one.all, many.all,
			    (size_t)one.len * sizeof *one.all);
			run_free(&many);
			pool_free(p);
		}
		run_free(&one);
	}
}

/* Row b of a batch, given alone. */
static void
take_row(struct run *one, const struct run *all, long b)
{
	long t;

	memcpy(one->h0, all->h0 + b * H, H * sizeof(real));
	memcpy(one->c0, all->c0 + b * H, H * sizeof(real));
	for (t = 0; t < T; t++) {
		memcpy(one->x + t * IN, all->x + (t * all->B + b) * IN,
		    IN * sizeof(real));
		memcpy(one->dh + t * H, all->dh + (t * all->B + b) * H,
		    H * sizeof(real));
	}
}

static void
rows_are_independent(void **state)
{
	enum { B = 103 };
	struct run all = run_new(B), one = run_new(1);
	const long row[] = {0, 51, 52, B - 1};
	size_t i;
	long t;

	(void)state;
	pass(&all, NULL);
	for (i = 0; i < LEN(row); i++) {
		take_row(&one, &all, row[i]);
		pass(&one, NULL);
		for (t = 0; t < T; t++) {
			assert_true(worst(one.h + t * H, all.h + (t * B + row[i]) * H,
					H) < 1e-5);
			assert_true(worst(one.dx + t * IN,
					all.dx + (t * B + row[i]) * IN, IN) < 1e-5);
		}
		assert_true(worst(one.dh0, all.dh0 + row[i] * H, H) < 1e-5);
		assert_true(worst(one.dc0, all.dc0 + row[i] * H, H) < 1e-5);
	}
	run_free(&all);
	run_free(&one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(threads),
	    cmocka_unit_test(rows_are_independent),
	};

	gemm_start();
	return cmocka_run_group_tests_name("nn/lstm", tests, NULL, NULL);
}
