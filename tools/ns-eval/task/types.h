/*
 * types.h: predicting the type of traffic: classifiers learn the candidate and are
 * asked about the reference.
 *
 * The class is the type of a flow record, or its label where there is one type only; of
 * a packet trace the label of a flow.  Features: ports, protocol, duration in seconds,
 * packets, bytes.  In the order of time the first 80 % are for training, the last 20 %
 * for testing; of more than TYPES_TRAIN and TYPES_TEST rows as many at random.
 * Source: Yin et al., SIGCOMM 2022, section 6.3 (train on synthetic, test on real).
 */
#ifndef EVAL_TYPES_H
#define EVAL_TYPES_H

#include "data/metric.h"
#include "learn/learner.h"

#define TYPES_TRAIN 20000
#define TYPES_TEST 10000
#define TYPES_LEARNERS 7 /* all but LEARN_LEAVES, in the order of enum learner */

/* types_learner: the i-th of them. */
enum learner types_learner(int i);

/* Places of the values; NAN where the reference has fewer than two classes. */
enum {
	TYPES_ACCURACY = 0,        /* + learner */
	TYPES_F1 = TYPES_LEARNERS, /* + learner: macro F1 */
	TYPES_MEAN_ACCURACY = 2 * TYPES_LEARNERS,
	TYPES_MEAN_F1,
	TYPES_RANK, /* Spearman of the accuracies with those of learning the reference
		     */
	TYPES_VALUES
};
battery_fn types_battery;

#endif
