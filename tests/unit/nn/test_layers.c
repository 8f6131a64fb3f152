/* Layers in float against PyTorch, and what holds at the edges of their inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "nn/layers.h"
#include "torch.h"
#include "unroll.h"
#include "values.h"

#define CLOSE(got, want) assert_true(worst(got, want, (long)LEN(want)) < 1e-5)

/* Rows of x lie 23 apart: what is between them must stay as it is. */
static void
linear(void **state)
{
	enum { B = 5, IN = 19, OUT = 3, LD = 23 };
	real x[B * IN], w[OUT * IN], b[OUT], dy[B * OUT], y[B * OUT], dx[B * IN];
	real wide[B * LD], dwide[B * LD], dw[OUT * IN] = {0}, db[OUT] = {0};
	int i;

	(void)state;
	fill(x, B * IN, 1, 1);
	fill(w, OUT * IN, 2, 1);
	fill(b, OUT, 3, 1);
	fill(dy, B * OUT, 9, 1);
	fill(wide, B * LD, 5, 1);
	fill(dwide, B * LD, 6, 1);
	for (i = 0; i < B; i++)
		memcpy(wide + i * LD, x + i * IN, IN * sizeof *x);
	affine_forward(NULL, y, wide, LD, w, b, B, IN, OUT);
	CLOSE(y, linear_y);
	affine_backward(NULL, dwide, dw, db, dy, wide, LD, w, B, IN, OUT);
	fill(wide, B * LD, 6, 1);
	for (i = 0; i < B; i++) {
		memcpy(dx + i * IN, dwide + i * LD, IN * sizeof *dx);
		assert_memory_equal(dwide + i * LD + IN, wide + i * LD + IN,
		    (LD - IN) * sizeof *dx);
	}
	CLOSE(dx, linear_dx);
	CLOSE(dw, linear_dw);
	CLOSE(db, linear_db);
}

/* dw NULL leaves db alone, dx NULL is allowed, and gradients are added. */
static void
linear_parts(void **state)
{
	real x[2] = {1, 2}, w[2] = {3, 4}, dy[1] = {5}, dx[2], dw[2] = {10, 20};
	real db[1] = {7};

	(void)state;
	affine_backward(NULL, dx, NULL, db, dy, x, 2, w, 1, 2, 1);
	assert_true(dx[0] == 15 && dx[1] == 20 && db[0] == 7);
	affine_backward(NULL, NULL, dw, db, dy, x, 2, w, 1, 2, 1);
	assert_true(dw[0] == 15 && dw[1] == 30 && db[0] == 12);
}

typedef void forward_fn(real *y, const real *x, long n);
typedef void backward_fn(real *dx, const real *dy, const real *y, long n);

/* Both ways into a buffer of its own and in place; the script's input is a quarter. */
static void
pointwise(forward_fn *forward, backward_fn *backward, const float *want_y,
    const float *want_dx)
{
	enum { N = 60 };
	real x[N], y[N], dy[N], dx[N];
	int i;

	fill(x, N, 1, 4);
	fill(dy, N, 9, 1);
	forward(y, x, N);
	assert_true(worst(y, want_y, N) < 1e-5);
	forward(x, x, N);
	assert_memory_equal(x, y, sizeof x);
	backward(dx, dy, y, N);
	backward(dy, dy, y, N);
	assert_memory_equal(dx, dy, sizeof dx);
	for (i = 0; i < N; i++)
		dx[i] *= 4;
	assert_true(worst(dx, want_dx, N) < 1e-5);
}

static void
activations(void **state)
{
	(void)state;
	pointwise(relu_forward, relu_backward, relu_y, relu_dx);
	pointwise(sigmoid_forward, sigmoid_backward, sigmoid_y, sigmoid_dx);
	pointwise(tanh_forward, tanh_backward, tanh_y, tanh_dx);
}

/* k columns in rows of 30. */
static void
softmax_rows(int k, const float *want_y, const float *want_dx)
{
	enum { B = 6, LD = 30 };
	real x[B * LD], y[B * LD], dy[B * LD], dx[B * LD], dense[B * LD];
	real rows[B * LD];
	int i, j;

	fill(dense, (long)B * k, 1, 4);
	fill(rows, (long)B * k, 9, 1);
	for (i = 0; i < B * LD; i++)
		x[i] = y[i] = dy[i] = dx[i] = 77;
	for (i = 0; i < B; i++) {
		memcpy(x + i * LD, dense + i * k, (size_t)k * sizeof *x);
		memcpy(dy + i * LD, rows + i * k, (size_t)k * sizeof *x);
	}
	softmax_forward(y, x, B, k, LD);
	softmax_backward(dx, dy, y, B, k, LD);
	softmax_forward(x, x, B, k, LD);
	assert_memory_equal(x, y, sizeof x);
	for (i = 0; i < B; i++) {
		for (j = 0; j < k; j++) {
			dense[i * k + j] = y[i * LD + j];
			rows[i * k + j] = 4 * dx[i * LD + j];
		}
		for (; j < LD; j++)
			assert_true(y[i * LD + j] == 77 && dx[i * LD + j] == 77);
	}
	assert_true(worst(dense, want_y, (long)B * k) < 1e-5);
	assert_true(worst(rows, want_dx, (long)B * k) < 1e-5);
}

