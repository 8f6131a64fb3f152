/* Every gradient of every layer against central differences, in double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../nn/unroll.h"
#include "../nn/values.h"
#include "base/mem.h"
#include "nn/choice.h"
#include "nn/embed.h"
#include "nn/layers.h"

/* A layer under test: loss() runs it forward from the values it now holds. */
typedef double loss_fn(void *layer);

/*
 * gradient_is: what was computed for n values v of the layer agrees with differences
 * of the loss.  Gradients of parameters are added to what was there: start.
 */
static void
gradient_is(loss_fn *loss, void *layer, real *v, const real *got, double start, int n)
{
	const double step = 1e-5;
	double diff = 0, top = 0, up, down, kept, slope;
	int i;

	for (i = 0; i < n; i++) {
		kept = v[i];
		v[i] = kept + step;
		up = loss(layer);
		v[i] = kept - step;
		down = loss(layer);
		v[i] = kept;
		slope = (up - down) / (2 * step);
		assert_false(isnan(slope) || isnan(got[i]));
		diff = fmax(diff, fabs(slope - (got[i] - start)));
		top = fmax(top, fabs(slope));
	}
	assert_true(top > 1e-3);
	assert_true(diff / top < 1e-6);
}

static double
weighted(const real *y, const real *dy, int n)
{
	double s = 0;
	int i;

	for (i = 0; i < n; i++)
		s += y[i] * dy[i];
	return s;
}

static void
set(real *v, int n, real x)
{
	int i;

	for (i = 0; i < n; i++)
		v[i] = x;
}

enum { B = 5, IN = 7, OUT = 19, LD = 9 };

struct linear {
	real x[B * LD], w[OUT * IN], b[OUT], y[B * OUT], dy[B * OUT];
	real dx[B * LD], dw[OUT * IN], db[OUT];
};

static double
linear_loss(void *layer)
{
	struct linear *l = layer;

	affine_forward(NULL, l->y, l->x, LD, l->w, l->b, B, IN, OUT);
	return weighted(l->y, l->dy, B * OUT);
}

static void
linear(void **state)
{
	struct linear l;
	int i;

	(void)state;
	fill(l.x, B * LD, 1, 1);
	fill(l.w, OUT * IN, 2, 1);
	fill(l.b, OUT, 3, 1);
	fill(l.dy, B * OUT, 4, 1);
	set(l.dw, OUT * IN, 3);
	set(l.db, OUT, 3);
	linear_loss(&l);
	affine_backward(NULL, l.dx, l.dw, l.db, l.dy, l.x, LD, l.w, B, IN, OUT);
	for (i = 0; i < B; i++)
		gradient_is(linear_loss, &l, l.x + i * LD, l.dx + i * LD, 0, IN);
	gradient_is(linear_loss, &l, l.w, l.dw, 3, OUT * IN);
	gradient_is(linear_loss, &l, l.b, l.db, 3, OUT);
}

enum { N = 35 };

struct pointwise {
	void (*forward)(real *y, const real *x, long n);
	real x[N], y[N], dy[N], dx[N];
};

static double
pointwise_loss(void *layer)
{
	struct pointwise *l = layer;

	l->forward(l->y, l->x, N);
	return weighted(l->y, l->dy, N);
}

/* No input is within 1e-4 of 0, where relu has no slope. */
static void
pointwise(struct pointwise *l,
    void (*backward)(real *, const real *, const real *, long))
{
	fill(l->x, N, 1, 3);
	fill(l->dy, N, 2, 1);
	pointwise_loss(l);
	backward(l->dx, l->dy, l->y, N);
	gradient_is(pointwise_loss, l, l->x, l->dx, 0, N);
}

static void
activations(void **state)
{
	struct pointwise relu = {.forward = relu_forward};
	struct pointwise sigmoid = {.forward = sigmoid_forward};
	struct pointwise tangent = {.forward = tanh_forward};

	(void)state;
	pointwise(&relu, relu_backward);
	pointwise(&sigmoid, sigmoid_backward);
	pointwise(&tangent, tanh_backward);
}

struct softmax {
	int k;
	real x[B * LD * 3], y[B * LD * 3], dy[B * LD * 3], dx[B * LD * 3];
};

static double
softmax_loss(void *layer)
{
	struct softmax *l = layer;
	double s = 0;
	int i;

	softmax_forward(l->y, l->x, B, l->k, LD * 3);
	for (i = 0; i < B; i++)
		s += weighted(l->y + i * LD * 3, l->dy + i * LD * 3, l->k);
	return s;
}

static void
softmax(void **state)
{
	const int width[] = {2, 3, 16, 17, 25};
	struct softmax l;
	size_t w;
	int i;

	(void)state;
	fill(l.x, B * LD * 3, 1, 2);
	fill(l.dy, B * LD * 3, 2, 1);
	for (w = 0; w < LEN(width); w++) {
		l.k = width[w];
		softmax_loss(&l);
		softmax_backward(l.dx, l.dy, l.y, B, l.k, LD * 3);
		for (i = 0; i < B * LD * 3; i += LD * 3)
			gradient_is(softmax_loss, &l, l.x + i, l.dx + i, 0, l.k);
	}
}

