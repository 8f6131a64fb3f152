/*
 * botnet.h: what the detection of botnets is learnt from: how long the packets between
 * two hosts are.
 */
#ifndef EVAL_BOTNET_H
#define EVAL_BOTNET_H

#include "data/side.h"

#define HISTOGRAM_BINS 23 /* of 64 bytes: IP lengths below 1472 */

/*
 * pair_histograms: a row for each pair of source and destination of a packet trace.
 *
 *   result  (*n, HISTOGRAM_BINS), row-major: packets in each bin; to be freed
 *
 * Longer packets do not count; a pair without others has no row.  Rows are in the order
 * in which source and destination addresses first occur.  *n is 0 for a trace of flow
 * records.
 *
 * Source: Barradas et al., "FlowLens: enabling efficient flow classification for
 * ML-based network security applications", NDSS 2021, flow markers of lengths >> 6.
 */
float *pair_histograms(const struct side *s, size_t *n);

#endif
