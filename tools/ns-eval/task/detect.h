/*
 * detect.h: detecting a botnet: classifiers tell the packets between two hosts of the
 * candidate from those of benign traffic, by their lengths (botnet.h).
 *
 * Of either kind 80 % of the pairs, at random, are for training, the others for
 * testing; of more than DETECT_PAIRS as many are drawn.  Values: learnt from benign
 * traffic and the candidate, asked about benign traffic and the reference; and how far
 * the accuracies of the published experiment, where training and test pairs are of one
 * trace, are from those of the reference.
 * Source: the reproduction of NetShare at Purdue University (CS 536, fall 2022).
 */
#ifndef EVAL_DETECT_H
#define EVAL_DETECT_H

#include "data/metric.h"
#include "learn/learner.h"

#define DETECT_PAIRS 5000

/* Places of the values; NAN without benign traffic or with fewer than 10 pairs. */
enum {
	DETECT_ACCURACY = 0, /* + enum learner */
	DETECT_MEAN = LEARNERS,
	DETECT_GAP,  /* mean |candidate's own accuracy - the reference's own| */
	DETECT_RANK, /* Spearman of those accuracies */
	DETECT_VALUES
};
battery_fn botnet_battery;

/* botnet_own: accuracy by enum learner where training and test are benign traffic and
 * s; kept with the side.  NULL as above. */
const double *botnet_own(const struct pair *p, struct side *s);

/* botnet_rank: Spearman of the own accuracies of s and of the reference, of the
 * learners that this build has; NAN as above. */
double botnet_rank(const struct pair *p, struct side *s);

#endif
