/*
 * draw.h: series of DoppelGANgers.  In each chunk flows that go on from earlier ones
 * come first, then newly drawn ones, until as many series or records as asked for are
 * there.
 *
 * Always whole batches of DRAW_BATCH are computed, so that no number depends on how
 * many of them are used.
 */
#ifndef NS_SAMPLE_DG_DRAW_H
#define NS_SAMPLE_DG_DRAW_H

#include "model/dg/dg.h"
#include "sampler.h"

#define DRAW_BATCH 256

extern const struct sampler_ops dg_sampler;

#endif
