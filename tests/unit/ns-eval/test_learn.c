/* Classifiers against the values that scikit-learn gave for the tables learn-*.tsv of
 * tests/data/eval (tests/ref/learn_sklearn.py), and what must hold for all of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "learn/learner.h"
#include "learn/oneclass.h"
#include "learn/twosample.h"
#include "stats/rank.h"
#include "stats/roc.h"

#define SEEDS 2
#define FOLDINGS 6 /* draws of the folds, which matter more */
#define ROWS 1000  /* no table has more */

/* The three tables: how many columns and classes they have. */
static const struct {
	const char *name;
	int d, classes;
} table[] = {{"overlap", 4, 2}, {"traffic", 5, 4}, {"absent", 3, 4}};

/* What scikit-learn said of the rows of a test table. */
struct said {
	uint32_t bayes[ROWS];
	int side[ROWS];
};

static void
read_table(struct samples *s, struct said *said, size_t t, const char *part)
{
	char path[100], line[300];
	int d = table[t].d;
	FILE *f;

	snprintf(path, sizeof path, "tests/data/eval/learn-%s-%s.tsv", table[t].name,
	    part);
	samples_alloc(s, ROWS, d, table[t].classes);
	f = fopen(path, "r");
	assert_non_null(f);
	for (s->n = 0; fgets(line, sizeof line, f) != NULL; s->n++) {
		char *at = line;

		assert_true(s->n < ROWS);
		s->y[s->n] = (uint32_t)strtoul(at, &at, 10);
		for (int j = 0; j < d; j++)
			s->x[s->n * (size_t)d + (size_t)j] = strtof(at, &at);
		if (said == NULL)
			continue;
		said->bayes[s->n] = (uint32_t)strtoul(at, &at, 10);
		said->side[s->n] = (int)strtol(at, &at, 10);
	}
	fclose(f);
	assert_true(s->n >= 200);
}

/* The stored mean and deviation of a value of a table. */
static double
stored(size_t t, const char *value, const char *of, double *deviation)
{
	char line[200], name[32], key[32], want[64];
	double mean = NAN;
	FILE *f = fopen("tests/data/eval/learn-values.tsv", "r");

	assert_non_null(f);
	snprintf(want, sizeof want, "%s%s", value, of);
	while (isnan(mean) && fgets(line, sizeof line, f) != NULL) {
		double m;

		assert_int_equal(sscanf(line, "%31s %31s %lf %lf", name, key, &m,
				     deviation),
		    4);
		if (strcmp(name, table[t].name) == 0 && strcmp(key, want) == 0)
			mean = m;
	}
	fclose(f);
	assert_false(isnan(mean));
	return mean;
}

/* Whether a mean over seeds is like the stored one. */
static void
compare(size_t t, const char *value, enum learner w, double got, double slack)
{
	double deviation, want = stored(t, value, learner_name(w), &deviation);

	if (fabs(got - want) > 3 * deviation + slack)
		fail_msg("%s: %s%s is %.4f, scikit-learn has %.4f +- %.4f",
		    table[t].name, value, learner_name(w), got, want, deviation);
}

/* Learners that draw little or nothing need no mean. */
static uint64_t
seeds_of(enum learner w)
{
	return w == LEARN_TREE || w == LEARN_FOREST || w == LEARN_MLP ? SEEDS : 1;
}

static void
score_learner(size_t t, enum learner w, const struct samples *train,
    const struct samples *test)
{
	uint32_t label[ROWS];
	double right = 0, f1 = 0, n = (double)seeds_of(w);
	struct ns_err e;

	for (uint64_t seed = 0; seed < seeds_of(w); seed++) {
		assert_int_equal(learner_run(w, train, test, seed, NULL, label, NULL,
				     &e),
		    NS_OK);
		right += accuracy(label, test->y, test->n) / n;
		f1 += macro_f1(label, test->y, test->n, test->classes) / n;
	}
	compare(t, "accuracy-", w, right, .01);
	compare(t, "f1-", w, f1, .015);
}

