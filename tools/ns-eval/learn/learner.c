#include "learner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "method.h"

static const struct {
	const char *name, *title;
	method_fn *run;
	const char *(*missing)(void);
} learner[LEARNERS] = {
    [LEARN_TREE] = {"tree", "decision tree", method_tree, NULL},
    [LEARN_LOGISTIC] = {"logistic", "logistic regression", method_logistic,
	logistic_missing},
    [LEARN_FOREST] = {"forest", "random forest", method_forest, NULL},
    [LEARN_BOOSTING] = {"boosting", "gradient boosting", method_boosting,
	boosting_missing},
    [LEARN_LEAVES] = {"leaves", "gradient boosting by leaves", method_leaves,
	boosting_missing},
    [LEARN_BAYES] = {"bayes", "naive Bayes", method_bayes, NULL},
    [LEARN_ADABOOST] = {"adaboost", "AdaBoost", method_adaboost, NULL},
    [LEARN_MLP] = {"mlp", "multilayer perceptron", method_mlp, NULL},
};

const char *
learner_name(enum learner w)
{
	return learner[w].name;
}

const char *
learner_title(enum learner w)
{
	return learner[w].title;
}

const char *
learner_missing(enum learner w)
{
	return learner[w].missing != NULL ? learner[w].missing() : NULL;
}

void
softmax_rows(double *v, size_t n, int k)
{
	for (size_t i = 0; i < n; i++) {
		double *row = v + i * (size_t)k, top = row[0], sum = 0;

		for (int c = 1; c < k; c++)
			top = fmax(top, row[c]);
		for (int c = 0; c < k; c++)
			sum += row[c] = exp(row[c] - top);
		for (int c = 0; c < k; c++)
			row[c] /= sum;
	}
}

/* The contract of the caller. */
static void
check(const struct samples *s)
{
	for (size_t i = 0; i < s->n * (size_t)s->d; i++)
		assert(isfinite(s->x[i]));
	for (size_t i = 0; i < s->n; i++)
		assert(s->y[i] < (uint32_t)s->classes);
}

/* train with the classes that occur numbered from 0 on, y its own; class_of[number] is
 * the class it had. */
static struct samples
number_classes(const struct samples *train, uint32_t *class_of)
{
	uint32_t *at = xcalloc((size_t)train->classes, sizeof *at);
	struct samples s = *train;

	s.classes = 0;
	s.y = xmalloc(size_mul(s.n, sizeof *s.y));
	for (size_t i = 0; i < s.n; i++)
		at[train->y[i]] = 1;
	for (int c = 0; c < train->classes; c++) {
		if (at[c] == 0)
			continue;
		at[c] = (uint32_t)s.classes;
		class_of[s.classes++] = (uint32_t)c;
	}
	for (size_t i = 0; i < s.n; i++)
		s.y[i] = at[train->y[i]];
	free(at);
	return s;
}

/* From the shares of the k classes that occur to labels and shares of all. */
static void
hand_out(uint32_t *label, double *proba, int classes, const double *share, size_t n,
    const uint32_t *class_of, int k)
{
	if (proba != NULL)
		memset(proba, 0, n * (size_t)classes * sizeof *proba);
	for (size_t i = 0; i < n; i++, share += k) {
		int best = 0;

		for (int c = 0; c < k; c++) {
			best = share[c] > share[best] ? c : best;
			if (proba != NULL)
				proba[i * (size_t)classes + class_of[c]] = share[c];
		}
		label[i] = class_of[best];
	}
}

static int
judge(double *share, enum learner w, const struct lesson *l, struct ns_err *e)
{
	if (l->train->classes > 1)
		return learner[w].run(share, l, e);
	for (size_t i = 0; i < l->test->n; i++)
		share[i] = 1;
	return NS_OK;
}

int
learner_run(enum learner w, const struct samples *train, const struct samples *test,
    uint64_t seed, struct pool *pool, uint32_t *label, double *proba, struct ns_err *e)
{
	struct samples numbered;
	struct lesson l = {&numbered, test, seed, pool};
	uint32_t *class_of;
	double *share;
	int rc;

	assert(train->n >= 1 && train->d == test->d && train->classes == test->classes);
	if (learner_missing(w) != NULL)
		return ns_fail(e, NS_EUSAGE, "%s needs %s, which this build lacks",
		    learner_title(w), learner_missing(w));
	check(train);
	check(test);
	if (test->n == 0)
		return NS_OK;
	class_of = xmalloc(size_mul((size_t)train->classes, sizeof *class_of));
	numbered = number_classes(train, class_of);
	share = xmalloc(
	    size_mul(size_mul(test->n, (size_t)numbered.classes), sizeof *share));
	rc = judge(share, w, &l, e);
	if (rc == NS_OK)
		hand_out(label, proba, train->classes, share, test->n, class_of,
		    numbered.classes);
	free(share);
	free(numbered.y);
	free(class_of);
	return rc;
}
