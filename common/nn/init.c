#include "nn/init.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

void
init_constant(real *w, long n, real v)
{
	long i;

	for (i = 0; i < n; i++)
		w[i] = v;
}

static void
fill_uniform(real *w, long n, double bound, struct rng *r)
{
	long i;

	for (i = 0; i < n; i++)
		w[i] = (real)(bound * (2 * rng_uniform(r) - 1));
}

void
init_xavier_uniform(real *w, int out, int in, struct rng *r)
{
	assert(out > 0 && in > 0);
	fill_uniform(w, (long)out * in, sqrt(6.0 / ((double)in + out)), r);
}

void
init_linear_default(real *w, real *b, int out, int in, struct rng *r)
{
	double bound = 1 / sqrt((double)in);

	assert(out > 0 && in > 0);
	fill_uniform(w, (long)out * in, bound, r);
	fill_uniform(b, out, bound, r);
}

static double
dot(const double *a, const double *b, int n)
{
	double s = 0;
	int i;

	for (i = 0; i < n; i++)
		s += a[i] * b[i];
	return s;
}

/* Take out of v[n] what lies along v[0 .. n-1]; twice, since once loses digits. */
static void
project_out(double *v, int n, int len)
{
	double *u = v + (size_t)n * (size_t)len, *w, s;
	int pass, i, j;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < n; i++) {
			w = v + (size_t)i * (size_t)len;
			s = dot(u, w, len);
			for (j = 0; j < len; j++)
				u[j] -= s * w[j];
		}
	}
}

/* Draw v[n] until something of it is left beside the vectors before it. */
static void
draw_direction(double *v, int n, int len, struct rng *r)
{
	double *u = v + (size_t)n * (size_t)len, norm;
	int j;

	do {
		for (j = 0; j < len; j++)
			u[j] = rng_normal(r);
		project_out(v, n, len);
		norm = sqrt(dot(u, u, len));
	} while (norm < 1e-6);
	for (j = 0; j < len; j++)
		u[j] /= norm;
}

void
init_orthogonal(real *w, int rows, int cols, struct rng *r)
{
	int count = rows < cols ? rows : cols, len = rows < cols ? cols : rows, i, j;
	double *v;

	assert(rows > 0 && cols > 0);
	v = xmalloc(size_mul(size_mul((size_t)count, (size_t)len), sizeof *v));
	for (i = 0; i < count; i++) {
		draw_direction(v, i, len, r);
		for (j = 0; j < len; j++)
			w[rows < cols ? (long)i * cols + j : (long)j * cols + i] =
			    (real)v[(size_t)i * (size_t)len + (size_t)j];
	}
	free(v);
}
