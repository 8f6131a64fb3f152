/* Many steps to one sum, by way of their transforms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dp/fft.h"
#include "dp/sum.h"

/* z^steps by squaring. */
static void
power(double *re, double *im, uint64_t steps)
{
	double a = *re, b = *im, x = 1, y = 0, t;

	for (; steps > 0; steps /= 2) {
		if (steps & 1) {
			t = x * a - y * b;
			y = x * b + y * a;
			x = t;
		}
		t = a * a - b * b;
		b = 2 * a * b;
		a = t;
	}
	*re = x;
	*im = y;
}

/* all *= x^steps, frequency by frequency, as fft.h packs them. */
static void
multiply(double *all, double *x, size_t n, uint64_t steps)
{
	double none = 0, t;
	size_t k;

	for (k = 0; k < 2; k++) {
		power(&x[k], &none, steps);
		all[k] *= x[k];
	}
	for (k = 2; k < n; k += 2) {
		power(&x[k], &x[k + 1], steps);
		t = all[k] * x[k] - all[k + 1] * x[k + 1];
		all[k + 1] = all[k] * x[k + 1] + all[k + 1] * x[k];
		all[k] = t;
	}
}

/* One step, tilted, to a circle of n. */
static void
put_tilted(const struct sum *t, const struct part *p, double *x, size_t n)
{
	double exponent, m;
	int64_t at;
	size_t k;

	memset(x, 0, n * sizeof *x);
	for (k = 0; k < p->step.n; k++) {
		m = p->step.p[k];
		at = p->first + (int64_t)k;
		exponent = t->lambda * (double)at * t->h - p->log_moment;
		if (m > 0)
			x[sum_place(at, n)] += exponent < EXP_MAX
			    ? m * exp(exponent)
			    : exp(log(m) + exponent);
	}
}

double *
sum_compose(struct sum *t, size_t n)
{
	struct fft *f = fft_new(n);
	double *all = xmalloc(size_mul(n, sizeof *all));
	double *x = xmalloc(size_mul(n, sizeof *x));
	struct part *p;
	size_t i, k;

	t->log_moment = 0;

	for (k = 0; k < n; k++)
		all[k] = k < 2 || k % 2 == 0; /* 1 at each frequency */
	for (i = 0; i < t->n; i++) {
		p = &t->v[i];
		p->log_moment = pld_log_moment(&p->step, t->h, t->lambda);
		t->log_moment += (double)p->steps * p->log_moment;
		put_tilted(t, p, x, n);
		fft_forward(f, x);
		multiply(all, x, n, p->steps);
	}
	fft_backward(f, all);
	free(x);
	fft_free(f);
	return all;
}