static void
guesses_as_well_as_scikit_learn(void **state)
{
	struct samples train, test;

	(void)state;
	for (size_t t = 0; t < LEN(table); t++) {
		read_table(&train, NULL, t, "train");
		read_table(&test, NULL, t, "test");
		for (int w = 0; w < LEARNERS; w++)
			if (learner_missing(w) == NULL)
				score_learner(t, w, &train, &test);
		samples_free(&train);
		samples_free(&test);
	}
}

static void
bayes_guesses_the_same_rows(void **state)
{
	static struct said said;
	uint32_t label[ROWS];
	struct samples train, test;
	struct ns_err e;

	(void)state;
	for (size_t t = 0; t < LEN(table); t++) {
		read_table(&train, NULL, t, "train");
		read_table(&test, &said, t, "test");
		assert_int_equal(learner_run(LEARN_BAYES, &train, &test, 0, NULL, label,
				     NULL, &e),
		    NS_OK);
		assert_memory_equal(label, said.bayes, test.n * sizeof *label);
		samples_free(&train);
		samples_free(&test);
	}
}

#define EQUALS(t, value, got)                                                          \
	assert_true(fabs((got)-stored(t, value, "", &(double){0})) < 1e-9)

/* Column j of the samples. */
static void
column(double *to, const struct samples *s, int j)
{
	for (size_t i = 0; i < s->n; i++)
		to[i] = (double)s->x[i * (size_t)s->d + (size_t)j];
}

static void
ranks_and_curves_of_the_tables(void **state)
{
	static double a[ROWS], b[ROWS];
	static struct said said;
	struct samples train, test;

	(void)state;
	for (size_t t = 0; t < LEN(table); t++) {
		read_table(&train, NULL, t, "train");
		read_table(&test, &said, t, "test");
		column(a, &train, 0);
		column(b, &train, train.d - 1);
		EQUALS(t, "spearman", spearman(a, b, train.n));
		EQUALS(t, "pearson", pearson(a, b, train.n));
		column(a, &test, test.d - 1);
		EQUALS(t, "auc", roc_auc(a, test.y, test.n));
		EQUALS(t, "tpr-0.01", roc_tpr_at(a, test.y, test.n, .01));
		EQUALS(t, "tpr-0.1", roc_tpr_at(a, test.y, test.n, .1));
		EQUALS(t, "tpr-0.5", roc_tpr_at(a, test.y, test.n, .5));
		EQUALS(t, "f1", macro_f1(said.bayes, test.y, test.n, test.classes));
		samples_free(&train);
		samples_free(&test);
	}
}

static double
outside(const struct samples *train, const struct samples *s)
{
	struct ns_err e;
	double share;

	assert_int_equal(oneclass_share(train->x, train->n, s->x, s->n, s->d, &share,
			     &e),
	    NS_OK);
	return share;
}

static void
outliers_are_the_same_rows(void **state)
{
	static struct said said;
	struct samples train, test, part;

	(void)state;
	if (oneclass_missing() != NULL)
		skip();
	for (size_t t = 0; t < LEN(table); t++) {
		uint32_t row[ROWS];
		size_t in = 0, end;

		read_table(&train, NULL, t, "train");
		read_table(&test, &said, t, "test");
		assert_true(fabs(outside(&train, &test) -
				stored(t, "share", "", &(double){0})) < 1e-6);
		end = test.n;
		for (size_t i = 0; i < test.n; i++)
			row[said.side[i] > 0 ? in++ : --end] = (uint32_t)i;
		samples_pick(&part, &test, row, in);
		assert_true(outside(&train, &part) < .01);
		samples_free(&part);
		samples_pick(&part, &test, row + in, test.n - in);
		assert_true(outside(&train, &part) > .99);
		samples_free(&part);
		samples_free(&train);
		samples_free(&test);
	}
}

