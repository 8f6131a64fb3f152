#include <assert.h>

#include "nn/layers.h"
#include "nn/split.h"
#include "nn/vexp.h"

static const real eps = (real)1e-5;

/* Mean and summed squared deviation of w (at most BLOCK) columns, in two passes. */
static void
column_moments(real *mean, real *dev, const real *x, int B, int n, int w)
{
	real v[BLOCK];
	int i, j;

	for (j = 0; j < BLOCK; j++)
		mean[j] = dev[j] = 0;
	for (i = 0; i < B; i++) {
		block_load(v, x + (long)i * n, w);
		for (j = 0; j < BLOCK; j++)
			mean[j] += v[j];
	}
	for (j = 0; j < BLOCK; j++)
		mean[j] /= (real)B;
	for (i = 0; i < B; i++) {
		block_load(v, x + (long)i * n, w);
		for (j = 0; j < BLOCK; j++)
			dev[j] += (v[j] - mean[j]) * (v[j] - mean[j]);
	}
}

/* y = gamma xhat + beta, xhat = (x - mean) scale, over w columns. */
static void
normalise(real *y, real *xhat, const real *x, const real *mean, const real *scale,
    const real *gamma, const real *beta, int B, int n, int w)
{
	real v[BLOCK], g[BLOCK], b[BLOCK];
	int i, j;

	block_load(g, gamma, w);
	block_load(b, beta, w);
	for (i = 0; i < B; i++) {
		block_load(v, x + (long)i * n, w);
		for (j = 0; j < BLOCK; j++)
			v[j] = (v[j] - mean[j]) * scale[j];
		if (xhat != NULL)
			block_store(xhat + (long)i * n, v, w);
		for (j = 0; j < BLOCK; j++)
			v[j] = v[j] * g[j] + b[j];
		block_store(y + (long)i * n, v, w);
	}
}

void
batchnorm_train(real *y, real *xhat, real *inv_std, real *run_mean, real *run_var,
    const real *x, const real *gamma, const real *beta, int B, int n, real decay)
{
	real mean[BLOCK], dev[BLOCK], scale[BLOCK];
	real unbiased = B > 1 ? (real)(B - 1) : 1;
	int c, j, w;

	assert(B > 0);
	for (c = 0; c < n; c += BLOCK) {
		w = split_len(n, BLOCK, c);
		column_moments(mean, dev, x + c, B, n, w);
		for (j = 0; j < BLOCK; j++)
			scale[j] = 1 / r_sqrt(dev[j] / (real)B + eps);
		block_store(inv_std + c, scale, w);
		normalise(y + c, xhat + c, x + c, mean, scale, gamma + c, beta + c, B,
		    n, w);
		for (j = 0; run_mean != NULL && j < w; j++) {
			run_mean[c + j] =
			    decay * run_mean[c + j] + (1 - decay) * mean[j];
			run_var[c + j] =
			    decay * run_var[c + j] + (1 - decay) * dev[j] / unbiased;
		}
	}
}

void
batchnorm_eval(real *y, const real *x, const real *gamma, const real *beta,
    const real *run_mean, const real *run_var, int B, int n)
{
	real mean[BLOCK], var[BLOCK];
	int c, j, w;

	for (c = 0; c < n; c += BLOCK) {
		w = split_len(n, BLOCK, c);
		block_load(mean, run_mean + c, w);
		block_load(var, run_var + c, w);
		for (j = 0; j < BLOCK; j++)
			var[j] = 1 / r_sqrt(var[j] + eps);
		normalise(y + c, NULL, x + c, mean, var, gamma + c, beta + c, B, n, w);
	}
}

/* Sums over rows of dy and dy xhat, for w columns. */
static void
gradient_sums(real *sum, real *sum_x, const real *dy, const real *xhat, int B, int n,
    int w)
{
	real d[BLOCK], v[BLOCK];
	int i, j;

	for (j = 0; j < BLOCK; j++)
		sum[j] = sum_x[j] = 0;
	for (i = 0; i < B; i++) {
		block_load(d, dy + (long)i * n, w);
		block_load(v, xhat + (long)i * n, w);
		for (j = 0; j < BLOCK; j++) {
			sum[j] += d[j];
			sum_x[j] += d[j] * v[j];
		}
	}
}

/* dx = gamma inv_std (dy - (sum + xhat sum_x) / B), for w columns. */
static void
input_gradient(real *dx, const real *dy, const real *xhat, const real *sum,
    const real *sum_x, const real *scale, int B, int n, int w)
{
	real d[BLOCK], v[BLOCK], part = 1 / (real)B;
	int i, j;

	for (i = 0; i < B; i++) {
		block_load(d, dy + (long)i * n, w);
		block_load(v, xhat + (long)i * n, w);
		for (j = 0; j < BLOCK; j++)
			d[j] = scale[j] * (d[j] - part * (sum[j] + v[j] * sum_x[j]));
		block_store(dx + (long)i * n, d, w);
	}
}

void
batchnorm_backward(real *dx, real *dgamma, real *dbeta, const real *dy,
    const real *xhat, const real *inv_std, const real *gamma, int B, int n)
{
	real sum[BLOCK], sum_x[BLOCK], scale[BLOCK], g[BLOCK];
	int c, j, w;

	for (c = 0; c < n; c += BLOCK) {
		w = split_len(n, BLOCK, c);
		gradient_sums(sum, sum_x, dy + c, xhat + c, B, n, w);
		block_load(scale, inv_std + c, w);
		block_load(g, gamma + c, w);
		for (j = 0; j < BLOCK; j++)
			scale[j] *= g[j];
		for (j = 0; j < w; j++) {
			dbeta[c + j] += sum[j];
			dgamma[c + j] += sum_x[j];
		}
		input_gradient(dx + c, dy + c, xhat + c, sum, sum_x, scale, B, n, w);
	}
}
