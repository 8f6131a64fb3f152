/* adversarial.h: learns the autoregressive nets against critics. */
#ifndef NS_TRAIN_ADV_ADVERSARIAL_H
#define NS_TRAIN_ADV_ADVERSARIAL_H

#include "learner.h"

extern const struct learner_ops adversarial_learner;

#endif
