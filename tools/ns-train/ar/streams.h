/* streams.h: numbers of the random streams of this kind's training. */
#ifndef NS_TRAIN_AR_STREAMS_H
#define NS_TRAIN_AR_STREAMS_H

#include "base/rng.h"

enum ar_purpose {
	AR_INIT = 32,
	AR_SHUFFLE,
	AR_DROP,
	AR_HOLD,
	AR_HOLD_WINDOW,
	ADV_INIT, /* of the adversarial kind alone */
	ADV_PLAY,
	ADV_ALPHA,
	ADV_SCORE
};

/* counter below 2^48 */
static inline uint64_t
ar_stream(enum ar_purpose p, uint64_t counter)
{
	return (uint64_t)p << 48 | counter;
}

#endif
