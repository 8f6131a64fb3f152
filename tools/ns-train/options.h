/*
 * options.h: the hyper-parameters of all kinds of model as options, each name once,
 * with dashes for its underscores.
 */
#ifndef NS_TRAIN_OPTIONS_H
#define NS_TRAIN_OPTIONS_H

#include "base/tool.h"
#include "learner.h"

#define OPTIONS_MAX 96

struct option {
	const struct hyper *h; /* of the first kind that has it */
	int i;                 /* the value given, by the type of h */
	double d;
	bool given;
	char name[40], help[200];
};

struct options {
	struct option v[OPTIONS_MAX];
	size_t n;
};

/* options_list: those of all kinds (ended by NULL) to o and to defs (OPTIONS_MAX of
 * room), whose values stand in o; returns how many. */
size_t options_list(struct options *o, const struct learner_ops *const *kinds,
    struct opt_def *defs);

/* options_take: the value of a hyper-parameter that was given and is another thing
 * here: to v, and it counts as not given.  v stays where it was not. */
void options_take(struct options *o, const char *name, double *v);

/*
 * options_config: the defaults of a kind and what was given to cfg (hypers->size), and
 * to given (one for each of the kind's hypers) which that were.  NS_EUSAGE for an
 * option of another kind and a value out of range.
 */
int options_config(const struct options *o, const struct model_kind *kind, void *cfg,
    bool *given, struct ns_err *e);

#endif
