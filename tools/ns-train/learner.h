/*
 * learner.h: what each kind of model has a room for here: learning the series of one
 * chunk, or of all chunks by one net.
 */
#ifndef NS_TRAIN_LEARNER_H
#define NS_TRAIN_LEARNER_H

#include "base/pool.h"
#include "feed.h"
#include "model/mstream.h"
#include "private.h"

/* What one net is to learn; all lent. */
struct lesson {
	const struct feed *feed;
	const struct feed_chunk *chunk; /* (n) of the feed's; at least one has series */
	size_t n;
	const void *config; /* of the kind's hypers, fit */
	void *from;         /* net to start from, read only; NULL = none */
	struct pool *pool;
	uint64_t seed;
	bool first; /* of this process: what is said of all is said now */
	const struct private *private; /* NULL: nobody is to be protected */
	const struct units *units;     /* of the chunks, when private */
};

#define LEARNER_COLUMNS_MAX 16

/* What of a lesson is behind. */
struct spent {
	double share;   /* 0 .. 1, of its steps or of its time, whichever is more */
	double seconds; /* with those of the runs before that it goes on from */
};

struct learner_ops {
	const struct model_kind *kind;
	/* one net learns all chunks of a run; else each has its own, and what was
	 * learnt first is where the others start.  Only for a kind that shares weights.
	 */
	bool together;
	/* without -e, --steps or -T: so many epochs, but steps within these */
	int epochs;
	uint64_t steps_min, steps_max;
	/* privately without --steps, whatever the data; 0: never private */
	uint64_t steps_private;
	/* numbers that each step gives for the log, where the last line's are means
	 * over the steps since the one before; at most LEARNER_COLUMNS_MAX */
	const char *const *columns;
	size_t n_columns;

	/* fit: what of the configuration the trace decides.  NS_EKIND if tensors of
	 * this schema cannot be learnt. */
	int (*fit)(void *cfg, const struct feed *f, struct ns_err *e);
	/* epoch: steps in which every series is seen once; at least 1. */
	uint64_t (*epoch)(const struct lesson *l);

	/* unprivate: why a net of this configuration cannot be learnt privately; NULL:
	 * it can.  given: one flag for each hyper-parameter, which were asked for.
	 * releases: the noisy sums of gradients that a step makes then; those of step s
	 * are rounds s * releases and on. */
	const char *(*unprivate)(const void *cfg, const bool *given);
	uint64_t (*releases)(const void *cfg);
	/* nominal: units of a batch as the configuration has it, which sums are divided
	 * by. */
	double (*nominal)(const void *cfg);
	/* private_defaults: hyper-parameters that were not given (one flag for each of
	 * the kind's) and are others in private training, warm: from other weights on;
	 * NULL: none are. */
	void (*private_defaults)(void *cfg, const bool *given, bool warm);
	/* count_share: the part of the budget of privacy that private training takes to
	 * count, once and with noise, what the net begins with; warm: it begins at
	 * other weights.  NULL: nothing is counted. */
	double (*count_share)(bool warm);

	/* begin: a net at its start and what its training needs.  NULL on failure. */
	void *(*begin)(const struct lesson *l, struct ns_err *e);
	/*
	 * step: number step (0, 1, ...); column[n_columns] is written.  1: the last
	 * one, there is no more to be learnt.  NS_ENUMERIC where a number is not
	 * finite.  All draws are numbered by step, so that a run which is resumed makes
	 * the same.
	 */
	int (*step)(void *s, uint64_t step, const struct spent *spent, double *column,
	    struct ns_err *e);
	/* say: what -v shows of a step's columns, appended as " key=value". */
	void (*say)(const double *column, struct buf *b);
	/* save, load: arrays that with the number of steps are the whole state. */
	int (*save)(const void *s, struct nsr_writer *w, struct ns_err *e);
	int (*load)(void *s, struct nsr_reader *r, struct ns_err *e);
	/* settle: after the last of so many steps: the net is whole, its weights
	 * finite, else NS_ENUMERIC. */
	int (*settle)(void *s, uint64_t steps, struct ns_err *e);
	/* snapshot: after so many steps: to net, fresh from kind->net_new, what settle
	 * and end would give now; the state and all steps to come are as without.
	 * NULL: the kind has no --snapshots. */
	int (*snapshot)(void *s, uint64_t steps, void *net, struct ns_err *e);
	/* end: frees all but the net, which goes to the caller, for kind->net_free. */
	void *(*end)(void *s);

	/* put_meta: META train.* of the kind's own; columns of the last step. */
	int (*put_meta)(const void *net, const double *column, struct nsr_writer *w,
	    struct ns_err *e);
};

/* All there are, ended by NULL; the first is the default. */
extern const struct learner_ops *const learners[];
/* learner_of: by the name of the kind, NULL if there is none. */
const struct learner_ops *learner_of(const char *kind);

#endif
