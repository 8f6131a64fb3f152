#include "types.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/baseline.h"
#include "stats/rank.h"
#include "stats/roc.h"
#include "stream/schema.h"

#define FEATURES 6
#define TRAIN_SHARE .8

/* What is learnt from: the records of a flow trace, the flows of a packet trace. */
struct items {
	const struct side *s;
	bool flows; /* each is a flow */
	size_t n;
	uint32_t *order; /* (n) in the order of time: rows, or numbers of flows */
	enum col class;
};

enum learner
types_learner(int i)
{
	return (enum learner)(i < LEARN_LEAVES ? i : i + 1);
}

static void
items_init(struct items *it, const struct side *s, enum col class)
{
	it->s = s;
	it->flows = s->t->kind == NSR_PACKET;
	it->class = class;
	it->n = 0;
	it->order = xmalloc(size_mul(s->t->n, sizeof *it->order));
	for (size_t i = 0; i < s->t->n; i++) {
		uint32_t row = s->f.row[i], k = s->f.id[row];

		if (!it->flows)
			it->order[it->n++] = row;
		else if (s->f.head[k] == row)
			it->order[it->n++] = k;
	}
}

static uint32_t
class_of(const struct items *it, size_t i)
{
	uint32_t k = it->order[i];

	return it->s->t->narrow[it->class][it->flows ? it->s->f.head[k] : k];
}

static void
put_features(float *x, const struct items *it, size_t i)
{
	const struct trace *t = it->s->t;
	const struct flows *f = &it->s->f;
	uint32_t k = it->order[i], row = it->flows ? f->head[k] : k;

	x[0] = (float)t->narrow[COL_SRC_PORT][row];
	x[1] = (float)t->narrow[COL_DST_PORT][row];
	x[2] = (float)t->narrow[COL_PROTO][row];
	x[3] = (float)((double)(it->flows ? f->dur[k] : t->wide[COL_DUR][row]) * 1e-9);
	x[4] = (float)(it->flows ? f->size[k] : t->wide[COL_PKTS][row]);
	x[5] = (float)(it->flows ? f->bytes[k] : t->wide[COL_BYTES][row]);
}

/* At most max of the items first .. first + n - 1, classes by number. */
static void
sample_items(struct samples *out, const struct items *it, size_t first, size_t n,
    size_t max, int classes, uint64_t seed)
{
	size_t k = n < max ? n : max;
	uint32_t *pick;
	struct rng r;

	rng_init(&r, seed, side_stream(it->s, STREAM_TYPES));
	pick = pick_rows(n, k, &r);
	samples_alloc(out, k, FEATURES, classes);
	for (size_t i = 0; i < k; i++) {
		put_features(out->x + i * FEATURES, it, first + pick[i]);
		out->y[i] = class_of(it, first + pick[i]);
	}
	free(pick);
}

static size_t
train_items(const struct items *it)
{
	return (size_t)((double)it->n * TRAIN_SHARE);
}

/* Number the values that occur in either table 0, 1, ...; returns how many. */
static int
number_classes(struct samples *a, struct samples *b)
{
	size_t max = 0;
	uint32_t *number, next = 0;

	for (size_t i = 0; i < a->n; i++)
		max = a->y[i] > max ? a->y[i] : max;
	for (size_t i = 0; i < b->n; i++)
		max = b->y[i] > max ? b->y[i] : max;
	number = xcalloc(max + 1, sizeof *number);
	for (size_t i = 0; i < a->n; i++)
		number[a->y[i]] = 1;
	for (size_t i = 0; i < b->n; i++)
		number[b->y[i]] = 1;
	for (size_t v = 0; v <= max; v++)
		if (number[v] != 0)
			number[v] = next++;
	for (size_t i = 0; i < a->n; i++)
		a->y[i] = number[a->y[i]];
	for (size_t i = 0; i < b->n; i++)
		b->y[i] = number[b->y[i]];
	free(number);
	a->classes = b->classes = (int)next;
	return (int)next;
}

/* Accuracy and macro F1 of each learner that this build has; NAN for the others. */
static void
judge(const struct pair *p, const struct samples *train, const struct samples *test,
    double accuracies[TYPES_LEARNERS], double f1[TYPES_LEARNERS])
{
	uint32_t *label = xmalloc(size_mul(test->n + 1, sizeof *label));

	for (int i = 0; i < TYPES_LEARNERS; i++) {
		struct ns_err e;

		accuracies[i] = f1[i] = NAN;
		if (learner_run(types_learner(i), train, test, p->seed, p->pool, label,
			NULL, &e) < 0)
			continue;
		accuracies[i] = accuracy(label, test->y, test->n);
		f1[i] = macro_f1(label, test->y, test->n, test->classes);
	}
	free(label);
}

/* Learn the items of from, ask about the last of the reference's. */
static void
learn_and_ask(const struct pair *p, const struct items *from, const struct items *ref,
    double accuracies[TYPES_LEARNERS], double f1[TYPES_LEARNERS])
{
	size_t first = train_items(ref);
	struct samples train, test;

	sample_items(&train, from, 0, train_items(from), TYPES_TRAIN, 1, p->seed);
	sample_items(&test, ref, first, ref->n - first, TYPES_TEST, 1, p->seed);
	number_classes(&train, &test);
	judge(p, &train, &test, accuracies, f1);
	samples_free(&train);
	samples_free(&test);
}

static bool
has_two_classes(const struct trace *t, enum col c)
{
	for (size_t i = 1; trace_has(t->kind, c) && i < t->n; i++)
		if (t->narrow[c][i] != t->narrow[c][0])
			return true;
	return false;
}

static const double *
own_accuracies(const struct pair *p, const struct items *ref)
{
	double *own = p->ref->kept[KEEP_TYPES], f1[TYPES_LEARNERS];

	if (own != NULL)
		return own;
	own = xmalloc(TYPES_LEARNERS * sizeof *own);
	learn_and_ask(p, ref, ref, own, f1);
	side_keep(p->ref, KEEP_TYPES, own, free);
	return own;
}

/* Means and rank correlation over the learners that this build has. */
static void
summarise(double *v, const double *own)
{
	double c[TYPES_LEARNERS], r[TYPES_LEARNERS], sum = 0, f1 = 0;
	size_t n = 0;

	for (int i = 0; i < TYPES_LEARNERS; i++) {
		if (isnan(v[TYPES_ACCURACY + i]) || isnan(own[i]))
			continue;
		c[n] = v[TYPES_ACCURACY + i];
		r[n++] = own[i];
		sum += v[TYPES_ACCURACY + i];
		f1 += v[TYPES_F1 + i];
	}
	v[TYPES_MEAN_ACCURACY] = n > 0 ? sum / (double)n : NAN;
	v[TYPES_MEAN_F1] = n > 0 ? f1 / (double)n : NAN;
	v[TYPES_RANK] = n > 1 ? spearman(c, r, n) : NAN;
}

void
types_battery(const struct pair *p, double *v)
{
	enum col class = has_two_classes(p->ref->t, COL_TYPE) ? COL_TYPE : COL_LABEL;
	struct items ref, cand;

	if (!has_two_classes(p->ref->t, class))
		return;
	items_init(&ref, p->ref, class);
	items_init(&cand, p->cand, class);
	if (train_items(&ref) > 0 && train_items(&cand) > 0) {
		learn_and_ask(p, &cand, &ref, v + TYPES_ACCURACY, v + TYPES_F1);
		summarise(v, own_accuracies(p, &ref));
	}
	free(ref.order);
	free(cand.order);
}
