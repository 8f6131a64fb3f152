/*
 * mlp.c: a network of one hidden layer of 100 with ReLU, softmax and cross-entropy,
 * trained by Adam on standardised columns.  Settings as scikit-learn 1.2's
 * MLPClassifier: step 1e-3, batches of 200, L2 1e-4, at most 200 epochs, the end after
 * 10 without a gain of 1e-4.
 *
 * B rows of a batch, D columns, H hidden, K classes.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "method.h"
#include "nn/gemm.h"
#include "nn/init.h"
#include "nn/layers.h"

#define HIDDEN 100
#define BATCH 200
#define EPOCHS 200
#define PATIENCE 10
#define GAIN_MIN 1e-4
#define L2 1e-4
#define STEP 1e-3
#define BETA1 .9
#define BETA2 .999
#define ADAM_EPS 1e-8
#define LOG_MIN 1e-10

/* Views into one block of reals. */
struct weights {
	real *w1, *b1; /* (H, D), (H) */
	real *w2, *b2; /* (K, H), (K) */
};

struct mlp {
	int d, k;
	size_t params;
	real *block;          /* 4 params: weights, gradients, Adam's two moments */
	struct weights w, dw; /* in block */
	real *m, *v;          /* in block */
	long steps;
	real *x, *h, *p, *dh; /* (B, D), (B, H), (B, K), (B, H): one batch */
	struct pool *pool;
};

static struct weights
views(real *at, int d, int k)
{
	struct weights w;

	w.w1 = at;
	w.b1 = w.w1 + HIDDEN * (size_t)d;
	w.w2 = w.b1 + HIDDEN;
	w.b2 = w.w2 + HIDDEN * (size_t)k;
	return w;
}

/* Glorot's bounds for weights and biases alike. */
static void
init_layer(real *w, real *b, int out, int in, struct rng *r)
{
	double bound = sqrt(6. / (in + out));

	init_xavier_uniform(w, out, in, r);
	for (int i = 0; i < out; i++)
		b[i] = (real)(bound * (2 * rng_uniform(r) - 1));
}

static void
mlp_init(struct mlp *a, int d, int k, struct pool *pool, struct rng *r)
{
	size_t width = size_add((size_t)d, (size_t)k);

	*a = (struct mlp){.d = d, .k = k, .pool = pool};
	a->params = size_add(size_mul(HIDDEN, width + 1), (size_t)k);
	a->block = xcalloc(size_mul(a->params, 4), sizeof *a->block);
	a->w = views(a->block, d, k);
	a->dw = views(a->block + a->params, d, k);
	a->m = a->block + 2 * a->params;
	a->v = a->block + 3 * a->params;
	a->x = xmalloc(size_mul(BATCH * sizeof *a->x, (size_t)d));
	a->h = xmalloc(BATCH * HIDDEN * sizeof *a->h);
	a->p = xmalloc(size_mul(BATCH * sizeof *a->p, (size_t)k));
	a->dh = xmalloc(BATCH * HIDDEN * sizeof *a->dh);
	init_layer(a->w.w1, a->w.b1, HIDDEN, d, r);
	init_layer(a->w.w2, a->w.b2, k, HIDDEN, r);
	gemm_start();
}

static void
mlp_free(struct mlp *a)
{
	free(a->block);
	free(a->x);
	free(a->h);
	free(a->p);
	free(a->dh);
}

/* p from the B rows in x. */
static void
forward(struct mlp *a, int B)
{
	affine_forward(a->pool, a->h, a->x, a->d, a->w.w1, a->w.b1, B, a->d, HIDDEN);
	relu_forward(a->h, a->h, (long)B * HIDDEN);
	affine_forward(a->pool, a->p, a->h, HIDDEN, a->w.w2, a->w.b2, B, HIDDEN, a->k);
	softmax_forward(a->p, a->p, B, a->k, a->k);
}

/* Gradient of L2 / (2 B) times the squares of w; returns the term itself. */
static double
decay(real *dw, const real *w, size_t n, int B)
{
	double squares = 0;

	for (size_t i = 0; i < n; i++) {
		squares += (double)w[i] * (double)w[i];
		dw[i] += (real)(L2 / B) * w[i];
	}
	return L2 / 2 * squares / B;
}

