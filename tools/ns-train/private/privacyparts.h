/* privacyparts.h: what the files of a private run share. */
#ifndef NS_TRAIN_PRIVATE_PRIVACYPARTS_H
#define NS_TRAIN_PRIVATE_PRIVACYPARTS_H

#include "dp/ledger/ledger.h"
#include "private/budget.h"
#include "private/guard.h"
#include "private/privacy.h"

struct privacy {
	const struct run_options *o;
	struct feed *feed;
	struct guard_marks marks;
	struct budget budget;
	struct budget_plan plan;
	struct dp_ledger_file *ledger;
	struct dp_key file; /* the checkpoint's, or a new one */
	struct dp_key key;  /* of this run: by what it does, too */
	char *key_path;     /* NULL: the key is nowhere but here */
	char run[17], data[17];
	/* of the present lesson */
	struct private private;
	struct units *units;
	int net;
	bool counted; /* is in the ledger */
	uint64_t planned, sums;
	uint64_t most; /* sums of any lesson so far: later nets start from the first */
};

/* privacy_costs: what the run costs a unit that is in so many sums of gradients;
 * returns how many mechanisms. */
enum { PRIVACY_MECHANISMS = 3 };
size_t privacy_costs(const struct privacy *p, uint64_t sums,
    struct dp_mechanism m[PRIVACY_MECHANISMS]);

#endif
