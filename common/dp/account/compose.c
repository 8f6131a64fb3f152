/* Many steps to one sum, by way of their transforms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vector.h"
#include "dp/account/fft.h"
#include "dp/account/sum.h"

enum { SOME = 64 }; /* frequencies at a time */

/* z^steps by squaring, of SOME numbers. */
VECTOR_CLONES static void
power(double *restrict re, double *restrict im, uint64_t steps)
{
	double x[SOME], y[SOME], t;
	int i;

	for (i = 0; i < SOME; i++) {
		x[i] = 1;
		y[i] = 0;
	}
	for (; steps > 0; steps /= 2) {
		if (steps & 1)
			for (i = 0; i < SOME; i++) {
				t = x[i] * re[i] - y[i] * im[i];
				y[i] = x[i] * im[i] + y[i] * re[i];
				x[i] = t;
			}
		for (i = 0; i < SOME; i++) {
			t = re[i] * re[i] - im[i] * im[i];
			im[i] = 2 * re[i] * im[i];
			re[i] = t;
		}
	}
	for (i = 0; i < SOME; i++) {
		re[i] = x[i];
		im[i] = y[i];
	}
}

/* all *= x^steps for n frequencies, SOME at most, of a real and an imaginary part. */
static void
multiply_some(double *all, const double *x, size_t n, uint64_t steps)
{
	double re[SOME] = {0}, im[SOME] = {0}, t;
	size_t k;

	for (k = 0; k < n; k++) {
		re[k] = x[2 * k];
		im[k] = x[2 * k + 1];
	}
	power(re, im, steps);
	for (k = 0; k < n; k++) {
		t = all[2 * k] * re[k] - all[2 * k + 1] * im[k];
		all[2 * k + 1] = all[2 * k] * im[k] + all[2 * k + 1] * re[k];
		all[2 * k] = t;
	}
}

/* all *= x^steps, frequency by frequency, as fft.h packs them: the first two are real.
 */
static void
multiply(double *all, const double *x, size_t n, uint64_t steps)
{
	double re[SOME] = {x[0], x[1]}, im[SOME] = {0};
	size_t k, some;

	power(re, im, steps);
	all[0] *= re[0];
	all[1] *= re[1];
	for (k = 2; k < n; k += 2 * some) {
		some = (n - k) / 2 < SOME ? (n - k) / 2 : SOME;
		multiply_some(all + k, x + k, some, steps);
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
