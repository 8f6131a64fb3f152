/*
 * sample.h: series of autoregressive models, however they were trained: their lengths
 * first (plan.h), then their attributes, block by block (attrs.h), then their steps,
 * some series at a time (series.h).
 */
#ifndef NS_SAMPLE_AR_SAMPLE_H
#define NS_SAMPLE_AR_SAMPLE_H

#include "sampler.h"

extern const struct sampler_ops ar_sampler, adversarial_sampler;

#endif