/* proba of one run, to be freed. */
static double *
shares(int w, const struct samples *train, const struct samples *test, uint64_t seed,
    struct pool *pool, uint32_t *label)
{
	double *p = xmalloc(test->n * (size_t)test->classes * sizeof *p);
	struct ns_err e;

	assert_int_equal(learner_run(w, train, test, seed, pool, label, p, &e), NS_OK);
	return p;
}

static void
threads_do_not_matter_and_seeds_do(void **state)
{
	struct pool *two = pool_new(2), *one = pool_new(1);
	uint32_t label[ROWS];
	struct samples train, test;

	(void)state;
	read_table(&train, NULL, 2, "train");
	read_table(&test, NULL, 2, "test");
	for (int w = 0; w < LEARNERS; w++) {
		size_t bytes = test.n * 4 * sizeof(double);
		double *p[4];

		if (learner_missing(w) != NULL)
			continue;
		p[0] = shares(w, &train, &test, 5, NULL, label);
		p[1] = shares(w, &train, &test, 5, one, label);
		p[2] = shares(w, &train, &test, 5, two, label);
		p[3] = shares(w, &train, &test, 6, two, label);
		assert_memory_equal(p[0], p[1], bytes);
		assert_memory_equal(p[0], p[2], bytes);
		if (w == LEARN_FOREST || w == LEARN_MLP)
			assert_memory_not_equal(p[0], p[3], bytes);
		for (int k = 0; k < 4; k++)
			free(p[k]);
	}
	samples_free(&train);
	samples_free(&test);
	pool_free(one);
	pool_free(two);
}

static void
shares_add_up_and_absent_classes_have_none(void **state)
{
	uint32_t label[ROWS];
	struct samples train, test;

	(void)state;
	read_table(&train, NULL, 2, "train");
	read_table(&test, NULL, 2, "test");
	for (int w = 0; w < LEARNERS; w++) {
		double *p;

		if (learner_missing(w) != NULL)
			continue;
		p = shares(w, &train, &test, 1, NULL, label);
		for (size_t i = 0; i < test.n; i++) {
			const double *row = p + 4 * i;

			assert_true(fabs(row[0] + row[1] + row[3] - 1) < 1e-5);
			assert_true(row[2] == 0 && label[i] != 2);
			for (int c = 0; c < 4; c++)
				assert_true(row[label[i]] >= row[c] && row[c] >= 0);
		}
		free(p);
	}
	samples_free(&train);
	samples_free(&test);
}

static void
two_samples_as_scikit_learn_tells_them(void **state)
{
	struct samples train;

	(void)state;
	for (size_t t = 0; t < LEN(table); t++) {
		uint32_t row[ROWS];
		size_t na = 0, end;
		struct samples s;
		double auc = 0;

		read_table(&train, NULL, t, "train");
		end = train.n;
		for (size_t i = 0; i < train.n; i++)
			row[train.y[i] == 0 ? na++ : --end] = (uint32_t)i;
		samples_pick(&s, &train, row, train.n);
		for (uint64_t seed = 0; seed < FOLDINGS; seed++)
			auc += two_sample_auc(s.x, na, s.x + na * (size_t)s.d, s.n - na,
				   s.d, seed, NULL) /
			    FOLDINGS;
		assert_true(
		    fabs(auc - stored(t, "two-sample", "", &(double){0})) < .01);
		samples_free(&train);
		samples_free(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(guesses_as_well_as_scikit_learn),
	    cmocka_unit_test(bayes_guesses_the_same_rows),
	    cmocka_unit_test(ranks_and_curves_of_the_tables),
	    cmocka_unit_test(outliers_are_the_same_rows),
	    cmocka_unit_test(threads_do_not_matter_and_seeds_do),
	    cmocka_unit_test(shares_add_up_and_absent_classes_have_none),
	    cmocka_unit_test(two_samples_as_scikit_learn_tells_them),
	};

	return cmocka_run_group_tests_name("eval_learn", tests, NULL, NULL);
}
