#include <assert.h>
#include <stddef.h>

#include "nn/layers.h"
#include "nn/split.h"

static const real eps = (real)1e-5;

/* Columns are taken WIDTH at a time: what is known of them stays in the nearest cache.
 */
enum { WIDTH = 64 };

/* Mean and summed squared deviation of w columns, in two passes. */
VECTOR_CLONES static void
column_moments(real *mean, real *dev, const real *x, int B, int ld, int w)
{
	const real *v;
	real d;
	int i, j;

	for (j = 0; j < w; j++)
		mean[j] = dev[j] = 0;
	for (i = 0, v = x; i < B; i++, v += ld)
		for (j = 0; j < w; j++)
			mean[j] += v[j];
	for (j = 0; j < w; j++)
		mean[j] /= (real)B;
	for (i = 0, v = x; i < B; i++, v += ld)
		for (j = 0; j < w; j++) {
			d = v[j] - mean[j];
			dev[j] += d * d;
		}
}

/* y = gamma xhat + beta, xhat = (x - mean) scale, over w columns. */
VECTOR_CLONES static void
normalise(real *y, real *xhat, const real *x, const real *mean, const real *scale,
    const real *gamma, const real *beta, int B, int ld, int w)
{
	int i, j;

	for (i = 0; i < B; i++, x += ld, y += ld, xhat += ld)
		VECTOR_LOOP
	for (j = 0; j < w; j++) {
		xhat[j] = (x[j] - mean[j]) * scale[j];
		y[j] = xhat[j] * gamma[j] + beta[j];
	}
}

void
batchnorm_train(real *y, real *xhat, real *inv_std, real *run_mean, real *run_var,
    const real *x, const real *gamma, const real *beta, int B, int ld, int n,
    real decay)
{
	real mean[WIDTH], dev[WIDTH];
	real unbiased = B > 1 ? (real)(B - 1) : 1;
	int c, j, w;

	assert(B > 0);
	for (c = 0; c < n; c += WIDTH) {
		w = split_len(n, WIDTH, c);
		column_moments(mean, dev, x + c, B, ld, w);
		for (j = 0; j < w; j++)
			inv_std[c + j] = 1 / r_sqrt(dev[j] / (real)B + eps);
		normalise(y + c, xhat + c, x + c, mean, inv_std + c, gamma + c,
		    beta + c, B, ld, w);
		for (j = 0; run_mean != NULL && j < w; j++) {
			run_mean[c + j] =
			    decay * run_mean[c + j] + (1 - decay) * mean[j];
			run_var[c + j] =
			    decay * run_var[c + j] + (1 - decay) * dev[j] / unbiased;
		}
	}
}

/* y = x a + b, over w columns. */
VECTOR_CLONES static void
rescale(real *y, const real *x, const real *a, const real *b, int B, int ld, int w)
{
	int i, j;

	for (i = 0; i < B; i++, x += ld, y += ld)
		VECTOR_LOOP
	for (j = 0; j < w; j++)
		y[j] = x[j] * a[j] + b[j];
}

void
batchnorm_eval(real *y, const real *x, const real *gamma, const real *beta,
    const real *run_mean, const real *run_var, int B, int ld, int n)
{
	real a[WIDTH], b[WIDTH];
	int c, j, w;

	for (c = 0; c < n; c += WIDTH) {
		w = split_len(n, WIDTH, c);
		for (j = 0; j < w; j++) {
			a[j] = gamma[c + j] / r_sqrt(run_var[c + j] + eps);
			b[j] = beta[c + j] - run_mean[c + j] * a[j];
		}
		rescale(y + c, x + c, a, b, B, ld, w);
	}
}

/* Sums over rows of dy and dy xhat, for w columns. */
VECTOR_CLONES static void
gradient_sums(real *sum, real *sum_x, const real *dy, const real *xhat, int B, int ld,
    int w)
{
	int i, j;

	for (j = 0; j < w; j++)
		sum[j] = sum_x[j] = 0;
	for (i = 0; i < B; i++, dy += ld, xhat += ld)
		for (j = 0; j < w; j++) {
			sum[j] += dy[j];
			sum_x[j] += dy[j] * xhat[j];
		}
}

/* dx = gamma inv_std (dy - (sum + xhat sum_x) / B), for w columns. */
VECTOR_CLONES static void
input_gradient(real *dx, const real *dy, const real *xhat, const real *sum,
    const real *sum_x, const real *scale, int B, int ld, int w)
{
	real part = 1 / (real)B;
	int i, j;

	for (i = 0; i < B; i++, dx += ld, dy += ld, xhat += ld)
		VECTOR_LOOP
	for (j = 0; j < w; j++)
		dx[j] = scale[j] * (dy[j] - part * (sum[j] + xhat[j] * sum_x[j]));
}

void
batchnorm_backward(real *dx, real *dgamma, real *dbeta, const real *dy,
    const real *xhat, const real *inv_std, const real *gamma, int B, int ld, int n)
{
	real sum[WIDTH], sum_x[WIDTH], scale[WIDTH];
	int c, j, w;

	for (c = 0; c < n; c += WIDTH) {
		w = split_len(n, WIDTH, c);
		gradient_sums(sum, sum_x, dy + c, xhat + c, B, ld, w);
		for (j = 0; j < w; j++) {
			scale[j] = inv_std[c + j] * gamma[c + j];
			dbeta[c + j] += sum[j];
			dgamma[c + j] += sum_x[j];
		}
		input_gradient(dx + c, dy + c, xhat + c, sum, sum_x, scale, B, ld, w);
	}
}
