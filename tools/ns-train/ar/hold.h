/*
 * hold.h: what of the data is not learnt from but judges: whole series, and windows of
 * long ones, of which there are too few to do without.
 *
 * Series of one connection go together: both directions and all that share a pair of
 * ports, where these are few.  Else a net that knows one by heart would be praised for
 * the other.
 */
#ifndef NS_TRAIN_AR_HOLD_H
#define NS_TRAIN_AR_HOLD_H

#include "ar/lanes.h"
#include "model/ar/ar.h"

struct held {
	struct ar_series *learnt, *series; /* (n_learnt), (n_series) held out */
	size_t n_learnt, n_series;
	/* the longest, which are learnt: each is the only one of its kind, and no
	 * series that is held out tells whether what it has is known */
	struct ar_series *longs;
	size_t n_longs;
	struct lane *windows; /* (n_windows) held out of the series learnt */
	size_t n_windows, cap_windows;
	double share; /* of the windows of long series */
};

/* hold_out: of n series, by the configuration's share. */
void hold_out(struct held *h, const struct ar *m, const struct ar_series *series,
    size_t n, uint64_t seed);
void hold_free(struct held *h);

/* hold_window: is the window that begins at step first held out? */
bool hold_window(const struct ar_series *s, uint32_t first, uint32_t window,
    double share, uint64_t seed);

#endif
