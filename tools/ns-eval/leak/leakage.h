/*
 * leakage.h: does the candidate copy what it was learnt from?  Everything is measured
 * against a hold-out of the same population, which the candidate cannot know: what
 * occurs in the training trace as often as in the hold-out is common traffic, not a
 * copy.
 *
 * The null hypothesis throughout: the candidate knows the population, but not which
 * flows went into training.  Then a flow is as likely to be in one part as in the
 * other, which holds exactly where the parts were split by the hash of the five-tuple
 * (ns-cat --part), and every bound follows from exchanging the two.  A hold-out from
 * another day differs by itself; alarms against it are not proof.
 *
 * Both parts are brought to the same number of flows: whole flows of the larger one are
 * left out at random.  Give whole traces: a flow that has lost records is no copy.
 */
#ifndef EVAL_LEAKAGE_H
#define EVAL_LEAKAGE_H

#include "data/metric.h"

/*
 * The values.  A record is verbatim if all its fields but start time and IP
 * identification are equal to those of one record there; the five-tuple is among them.
 * "excess" is the share of the candidate's that occurs in training less the share that
 * occurs in the hold-out, -1 .. 1.
 */
enum leak {
	LEAK_RECORDS,   /* excess of verbatim records */
	LEAK_FLOWS,     /* excess of flows, of those with 3 records or more: all records
			   verbatim, as many, in the same order in time */
	LEAK_NGRAMS,    /* excess of runs of 4 records of a flow: all verbatim, and the
			   3 times between them of the same power of two in ns */
	LEAK_TUPLES,    /* excess of five-tuples, each counted once */
	LEAK_ADDRESSES, /* share of addresses that occur in training only, less the
			   share of those that occur in the hold-out only */
	LEAK_NEAREST,   /* share of flows closer to training than to the hold-out, ties
			   count half: .5 is none.  A smoke test: a candidate that passes
			   may still be open to attack */
	LEAK_MIA_AUC,   /* membership inference by density ratio (attack.h): area under
			   its ROC curve, .5 is guessing */
	LEAK_MIA_TPR,   /* the same: share of members found at 1 % false alarms */
	LEAK_NEAREST_AUC,  /* membership inference by distance to the candidate alone */
	LEAK_TUPLES_PLAIN, /* share of five-tuples that occur in all of training */
	LEAK_RECORDS_PLAIN, /* share of records verbatim in all of training */
	LEAK_MAX
};

/*
 * UNKNOWN: no hold-out, a value without a null, or so few flows (less than 10, or what
 * speaks for a copy comes from fewer) that chance could look like a whole copy.
 * CLEAR: within 3 standard errors of the null.
 * ALARM: above, which happens by chance about once in 740 times.
 */
enum leak_verdict { LEAK_UNKNOWN, LEAK_CLEAR, LEAK_ALARM };

#define LEAK_POINTS 101 /* of a curve: 0, 1, ... 100 % */

struct leak_detail {
	double value[LEAK_MAX];
	double bound[LEAK_MAX]; /* alarm above; NAN where there is no null */
	enum leak_verdict verdict[LEAK_MAX];
	/* quantiles of the distance of the candidate's flows to the closest flow of
	 * either part; 0 is a copy.  NAN without a hold-out. */
	double to_train[LEAK_POINTS], to_held[LEAK_POINTS];
	double roc[LEAK_POINTS]; /* of LEAK_MIA_AUC: true positives at false ones */
};

/*
 * leakage_battery: v[LEAK_MAX], in the order of enum leak; the detail is kept with
 * p->cand (KEEP_LEAKAGE) in place of an earlier one.  Without p->held_out all are NAN
 * but the plain shares.  Same seed, same values, for any number of threads.
 */
battery_fn leakage_battery;

/* leakage_overlap: the share of the hold-out's five-tuples that occur in training: 0 if
 * they were split by five-tuple, or without a hold-out.  Where p->overlap, which it is
 * for, is above LEAK_OVERLAP_MOST no verdict is given. */
double leakage_overlap(const struct pair *p);
/* A hold-out that was learnt as well tells nothing. */
#define LEAK_OVERLAP_MOST .5

/* leak_detail_of: of the latest leakage_battery with this candidate; NULL if none. */
const struct leak_detail *leak_detail_of(const struct side *cand);

#endif
