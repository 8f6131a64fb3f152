/* learn.h: a GAN learns one chunk. */
#ifndef NS_TRAIN_GAN_LEARN_H
#define NS_TRAIN_GAN_LEARN_H

#include "learner.h"

extern const struct learner_ops gan_learner;

#endif
