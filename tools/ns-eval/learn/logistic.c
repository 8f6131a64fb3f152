/*
 * logistic.c: logistic regression by liblinear, each class against the rest: L2, C = 1,
 * a bias that is penalised like the weights, as scikit-learn 1.2's
 * LogisticRegression(solver="liblinear"), on standardised columns.
 */
#include <limits.h>
#include <stdlib.h>

#include "base/mem.h"
#include "method.h"

#ifdef HAVE_LIBLINEAR

#include <linear.h>

#define BIAS 1
#define TOLERANCE 1e-4

/* Rows as liblinear wants them: (n, d + 2) nodes, the bias and an end mark behind the
 * columns. */
static struct feature_node *
make_nodes(const struct standard *st, const struct samples *s)
{
	size_t d = (size_t)s->d, width = d + 2;
	float *x = xmalloc(size_mul(size_mul(s->n, d), sizeof *x));
	struct feature_node *node = xmalloc(size_mul(s->n, width * sizeof *node));

	standard_apply(st, x, s->x, s->n);
	for (size_t i = 0; i < s->n; i++) {
		struct feature_node *v = node + i * width;

		for (size_t j = 0; j < d; j++)
			v[j] = (struct feature_node){(int)j + 1, (double)x[i * d + j]};
		v[d] = (struct feature_node){s->d + 1, BIAS};
		v[d + 1].index = -1;
	}
	free(x);
	return node;
}

static void
silence(const char *text)
{
	(void)text;
}

/* NULL where liblinear refuses. */
static struct model *
fit(const struct samples *s, struct feature_node *node, struct ns_err *e)
{
	struct parameter how = {.solver_type = L2R_LR, .eps = TOLERANCE, .C = 1};
	struct problem p = {(int)s->n, s->d + 1, NULL, NULL, BIAS};
	struct model *m = NULL;
	const char *why;

	p.y = xmalloc(size_mul(s->n, sizeof *p.y));
	p.x = xmalloc(size_mul(s->n, sizeof *p.x));
	for (size_t i = 0; i < s->n; i++) {
		p.y[i] = s->y[i];
		p.x[i] = node + i * ((size_t)s->d + 2);
	}
	set_print_string_function(silence);
	why = check_parameter(&p, &how);
	if (why == NULL)
		m = train(&p, &how);
	else
		ns_fail(e, NS_EINTERNAL, "liblinear: %s", why);
	free(p.x);
	free(p.y);
	return m;
}

/* liblinear numbers the classes in an order of its own. */
static void
predict_all(double *proba, const struct model *m, const struct feature_node *node,
    size_t n, int d, int classes)
{
	double *p = xmalloc(size_mul((size_t)classes, sizeof *p));
	int *label = xmalloc(size_mul((size_t)classes, sizeof *label));

	get_labels(m, label);
	for (size_t i = 0; i < n; i++) {
		predict_probability(m, node + i * ((size_t)d + 2), p);
		for (int k = 0; k < classes; k++)
			proba[i * (size_t)classes + (size_t)label[k]] = p[k];
	}
	free(label);
	free(p);
}

int
method_logistic(double *proba, const struct lesson *l, struct ns_err *e)
{
	const struct samples *s = l->train;
	struct feature_node *node;
	struct standard st;
	struct model *m;
	int rc = NS_EINTERNAL;

	if (s->n > INT_MAX)
		return ns_fail(e, NS_EINTERNAL, "liblinear: %zu rows", s->n);
	standard_fit(&st, s->x, s->n, s->d);
	node = make_nodes(&st, s);
	m = fit(s, node, e);
	free(node);
	if (m != NULL) {
		node = make_nodes(&st, l->test);
		predict_all(proba, m, node, l->test->n, s->d, s->classes);
		free(node);
		free_and_destroy_model(&m);
		rc = NS_OK;
	}
	standard_free(&st);
	return rc;
}

const char *
logistic_missing(void)
{
	return NULL;
}

#else

int
method_logistic(double *proba, const struct lesson *l, struct ns_err *e)
{
	(void)proba;
	(void)l;
	return ns_fail(e, NS_EUSAGE, "built without %s", logistic_missing());
}

const char *
logistic_missing(void)
{
	return "liblinear";
}

#endif
