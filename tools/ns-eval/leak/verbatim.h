/* verbatim.h: what of one part occurs word for word in another. */
#ifndef EVAL_LEAK_VERBATIM_H
#define EVAL_LEAK_VERBATIM_H

#include "part.h"

#define LEAK_NGRAM 4      /* records of a run */
#define LEAK_FLOW_LEAST 3 /* records of a flow that is compared as a whole */

/* What is looked for; see leakage.h for when two are equal. */
enum unit { UNIT_TUPLE, UNIT_RECORD, UNIT_NGRAM, UNIT_FLOW };

/*
 * struct excess: the share of units that occur in training less the share in the
 * hold-out, and what it stays below under the null.  There each five-tuple has its coin
 * (bounds.h), and weighs as much as its units that occur in either.
 */
struct excess {
	double value, bound;
};

/* verbatim_plain: the share of cand's units that occur in the other part; NAN if cand
 * has no such unit. */
double verbatim_plain(const struct part *cand, const struct part *other,
    enum unit what);
/* verbatim_excess: NAN if cand has no such unit. */
struct excess verbatim_excess(const struct part *cand, const struct part *train,
    const struct part *held, enum unit what);

/*
 * address_excess: of addresses, each counted once: in training and not in the hold-out,
 * less in the hold-out and not in training.  Addresses come in pairs, so the null has
 * one coin for two.  n_addrs: how many the tables of the run hold.
 */
struct excess address_excess(const struct part *cand, const struct part *train,
    const struct part *held, size_t n_addrs);

#endif
