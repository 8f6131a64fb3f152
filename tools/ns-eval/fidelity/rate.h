/* rate.h: how traffic comes over time: counts in equal bins and their autocorrelation.
 */
#ifndef EVAL_RATE_H
#define EVAL_RATE_H

#include "data/side.h"

/* A trace longer than the real one has further bins, to this many in all; records after
 * the last count in the last. */
#define RATE_BINS_MAX 1000
#define RATE_LAGS 20

/* rate_bins: records, or new flows, in each bin of bin_ns; *n >= 1 bins, to be freed.
 */
int64_t *rate_bins(const struct side *s, bool new_flows, uint64_t bin_ns, size_t *n);

/* rate_autocorrelation: r[l - 1] for lags l = 1 .. RATE_LAGS of n counts; 0 for lags
 * beyond n and for constant counts. */
void rate_autocorrelation(double r[RATE_LAGS], const int64_t *count, size_t n);

#endif
