/* Rows of the LSTM do not depend on each other: each on its own gives what it gives
 * among others, up to rounding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "unroll.h"
#include "values.h"

enum { T = 7, IN = 37, H = 50, G = 4 * H, WEIGHTS = G * (IN + H + 2) };

/* All that a pass reads and writes, in one block so that it can be compared. */
struct run {
	long B, len;
	real *weights, *x, *h0, *c0, *dh;
	real *all; /* the rest, written: */
	real *grads, *h, *c, *gates, *dgates, *dx, *dh0, *dc0, *sum;
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
	    .len = WEIGHTS + (long)T * B * (2 * H + 2 * G + IN) + 3 * B * H};

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
	r.sum = r.dc0 + (long)B * H;
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
pass(struct run *r)
{
	struct lstm_params w = views(r->weights), g = views(r->grads);

	unroll_forward(r->h, r->c, r->gates, r->x, r->h0, r->c0, &w, T, (int)r->B, IN,
	    H);
	unroll_backward(r->dx, &g, r->dgates, r->dh0, r->dc0, r->sum, r->dh, r->x, r->h,
	    r->c, r->gates, r->h0, r->c0, &w, T, (int)r->B, IN, H);
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
	pass(&all);
	for (i = 0; i < LEN(row); i++) {
		take_row(&one, &all, row[i]);
		pass(&one);
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
	    cmocka_unit_test(rows_are_independent),
	};

	gemm_start();
	return cmocka_run_group_tests_name("nn/lstm", tests, NULL, NULL);
}
