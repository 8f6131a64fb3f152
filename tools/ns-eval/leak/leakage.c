#include "leakage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attack.h"
#include "base/mem.h"
#include "bounds.h"
#include "verbatim.h"

/* Parts of fewer flows say nothing: so many coins all show heads by chance. */
#define FLOWS_LEAST 10

static enum leak_verdict
judge(double value, double bound)
{
	if (isnan(value) || isnan(bound))
		return LEAK_UNKNOWN;
	if (value > bound)
		return LEAK_ALARM;
	/* where even a whole copy would not be above: too few flows */
	return bound >= 1 || (value == bound && value > 0) ? LEAK_UNKNOWN : LEAK_CLEAR;
}

static void
set(struct leak_detail *d, enum leak which, double value, double bound)
{
	d->value[which] = value;
	d->bound[which] = bound;
	d->verdict[which] = judge(value, bound);
}

/* What needs no hold-out. */
static void
plain_shares(const struct pair *p, struct leak_detail *d)
{
	struct part cand = part_all(p->cand), train = part_all(p->train);

	set(d, LEAK_TUPLES_PLAIN, verbatim_plain(&cand, &train, UNIT_TUPLE), NAN);
	set(d, LEAK_RECORDS_PLAIN, verbatim_plain(&cand, &train, UNIT_RECORD), NAN);
	part_free(&cand);
	part_free(&train);
}

double
leakage_overlap(const struct pair *p)
{
	struct part held, train;
	double share;

	if (!p->held_out)
		return 0;
	held = part_all(p->ref);
	train = part_all(p->train);
	share = verbatim_plain(&held, &train, UNIT_TUPLE);
	part_free(&held);
	part_free(&train);
	return share;
}

static void
excesses(const struct pair *p, struct leak_detail *d, const struct part *train,
    const struct part *held)
{
	static const struct {
		enum leak leak;
		enum unit unit;
	} of[] = {
	    {LEAK_RECORDS, UNIT_RECORD},
	    {LEAK_FLOWS, UNIT_FLOW},
	    {LEAK_NGRAMS, UNIT_NGRAM},
	    {LEAK_TUPLES, UNIT_TUPLE},
	};
	struct part cand = part_all(p->cand);
	struct excess x;

	for (size_t i = 0; i < LEN(of); i++) {
		x = verbatim_excess(&cand, train, held, of[i].unit);
		set(d, of[i].leak, x.value, x.bound);
	}
	x = address_excess(&cand, train, held, p->tables->addrs.n);
	set(d, LEAK_ADDRESSES, x.value, x.bound);
	part_free(&cand);
}

static void
attacks(const struct pair *p, struct leak_detail *d, const struct part *train,
    const struct part *held)
{
	struct closeness c;
	struct attack a;

	closeness_measure(&c, p, train, held);
	set(d, LEAK_NEAREST, c.share, c.bound);
	memcpy(d->to_train, c.to_train, sizeof d->to_train);
	memcpy(d->to_held, c.to_held, sizeof d->to_held);
	attack_run(&a, p, train, held);
	set(d, LEAK_MIA_AUC, a.auc, a.auc_bound);
	set(d, LEAK_MIA_TPR, a.tpr, a.tpr_bound);
	set(d, LEAK_NEAREST_AUC, a.nearest_auc, a.auc_bound);
	memcpy(d->roc, a.roc, sizeof d->roc);
}

static struct leak_detail *
detail_new(void)
{
	struct leak_detail *d = xcalloc(1, sizeof *d);

	for (int k = 0; k < LEAK_MAX; k++)
		set(d, (enum leak)k, NAN, NAN);
	for (int k = 0; k < LEAK_POINTS; k++)
		d->to_train[k] = d->to_held[k] = d->roc[k] = NAN;
	return d;
}

void
leakage_battery(const struct pair *p, double *v)
{
	struct leak_detail *d = detail_new();
	size_t n = p->train->f.n < p->ref->f.n ? p->train->f.n : p->ref->f.n;
	struct part train, held;

	plain_shares(p, d);
	if (p->held_out) {
		train = part_some(p->train, n, p->seed, LEAK_STREAM_TRAIN);
		held = part_some(p->ref, n, p->seed, LEAK_STREAM_HELD);
		excesses(p, d, &train, &held);
		attacks(p, d, &train, &held);
		part_free(&train);
		part_free(&held);
	}
	if (n < FLOWS_LEAST || p->overlap > LEAK_OVERLAP_MOST)
		memset(d->verdict, 0, sizeof d->verdict); /* LEAK_UNKNOWN */
	memcpy(v, d->value, sizeof d->value);
	if (p->cand->kept[KEEP_LEAKAGE] != NULL) {
		p->cand->drop[KEEP_LEAKAGE](p->cand->kept[KEEP_LEAKAGE]);
		p->cand->kept[KEEP_LEAKAGE] = NULL;
	}
	side_keep(p->cand, KEEP_LEAKAGE, d, free);
}

const struct leak_detail *
leak_detail_of(const struct side *cand)
{
	return cand->kept[KEEP_LEAKAGE];
}