struct norm {
	real x[B * OUT], gamma[OUT], beta[OUT], y[B * OUT], xhat[B * OUT], inv[OUT];
	real dy[B * OUT], dx[B * OUT], dgamma[OUT], dbeta[OUT];
};

static double
norm_loss(void *layer)
{
	struct norm *l = layer;

	batchnorm_train(l->y, l->xhat, l->inv, NULL, NULL, l->x, l->gamma, l->beta, B,
	    OUT, OUT, 0.9);
	return weighted(l->y, l->dy, B * OUT);
}

static void
batchnorm(void **state)
{
	struct norm l;

	(void)state;
	fill(l.x, B * OUT, 1, 2);
	fill(l.gamma, OUT, 2, 1);
	fill(l.beta, OUT, 3, 1);
	fill(l.dy, B * OUT, 4, 1);
	set(l.dgamma, OUT, -2);
	set(l.dbeta, OUT, -2);
	norm_loss(&l);
	batchnorm_backward(l.dx, l.dgamma, l.dbeta, l.dy, l.xhat, l.inv, l.gamma, B,
	    OUT, OUT);
	gradient_is(norm_loss, &l, l.x, l.dx, 0, B * OUT);
	gradient_is(norm_loss, &l, l.gamma, l.dgamma, -2, OUT);
	gradient_is(norm_loss, &l, l.beta, l.dbeta, -2, OUT);
}

enum { T = 4, ROWS = 3, H = 18, G = 4 * H };

struct recurrent {
	real x[T * ROWS * IN], h0[ROWS * H], c0[ROWS * H], dh[T * ROWS * H];
	real w_ih[G * IN], w_hh[G * H], b_ih[G], b_hh[G];
	real h[T * ROWS * H], c[T * ROWS * H], gates[T * ROWS * G];
	real dgates[T * ROWS * G], dx[T * ROWS * IN], dh0[ROWS * H], dc0[ROWS * H];
	real sum[ROWS * H], g_ih[G * IN], g_hh[G * H], gb_ih[G], gb_hh[G];
};

static double
recurrent_loss(void *layer)
{
	struct recurrent *l = layer;
	struct lstm_params w = {l->w_ih, l->w_hh, l->b_ih, l->b_hh};

	unroll_forward(l->h, l->c, l->gates, l->x, l->h0, l->c0, &w, T, ROWS, IN, H);
	return weighted(l->h, l->dh, T * ROWS * H);
}

static void
recurrent_fill(struct recurrent *l)
{
	fill(l->x, T * ROWS * IN, 1, 1);
	fill(l->h0, ROWS * H, 2, 1);
	fill(l->c0, ROWS * H, 3, 1);
	fill(l->dh, T * ROWS * H, 4, 1);
	fill(l->w_ih, G * IN, 5, 0.7);
	fill(l->w_hh, G * H, 6, 0.7);
	fill(l->b_ih, G, 7, 0.5);
	fill(l->b_hh, G, 8, 0.5);
	set(l->g_ih, G * IN, 1);
	set(l->g_hh, G * H, 1);
	set(l->gb_ih, G, 1);
	set(l->gb_hh, G, 1);
}

static void
lstm(void **state)
{
	struct recurrent l;
	struct lstm_params w = {l.w_ih, l.w_hh, l.b_ih, l.b_hh};
	struct lstm_params g = {l.g_ih, l.g_hh, l.gb_ih, l.gb_hh};

	(void)state;
	recurrent_fill(&l);
	recurrent_loss(&l);
	unroll_backward(l.dx, &g, l.dgates, l.dh0, l.dc0, l.sum, l.dh, l.x, l.h, l.c,
	    l.gates, l.h0, l.c0, &w, T, ROWS, IN, H);
	gradient_is(recurrent_loss, &l, l.x, l.dx, 0, T * ROWS * IN);
	gradient_is(recurrent_loss, &l, l.h0, l.dh0, 0, ROWS * H);
	gradient_is(recurrent_loss, &l, l.c0, l.dc0, 0, ROWS * H);
	gradient_is(recurrent_loss, &l, l.w_ih, l.g_ih, 1, G * IN);
	gradient_is(recurrent_loss, &l, l.w_hh, l.g_hh, 1, G * H);
	gradient_is(recurrent_loss, &l, l.b_ih, l.gb_ih, 1, G);
	gradient_is(recurrent_loss, &l, l.b_hh, l.gb_hh, 1, G);
}

/* Rows one behind the other, with and without sets; that of row 1 is of one code.
 * Blocks of 0 codes: the functions that know none. */
struct choice {
	int k, block;
	bool sets;
	real x[B * CHOICE_MAX], y[B * CHOICE_MAX], dx[B * CHOICE_MAX];
	uint8_t allow[B][CHOICE_SET];
	uint16_t code[B];
};

