/*
 * boosting.c: gradient boosted trees by the C interface of XGBoost, one thread: with
 * the defaults of its XGBClassifier, and grown as LightGBM grows them by default
 * (histograms, the leaf with the greatest gain first, 31 leaves, eta .1).
 * Source: Chen and Guestrin, "XGBoost", KDD 2016; Ke et al., "LightGBM", NIPS 2017.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "method.h"

#ifdef HAVE_XGBOOST

#include <math.h>

#include <xgboost/c_api.h>

#define ROUNDS 100

struct setting {
	const char *name, *value;
};

static const struct setting by_depth[] = {
    {"max_depth", "6"},
    {"eta", "0.3"},
    {NULL, NULL},
};

static const struct setting by_leaves[] = {
    {"tree_method", "hist"},
    {"grow_policy", "lossguide"},
    {"max_leaves", "31"},
    {"max_depth", "0"},
    {"eta", "0.1"},
    {NULL, NULL},
};

static int
fail(struct ns_err *e)
{
	return ns_fail(e, NS_EINTERNAL, "xgboost: %s", XGBGetLastError());
}

/* NULL on failure. */
static DMatrixHandle
make_matrix(const struct samples *s, struct ns_err *e)
{
	DMatrixHandle m = NULL;

	if (XGDMatrixCreateFromMat_omp(s->x, s->n, (bst_ulong)s->d, NAN, &m, 1) == 0)
		return m;
	fail(e);
	return NULL;
}

static int
set_labels(DMatrixHandle m, const struct samples *s, struct ns_err *e)
{
	float *y = xmalloc(size_mul(s->n, sizeof *y));
	int rc;

	for (size_t i = 0; i < s->n; i++)
		y[i] = (float)s->y[i];
	rc = XGDMatrixSetFloatInfo(m, "label", y, s->n);
	free(y);
	return rc != 0 ? fail(e) : NS_OK;
}

static int
set_all(BoosterHandle b, const struct setting *set, struct ns_err *e)
{
	for (; set->name != NULL; set++)
		if (XGBoosterSetParam(b, set->name, set->value) != 0)
			return fail(e);
	return NS_OK;
}

/* What both kinds of trees have in common, then what is theirs. */
static int
configure(BoosterHandle b, const struct setting *own, int classes, uint64_t seed,
    struct ns_err *e)
{
	char count[16], number[16];
	const struct setting common[] = {
	    {"verbosity", "0"},
	    {"nthread", "1"},
	    {"seed", number},
	    {"objective", classes > 2 ? "multi:softprob" : "binary:logistic"},
	    {classes > 2 ? "num_class" : NULL, count},
	    {NULL, NULL},
	};

	snprintf(count, sizeof count, "%d", classes);
	/* it takes 31 bits */
	snprintf(number, sizeof number, "%u", (unsigned)(seed % 0x7fffffff));
	if (set_all(b, common, e) != NS_OK)
		return NS_EINTERNAL;
	return set_all(b, own, e);
}

static int
predict(double *proba, BoosterHandle b, DMatrixHandle test, size_t n, int classes,
    struct ns_err *e)
{
	static const char how[] = "{\"type\": 0, \"training\": false, "
				  "\"iteration_begin\": 0, \"iteration_end\": 0, "
				  "\"strict_shape\": true}";
	const bst_ulong *shape;
	const float *out;
	bst_ulong dim, width = classes > 2 ? (bst_ulong)classes : 1;

	if (XGBoosterPredictFromDMatrix(b, test, how, &shape, &dim, &out) != 0)
		return fail(e);
	if (dim != 2 || shape[0] != n || shape[1] != width)
		return ns_fail(e, NS_EINTERNAL, "xgboost: shape of the predictions");
	for (size_t i = 0; i < n && width == 1; i++) {
		proba[2 * i] = 1 - (double)out[i];
		proba[2 * i + 1] = (double)out[i];
	}
	for (size_t i = 0; i < n * width && width > 1; i++)
		proba[i] = (double)out[i];
	return NS_OK;
}

static int
train_booster(BoosterHandle b, DMatrixHandle train, struct ns_err *e)
{
	for (int i = 0; i < ROUNDS; i++)
		if (XGBoosterUpdateOneIter(b, i, train) != 0)
			return fail(e);
	return NS_OK;
}

static int
boost(double *proba, const struct lesson *l, const struct setting *set,
    struct ns_err *e)
{
	DMatrixHandle train = make_matrix(l->train, e), test = NULL;
	BoosterHandle b = NULL;
	int rc = NS_EINTERNAL, k = l->train->classes;

	if (train == NULL || (test = make_matrix(l->test, e)) == NULL)
		goto out;
	if (set_labels(train, l->train, e) != NS_OK)
		goto out;
	if (XGBoosterCreate(&train, 1, &b) != 0) {
		fail(e);
		goto out;
	}
	if (configure(b, set, k, l->seed, e) != NS_OK ||
	    train_booster(b, train, e) != NS_OK)
		goto out;
	rc = predict(proba, b, test, l->test->n, k, e);
out:
	if (b != NULL)
		XGBoosterFree(b);
	if (test != NULL)
		XGDMatrixFree(test);
	if (train != NULL)
		XGDMatrixFree(train);
	return rc;
}

int
method_boosting(double *proba, const struct lesson *l, struct ns_err *e)
{
	return boost(proba, l, by_depth, e);
}

int
method_leaves(double *proba, const struct lesson *l, struct ns_err *e)
{
	return boost(proba, l, by_leaves, e);
}

const char *
boosting_missing(void)
{
	return NULL;
}

#else

int
method_boosting(double *proba, const struct lesson *l, struct ns_err *e)
{
	(void)proba;
	(void)l;
	return ns_fail(e, NS_EUSAGE, "built without %s", boosting_missing());
}

int
method_leaves(double *proba, const struct lesson *l, struct ns_err *e)
{
	return method_boosting(proba, l, e);
}

const char *
boosting_missing(void)
{
	return "libxgboost";
}

#endif
