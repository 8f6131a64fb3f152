#include "detect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/baseline.h"
#include "stats/rank.h"
#include "stats/roc.h"
#include "task/botnet.h"

#define PAIRS_MIN 10
#define TRAIN_SHARE .8

/* The histograms of one side in random order, the first for training. */
struct pairs {
	float *x; /* (n, HISTOGRAM_BINS) */
	size_t n, train;
	uint32_t *order;
};

static void
pairs_init(struct pairs *h, const struct side *s, uint64_t seed)
{
	struct rng r;

	h->x = pair_histograms(s, &h->n);
	h->order = xmalloc(size_mul(h->n + 1, sizeof *h->order));
	for (size_t i = 0; i < h->n; i++)
		h->order[i] = (uint32_t)i;
	rng_init(&r, seed, side_stream(s, STREAM_BOTNET));
	rng_shuffle(&r, h->order, h->n);
	h->n = h->n < DETECT_PAIRS ? h->n : DETECT_PAIRS;
	h->train = (size_t)((double)h->n * TRAIN_SHARE);
}

static void
pairs_free(struct pairs *h)
{
	free(h->x);
	free(h->order);
}

/* Rows first .. end of h behind those that are in s, as class y. */
static void
append(struct samples *s, const struct pairs *h, size_t first, size_t end, uint32_t y)
{
	for (size_t i = first; i < end; i++) {
		memcpy(s->x + s->n * HISTOGRAM_BINS,
		    h->x + (size_t)h->order[i] * HISTOGRAM_BINS,
		    HISTOGRAM_BINS * sizeof *s->x);
		s->y[s->n++] = y;
	}
}

/* Learn benign traffic and learnt, ask about benign traffic and asked. */
static void
detect(const struct pair *p, const struct pairs *benign, const struct pairs *learnt,
    const struct pairs *asked, double accuracies[LEARNERS])
{
	struct samples train, test;
	uint32_t *label;

	samples_alloc(&train, 2 * DETECT_PAIRS, HISTOGRAM_BINS, 2);
	samples_alloc(&test, 2 * DETECT_PAIRS, HISTOGRAM_BINS, 2);
	train.n = test.n = 0;
	append(&train, benign, 0, benign->train, 0);
	append(&train, learnt, 0, learnt->train, 1);
	append(&test, benign, benign->train, benign->n, 0);
	append(&test, asked, asked->train, asked->n, 1);
	label = xmalloc(size_mul(test.n, sizeof *label));
	for (enum learner w = 0; w < LEARNERS; w++) {
		struct ns_err e;

		accuracies[w] = NAN;
		if (learner_run(w, &train, &test, p->seed, p->pool, label, NULL, &e) ==
		    NS_OK)
			accuracies[w] = accuracy(label, test.y, test.n);
	}
	free(label);
	samples_free(&train);
	samples_free(&test);
}

const double *
botnet_own(const struct pair *p, struct side *s)
{
	double *own = s->kept[KEEP_BOTNET];
	struct pairs benign, h;

	if (own != NULL || p->benign == NULL)
		return own;
	pairs_init(&benign, p->benign, p->seed);
	pairs_init(&h, s, p->seed);
	if (benign.n >= PAIRS_MIN && h.n >= PAIRS_MIN) {
		own = xmalloc(LEARNERS * sizeof *own);
		detect(p, &benign, &h, &h, own);
		side_keep(s, KEEP_BOTNET, own, free);
	}
	pairs_free(&benign);
	pairs_free(&h);
	return own;
}

/* The accuracies of both, of the learners that this build has; returns how many. */
static size_t
both_known(const double *own, const double *ref, double c[LEARNERS], double r[LEARNERS])
{
	size_t n = 0;

	for (int w = 0; w < LEARNERS; w++) {
		if (isnan(own[w]) || isnan(ref[w]))
			continue;
		c[n] = own[w];
		r[n++] = ref[w];
	}
	return n;
}

double
botnet_rank(const struct pair *p, struct side *s)
{
	const double *ref = botnet_own(p, p->ref), *own = botnet_own(p, s);
	double c[LEARNERS], r[LEARNERS];
	size_t n;

	if (ref == NULL || own == NULL)
		return NAN;
	n = both_known(own, ref, c, r);
	return n > 1 ? spearman(c, r, n) : NAN;
}

static double
mean_gap(const double *own, const double *ref)
{
	double c[LEARNERS], r[LEARNERS], gap = 0;
	size_t n = both_known(own, ref, c, r);

	for (size_t i = 0; i < n; i++)
		gap += fabs(c[i] - r[i]);
	return n > 0 ? gap / (double)n : NAN;
}

static double
mean_known(const double v[LEARNERS])
{
	double sum = 0;
	int n = 0;

	for (int w = 0; w < LEARNERS; w++) {
		if (isnan(v[w]))
			continue;
		sum += v[w];
		n++;
	}
	return n > 0 ? sum / n : NAN;
}

void
botnet_battery(const struct pair *p, double *v)
{
	const double *ref = botnet_own(p, p->ref), *own = botnet_own(p, p->cand);
	struct pairs benign, learnt, asked;

	if (ref == NULL || own == NULL)
		return;
	pairs_init(&benign, p->benign, p->seed);
	pairs_init(&learnt, p->cand, p->seed);
	pairs_init(&asked, p->ref, p->seed);
	detect(p, &benign, &learnt, &asked, v + DETECT_ACCURACY);
	v[DETECT_MEAN] = mean_known(v + DETECT_ACCURACY);
	v[DETECT_GAP] = mean_gap(own, ref);
	v[DETECT_RANK] = botnet_rank(p, p->cand);
	pairs_free(&benign);
	pairs_free(&learnt);
	pairs_free(&asked);
}