static double
choice_of(void *layer)
{
	struct choice *l = layer;

	memcpy(l->y, l->x, (size_t)(B * l->k) * sizeof *l->y);
	choice_forward(l->y, l->k, l->sets ? l->allow : NULL, B, l->k);
	if (l->block == 0)
		return .5 * choice_loss(l->y, l->k, l->code, B);
	return .5 *
	    choice_block_loss(l->y, l->k, l->sets ? l->allow : NULL, l->code, B, l->k,
		l->block);
}

static void
choice_fill(struct choice *l)
{
	int i, j;

	fill(l->x, (long)B * l->k, 1, 2);
	memset(l->allow, 0, sizeof l->allow);
	for (i = 0; i < B; i++) {
		l->code[i] = (uint16_t)((7 * i + 1) % l->k);
		for (j = 0; j < l->k; j++)
			if (j == l->code[i] || (i != 1 && (j + i) % 3 != 0))
				l->allow[i][j / 8] |= (uint8_t)(1u << j % 8);
	}
}

static void
choice(void **state)
{
	const int width[] = {2, 3, 21, 32, 33, 256};
	struct choice l;
	size_t w;

	(void)state;
	for (w = 0; w < 2 * LEN(width); w++) {
		l.k = width[w / 2];
		l.sets = w % 2;
		l.block = 0;
		choice_fill(&l);
		choice_of(&l);
		memcpy(l.dx, l.y, (size_t)(B * l.k) * sizeof *l.dx);
		choice_backward(l.dx, l.k, l.code, B, l.k, .5);
		gradient_is(choice_of, &l, l.x, l.dx, 0, B * l.k);
	}
}

/* Blocks that the alphabet ends in, that are one code, and that are nearly all. */
static void
choice_of_blocks(void **state)
{
	const int width[] = {3, 21, 256}, block[] = {1, 2, 8, 20};
	struct choice l;
	size_t w, b;

	(void)state;
	for (w = 0; w < 2 * LEN(width); w++)
		for (b = 0; b < LEN(block); b++) {
			l.k = width[w / 2];
			l.sets = w % 2;
			l.block = block[b];
			if (l.block >= l.k)
				continue; /* no slope */
			choice_fill(&l);
			choice_of(&l);
			memcpy(l.dx, l.y, (size_t)(B * l.k) * sizeof *l.dx);
			choice_block_backward(l.dx, l.k, l.code, B, l.k, l.block, .5);
			gradient_is(choice_of, &l, l.x, l.dx, 0, B * l.k);
		}
}

/* Probabilities that were made even give the loss that looks at blocks. */
static void
even_choices_have_the_loss_of_blocks(void **state)
{
	const int width[] = {3, 21, 256};
	struct choice l;
	double loss;
	size_t w;

	(void)state;
	for (w = 0; w < 2 * LEN(width); w++) {
		l.k = width[w / 2];
		l.sets = w % 2;
		l.block = 8;
		choice_fill(&l);
		loss = choice_of(&l);
		choice_even(l.y, l.k, l.sets ? l.allow : NULL, B, l.k, l.block);
		assert_true(
		    fabs(.5 * choice_loss(l.y, l.k, l.code, B) - loss) < 1e-12 * loss);
	}
}

enum { K = 6, WIDE = 8 };

struct embedding {
	real table[K * WIDE], dtable[K * WIDE], x[B * LD], dx[B * LD];
	uint16_t code[B * 2];
};

static double
embedding_loss(void *layer)
{
	struct embedding *l = layer;
	double s = 0;
	int i;

	embed_forward(l->x, LD, l->table, WIDE, l->code, 2, B);
	for (i = 0; i < B; i++)
		s += weighted(l->x + i * LD, l->dx + i * LD, WIDE);
	return s;
}

/* Code 4 is there twice, codes 0 and 2 never. */
static void
embedding(void **state)
{
	struct embedding l = {.code = {4, 0, 1, 0, 3, 2, 4, 2, 5, 0}};

	(void)state;
	fill(l.table, K * WIDE, 1, 1);
	fill(l.dx, B * LD, 2, 1);
	set(l.dtable, K * WIDE, 3);
	embed_backward(l.dtable, l.dx, LD, WIDE, l.code, 2, B);
	gradient_is(embedding_loss, &l, l.table, l.dtable, 3, K * WIDE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(linear),
	    cmocka_unit_test(activations),
	    cmocka_unit_test(softmax),
	    cmocka_unit_test(batchnorm),
	    cmocka_unit_test(lstm),
	    cmocka_unit_test(choice),
	    cmocka_unit_test(choice_of_blocks),
	    cmocka_unit_test(even_choices_have_the_loss_of_blocks),
	    cmocka_unit_test(embedding),
	};

	return cmocka_run_group_tests_name("f64-nn/gradients", tests, NULL, NULL);
}
