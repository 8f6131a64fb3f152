/* budget.h: how much noise, and what it comes to. */
#ifndef NS_TRAIN_PRIVATE_BUDGET_H
#define NS_TRAIN_PRIVATE_BUDGET_H

#include "dp/account/account.h"
#include "run.h"

/* The noise multipliers of a run. */
struct budget {
	double series; /* of how many series and records there are */
	double counts; /* of what the learner counts; 0: nothing */
	double sigma;  /* of gradients */
};

/* The gradients that are released to one unit: sums of all nets it can be in. */
struct budget_plan {
	double rate;
	uint64_t sums;
	int nets;           /* that one unit can be in */
	double count_share; /* of the budget, for what the learner counts */
};

/* budget_make: by --epsilon and --delta, or by --sigma.  NS_EUSAGE where it cannot be
 * kept. */
int budget_make(struct budget *b, const struct privacy_options *o,
    const struct budget_plan *p, struct ns_err *e);

#endif
