#include "oneclass.h"

#ifdef HAVE_LIBSVM

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include <libsvm/svm.h>

#include "base/mem.h"

#define CACHE_MB 200
#define TOLERANCE 1e-3
#define NU .5

/* One row as libsvm wants it: (d + 1) nodes, those that are 0 left out. */
static void
make_row(struct svm_node *node, const float *x, int d)
{
	for (int j = 0; j < d; j++) {
		assert(isfinite(x[j]));
		if (x[j] != 0)
			*node++ = (struct svm_node){j + 1, (double)x[j]};
	}
	node->index = -1;
}

static double
gamma_of(const float *x, size_t n, int d)
{
	size_t cells = n * (size_t)d;
	double mean = 0, var = 0;

	for (size_t i = 0; i < cells; i++)
		mean += (double)x[i] / (double)cells;
	for (size_t i = 0; i < cells; i++)
		var += ((double)x[i] - mean) * ((double)x[i] - mean) / (double)cells;
	return var > 0 ? 1 / (d * var) : 1;
}

static void
silence(const char *text)
{
	(void)text;
}

/* The share of x's rows that the model puts outside. */
static double
ask(const struct svm_model *model, const float *x, size_t m, int d)
{
	struct svm_node *row = xmalloc(size_mul((size_t)d + 1, sizeof *row));
	size_t out = 0;

	for (size_t i = 0; i < m; i++) {
		make_row(row, x + i * (size_t)d, d);
		out += svm_predict(model, row) < 0;
	}
	free(row);
	return (double)out / (double)m;
}

static int
learn(const struct svm_problem *p, double gamma, const float *x, size_t m, int d,
    double *share, struct ns_err *e)
{
	struct svm_parameter how = {.svm_type = ONE_CLASS,
	    .kernel_type = RBF,
	    .gamma = gamma,
	    .cache_size = CACHE_MB,
	    .eps = TOLERANCE,
	    .nu = NU,
	    .shrinking = 1};
	struct svm_model *model;
	const char *why;

	svm_set_print_string_function(silence);
	why = svm_check_parameter(p, &how);
	if (why != NULL)
		return ns_fail(e, NS_EINTERNAL, "libsvm: %s", why);
	model = svm_train(p, &how);
	*share = ask(model, x, m, d);
	svm_free_and_destroy_model(&model);
	return NS_OK;
}

int
oneclass_share(const float *train, size_t n, const float *x, size_t m, int d,
    double *share, struct ns_err *e)
{
	size_t width = (size_t)d + 1;
	struct svm_problem p = {.l = (int)n};
	struct svm_node *node;
	int rc;

	assert(n >= 1 && m >= 1 && d >= 1);
	if (n > INT_MAX)
		return ns_fail(e, NS_EINTERNAL, "libsvm: %zu rows", n);
	node = xmalloc(size_mul(size_mul(n, width), sizeof *node));
	p.x = xmalloc(size_mul(n, sizeof *p.x));
	p.y = xcalloc(n, sizeof *p.y);
	for (size_t i = 0; i < n; i++) {
		p.x[i] = node + i * width;
		make_row(p.x[i], train + i * (size_t)d, d);
	}
	rc = learn(&p, gamma_of(train, n, d), x, m, d, share, e);
	free(p.y);
	free(p.x);
	free(node);
	return rc;
}

const char *
oneclass_missing(void)
{
	return NULL;
}

#else

int
oneclass_share(const float *train, size_t n, const float *x, size_t m, int d,
    double *share, struct ns_err *e)
{
	(void)train;
	(void)n;
	(void)x;
	(void)m;
	(void)d;
	(void)share;
	return ns_fail(e, NS_EUSAGE,
	    "anomaly detection needs %s, which this build lacks", oneclass_missing());
}

const char *
oneclass_missing(void)
{
	return "libsvm";
}

#endif
