/*
 * anomaly.h: whether a detector of anomalies finds as many in the candidate as in the
 * reference: a one-class SVM on each of the six kinds of NetML features.
 *
 * Own ratio, as in the paper: the SVM learns a side's flows and is asked about the same
 * flows.  With nu = 0.5 this is near 0.5 for any traffic.  So there is the cross ratio
 * beside it: the SVM learns the reference's flows and is asked about the candidate's;
 * it is compared with the reference's own ratio.
 *
 * Both sides are cut and measured in the scale of the reference (task/netml.h).  Of a
 * side with more flows, ANOMALY_FLOWS are drawn at random with the seed of the
 * comparison.
 *
 * Source: Yin et al., "Practical GAN-based synthetic IP header trace generation using
 * NetShare", SIGCOMM 2022, section 6.3; Yang et al., arXiv 2006.16993.
 */
#ifndef EVAL_ANOMALY_H
#define EVAL_ANOMALY_H

#include "data/metric.h"
#include "task/netml.h"

#define ANOMALY_FLOWS 4000
#define ANOMALY_FLOWS_MIN 8 /* with fewer on a side nothing is defined */

/* Places of the values that anomaly_battery fills. */
enum {
	ANOMALY_OWN = 0, /* + enum netml_mode: |candidate - reference| / reference */
	ANOMALY_OWN_MEAN = NETML_MODES,
	ANOMALY_OWN_RANK, /* Spearman over the six own ratios */
	ANOMALY_CROSS,    /* + enum netml_mode */
	ANOMALY_CROSS_MEAN = ANOMALY_CROSS + NETML_MODES,
	ANOMALY_VALUES
};

/* anomaly_battery: ANOMALY_VALUES values; all NAN for traces of flow records, with too
 * few flows, or without an SVM (learn/oneclass.h). */
battery_fn anomaly_battery;

/*
 * anomaly_ratios: the own ratios of s by enum netml_mode, in the scale of ref; s may be
 * ref.  They are kept with the side (KEEP_ANOMALY) and valid until the next call for
 * that side with another scale or seed.
 */
const double *anomaly_ratios(struct side *s, struct side *ref, uint64_t seed,
    struct pool *pool);

#endif