/* Gradients of the mean loss of the batch, whose classes are y; returns the loss. */
static double
backward(struct mlp *a, const uint32_t *y, int B)
{
	double loss = 0;

	memset(a->dw.w1, 0, a->params * sizeof *a->dw.w1);
	for (int i = 0; i < B; i++) {
		real *p = a->p + (size_t)i * (size_t)a->k;

		loss -= log(fmax((double)p[y[i]], LOG_MIN));
		p[y[i]] -= 1;
		for (int c = 0; c < a->k; c++)
			p[c] /= (real)B;
	}
	affine_backward(a->pool, a->dh, a->dw.w2, a->dw.b2, a->p, a->h, HIDDEN, a->w.w2,
	    B, HIDDEN, a->k);
	relu_backward(a->dh, a->dh, a->h, (long)B * HIDDEN);
	affine_backward(a->pool, NULL, a->dw.w1, a->dw.b1, a->dh, a->x, a->d, a->w.w1,
	    B, a->d, HIDDEN);
	return loss / B + decay(a->dw.w1, a->w.w1, HIDDEN * (size_t)a->d, B) +
	    decay(a->dw.w2, a->w.w2, HIDDEN * (size_t)a->k, B);
}

/* Source: Kingma and Ba, "Adam", ICLR 2015, the form at the end of section 2. */
static void
adam(struct mlp *a)
{
	double t = (double)++a->steps;
	double step = STEP * sqrt(1 - pow(BETA2, t)) / (1 - pow(BETA1, t));
	const real *g = a->dw.w1;

	for (size_t i = 0; i < a->params; i++) {
		a->m[i] += (real)(1 - BETA1) * (g[i] - a->m[i]);
		a->v[i] += (real)(1 - BETA2) * (g[i] * g[i] - a->v[i]);
		a->block[i] -=
		    (real)step * a->m[i] / (r_sqrt(a->v[i]) + (real)ADAM_EPS);
	}
}

/* Copy B rows of standardised columns into x. */
static void
load(struct mlp *a, const float *x, const uint32_t *row, size_t first, int B)
{
	size_t d = (size_t)a->d;

	for (size_t i = 0; i < (size_t)B; i++)
		for (size_t j = 0; j < d; j++) {
			size_t from = row != NULL ? row[first + i] : first + i;

			a->x[i * d + j] = (real)x[from * d + j];
		}
}

static int
batch_at(size_t first, size_t n)
{
	return n - first < BATCH ? (int)(n - first) : BATCH;
}

/* One pass over all rows in a new order; returns the mean loss. */
static double
epoch(struct mlp *a, const float *x, const uint32_t *y, uint32_t *row, size_t n,
    struct rng *r)
{
	double loss = 0;

	rng_shuffle(r, row, n);
	for (size_t first = 0; first < n; first += BATCH) {
		int B = batch_at(first, n);
		uint32_t class[BATCH];

		load(a, x, row, first, B);
		for (int i = 0; i < B; i++)
			class[i] = y[row[first + (size_t)i]];
		forward(a, B);
		loss += backward(a, class, B) * B;
		adam(a);
	}
	return loss / (double)n;
}

static int
fit(struct mlp *a, const float *x, const struct samples *s, struct rng *r,
    struct ns_err *e)
{
	uint32_t *row = xmalloc(size_mul(s->n, sizeof *row));
	double best = DBL_MAX, loss = 0;
	int idle = 0;

	for (size_t i = 0; i < s->n; i++)
		row[i] = (uint32_t)i;
	for (int k = 0; k < EPOCHS && idle <= PATIENCE && isfinite(loss); k++) {
		loss = epoch(a, x, s->y, row, s->n, r);
		idle = loss > best - GAIN_MIN ? idle + 1 : 0;
		best = fmin(best, loss);
	}
	free(row);
	if (!isfinite(loss))
		return ns_fail(e, NS_ENUMERIC, "the perceptron's training diverged");
	return NS_OK;
}

static void
predict(double *proba, struct mlp *a, const float *x, size_t n)
{
	size_t k = (size_t)a->k;

	for (size_t first = 0; first < n; first += BATCH) {
		int B = batch_at(first, n);

		load(a, x, NULL, first, B);
		forward(a, B);
		for (size_t i = 0; i < (size_t)B * k; i++)
			proba[first * k + i] = (double)a->p[i];
	}
}

int
method_mlp(double *proba, const struct lesson *l, struct ns_err *e)
{
	const struct samples *s = l->train, *test = l->test;
	size_t n = s->n > test->n ? s->n : test->n;
	float *x = xmalloc(size_mul(size_mul(n, (size_t)s->d), sizeof *x));
	struct standard st;
	struct mlp a;
	struct rng r;
	int rc;

	rng_init(&r, l->seed, STREAM_MLP);
	mlp_init(&a, s->d, s->classes, l->pool, &r);
	standard_fit(&st, s->x, s->n, s->d);
	standard_apply(&st, x, s->x, s->n);
	rc = fit(&a, x, s, &r, e);
	if (rc == NS_OK) {
		standard_apply(&st, x, test->x, test->n);
		predict(proba, &a, x, test->n);
	}
	standard_free(&st);
	mlp_free(&a);
	free(x);
	return rc;
}
