/* likelihood.h: the autoregressive kind as a learner. */
#ifndef NS_TRAIN_AR_LIKELIHOOD_H
#define NS_TRAIN_AR_LIKELIHOOD_H

#include "learner.h"

extern const struct learner_ops ar_learner;

#endif
