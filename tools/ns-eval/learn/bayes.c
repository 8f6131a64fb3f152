/*
 * bayes.c: Gaussian naive Bayes: in each class every column is normal and independent
 * of the others.  To each variance 1e-9 of the greatest one of all columns is added, as
 * scikit-learn 1.2's GaussianNB does.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "method.h"

#define SMOOTHING 1e-9
#define TWO_PI 6.28318530717958647693

/* mean and var are (classes, d); base (classes) is the logarithm of the prior and of
 * what does not depend on x in the density. */
struct bayes {
	int classes, d;
	double *mean, *var, *base;
};

static void
bayes_alloc(struct bayes *b, int classes, int d)
{
	size_t cells = size_mul((size_t)classes, (size_t)d);

	b->classes = classes;
	b->d = d;
	b->mean = xcalloc(cells, sizeof *b->mean);
	b->var = xcalloc(cells, sizeof *b->var);
	b->base = xcalloc((size_t)classes, sizeof *b->base);
}

static void
bayes_free(struct bayes *b)
{
	free(b->mean);
	free(b->var);
	free(b->base);
}

/* What is added to each variance; 1 where all columns are constant. */
static double
floor_of(const struct samples *s)
{
	struct standard all;
	double top = 0;

	standard_fit(&all, s->x, s->n, s->d);
	for (int j = 0; j < s->d; j++) {
		double v = all.deviation[j] * all.deviation[j];
		const float *x = s->x + j;
		size_t i = 1;

		/* the deviation of a constant column says nothing */
		while (i < s->n && x[i * (size_t)s->d] == x[0])
			i++;
		top = i < s->n ? fmax(top, v) : top;
	}
	standard_free(&all);
	return top > 0 ? SMOOTHING * top : 1;
}

static void
bayes_fit(struct bayes *b, const struct samples *s)
{
	size_t d = (size_t)s->d;
	double *count = xcalloc((size_t)s->classes, sizeof *count);
	double least = floor_of(s);

	for (size_t i = 0; i < s->n; i++) {
		count[s->y[i]]++;
		for (size_t j = 0; j < d; j++)
			b->mean[s->y[i] * d + j] += (double)s->x[i * d + j];
	}
	for (size_t k = 0; k < (size_t)s->classes * d; k++)
		b->mean[k] /= count[k / d];
	for (size_t i = 0; i < s->n; i++)
		for (size_t j = 0; j < d; j++) {
			size_t k = s->y[i] * d + j;
			double v = (double)s->x[i * d + j] - b->mean[k];

			b->var[k] += v * v;
		}
	for (size_t k = 0; k < (size_t)s->classes * d; k++)
		b->var[k] = b->var[k] / count[k / d] + least;
	for (int c = 0; c < s->classes; c++)
		b->base[c] = log(count[c] / (double)s->n);
	for (size_t k = 0; k < (size_t)s->classes * d; k++)
		b->base[k / d] -= log(TWO_PI * b->var[k]) / 2;
	free(count);
}

/* The logarithm of prior times density of class c at x. */
static double
log_joint(const struct bayes *b, const float *x, int c)
{
	const double *mean = b->mean + (size_t)c * (size_t)b->d;
	const double *var = b->var + (size_t)c * (size_t)b->d;
	double s = 0;

	for (int j = 0; j < b->d; j++) {
		double v = (double)x[j] - mean[j];

		s += v * v / var[j];
	}
	return b->base[c] - s / 2;
}

int
method_bayes(double *proba, const struct lesson *l, struct ns_err *e)
{
	const struct samples *test = l->test;
	int k = l->train->classes;
	struct bayes b;

	(void)e;
	bayes_alloc(&b, k, test->d);
	bayes_fit(&b, l->train);
	for (size_t i = 0; i < test->n; i++)
		for (int c = 0; c < k; c++)
			proba[i * (size_t)k + (size_t)c] =
			    log_joint(&b, test->x + i * (size_t)test->d, c);
	softmax_rows(proba, test->n, k);
	bayes_free(&b);
	return NS_OK;
}
