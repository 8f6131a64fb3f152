#include "samples.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
samples_alloc(struct samples *s, size_t n, int d, int classes)
{
	assert(d >= 1 && classes >= 1);
	s->n = n;
	s->d = d;
	s->classes = classes;
	s->x = xcalloc(size_mul(n, (size_t)d), sizeof *s->x);
	s->y = xcalloc(n, sizeof *s->y);
}

void
samples_free(struct samples *s)
{
	free(s->x);
	free(s->y);
	s->x = NULL;
	s->y = NULL;
}

void
samples_pick(struct samples *to, const struct samples *from, const uint32_t *row,
    size_t n)
{
	size_t d = (size_t)from->d;

	samples_alloc(to, n, from->d, from->classes);
	for (size_t i = 0; i < n; i++) {
		memcpy(to->x + i * d, from->x + row[i] * d, d * sizeof *to->x);
		to->y[i] = from->y[row[i]];
	}
}

/* Mean and deviation of one column of n rows. */
static void
fit_column(double *mean, double *deviation, const float *x, size_t n, size_t stride)
{
	double sum = 0, squares = 0;
	bool constant = true;

	for (size_t i = 0; i < n; i++) {
		sum += (double)x[i * stride];
		constant = constant && x[i * stride] == x[0];
	}
	*mean = constant ? (double)x[0] : sum / (double)n;
	for (size_t i = 0; i < n; i++) {
		double v = (double)x[i * stride] - *mean;

		squares += v * v;
	}
	*deviation = constant ? 1 : sqrt(squares / (double)n);
}

void
standard_fit(struct standard *s, const float *x, size_t n, int d)
{
	assert(n >= 1);
	s->d = d;
	s->mean = xmalloc(size_mul((size_t)d, sizeof *s->mean));
	s->deviation = xmalloc(size_mul((size_t)d, sizeof *s->deviation));
	for (int j = 0; j < d; j++)
		fit_column(&s->mean[j], &s->deviation[j], x + j, n, (size_t)d);
}

void
standard_free(struct standard *s)
{
	free(s->mean);
	free(s->deviation);
	s->mean = NULL;
	s->deviation = NULL;
}

void
standard_apply(const struct standard *s, float *out, const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (int j = 0; j < s->d; j++) {
			size_t at = i * (size_t)s->d + (size_t)j;
			double v = (double)x[at] - s->mean[j];

			out[at] = (float)(v / s->deviation[j]);
		}
}