static void
softmax(void **state)
{
	real big[3] = {1e30f, -1e30f, 1e30f};

	(void)state;
	softmax_rows(5, narrow_y, narrow_dx);
	softmax_rows(21, wide_y, wide_dx);
	softmax_forward(big, big, 1, 3, 3);
	assert_true(big[0] == 0.5f && big[1] == 0 && big[2] == 0.5f);
}

static void
batchnorm(void **state)
{
	enum { B = 6, N = 19 };
	real x[B * N], gamma[N], beta[N], dy[B * N], y[B * N], xhat[B * N], inv[N];
	real mean[N], var[N], dx[B * N], dgamma[N] = {0}, dbeta[N] = {0};
	int i;

	(void)state;
	fill(x, B * N, 1, 1);
	fill(gamma, N, 2, 1);
	fill(beta, N, 3, 1);
	fill(dy, B * N, 9, 1);
	for (i = 0; i < N; i++) {
		mean[i] = 0;
		var[i] = 1;
	}
	batchnorm_train(y, xhat, inv, mean, var, x, gamma, beta, B, N, N, (real)0.9);
	CLOSE(y, norm_y);
	CLOSE(mean, norm_mean);
	CLOSE(var, norm_var);
	batchnorm_backward(dx, dgamma, dbeta, dy, xhat, inv, gamma, B, N, N);
	CLOSE(dx, norm_dx);
	CLOSE(dgamma, norm_dgamma);
	CLOSE(dbeta, norm_dbeta);
	batchnorm_train(y, xhat, inv, NULL, NULL, x, gamma, beta, B, N, N, (real)0.9);
	CLOSE(mean, norm_mean);
	batchnorm_eval(y, x, gamma, beta, mean, var, B, N, N);
	CLOSE(y, norm_eval);
}

/* One row has no variance: it becomes beta, and the running variance stays finite. */
static void
batchnorm_one_row(void **state)
{
	real x[2] = {3, -5}, gamma[2] = {2, 2}, beta[2] = {1, -1}, y[2], xhat[2];
	real inv[2], mean[2] = {0, 0}, var[2] = {1, 1};

	(void)state;
	batchnorm_train(y, xhat, inv, mean, var, x, gamma, beta, 1, 2, 2, (real)0.5);
	assert_true(y[0] == 1 && y[1] == -1);
	assert_true(mean[0] == 1.5f && var[0] == 0.5f);
}

enum { T = 3, ROWS = 2, WIDTH = 4, H = 17, G = 4 * H };

static void
lstm(void **state)
{
	real w_ih[G * WIDTH], w_hh[G * H], b_ih[G], b_hh[G];
	real g_ih[G * WIDTH] = {0}, g_hh[G * H] = {0}, gb_ih[G] = {0}, gb_hh[G] = {0};
	struct lstm_params w = {w_ih, w_hh, b_ih, b_hh}, g = {g_ih, g_hh, gb_ih, gb_hh};
	real x[T * ROWS * WIDTH], h0[ROWS * H], c0[ROWS * H], dh[T * ROWS * H];
	real h[T * ROWS * H], c[T * ROWS * H], gates[T * ROWS * G],
	    dgates[T * ROWS * G];
	real dx[T * ROWS * WIDTH], dh0[ROWS * H], dc0[ROWS * H], sum[ROWS * H];

	(void)state;
	fill(w_ih, G * WIDTH, 20, 0.5);
	fill(w_hh, G * H, 21, 0.5);
	fill(b_ih, G, 22, 0.5);
	fill(b_hh, G, 23, 0.5);
	fill(x, T * ROWS * WIDTH, 1, 1);
	fill(h0, ROWS * H, 2, 1);
	fill(c0, ROWS * H, 3, 1);
	fill(dh, T * ROWS * H, 9, 1);
	unroll_forward(h, c, gates, x, h0, c0, &w, T, ROWS, WIDTH, H);
	CLOSE(h, lstm_y);
	CLOSE(c + (T - 1) * ROWS * H, lstm_c);
	unroll_backward(dx, &g, dgates, dh0, dc0, sum, dh, x, h, c, gates, h0, c0, &w,
	    T, ROWS, WIDTH, H);
	CLOSE(dx, lstm_dx);
	CLOSE(dh0, lstm_dh0);
	CLOSE(dc0, lstm_dc0);
	CLOSE(g_ih, lstm_dw_ih);
	CLOSE(g_hh, lstm_dw_hh);
	CLOSE(gb_ih, lstm_db_ih);
	CLOSE(gb_hh, lstm_db_hh);
}

/* A NaN must come out at the end, or nobody learns that training has diverged. */
static void
nan_survives(void **state)
{
	real x[2] = {NAN, 1}, y[2];

	(void)state;
	relu_forward(y, x, 2);
	assert_true(isnan(y[0]) && y[1] == 1);
	sigmoid_forward(y, x, 2);
	assert_true(isnan(y[0]));
	tanh_forward(y, x, 2);
	assert_true(isnan(y[0]));
	softmax_forward(y, x, 1, 2, 2);
	assert_true(isnan(y[0]) && isnan(y[1]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(linear),
	    cmocka_unit_test(linear_parts),
	    cmocka_unit_test(activations),
	    cmocka_unit_test(softmax),
	    cmocka_unit_test(batchnorm),
	    cmocka_unit_test(batchnorm_one_row),
	    cmocka_unit_test(lstm),
	    cmocka_unit_test(nan_survives),
	};

	return cmocka_run_group_tests_name("nn/layers", tests, NULL, NULL);
}
