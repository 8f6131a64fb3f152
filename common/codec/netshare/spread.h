/*
 * spread.h: rows of unit length that a nearest row search can tell apart.
 */
#ifndef CODEC_NETSHARE_SPREAD_H
#define CODEC_NETSHARE_SPREAD_H

#include <stdint.h>

/* Two rows are closer than this only if rounding could confuse their cosines: the
 * length of a float row is off by up to 1e-7, a distance of 1e-3 costs 5e-7. */
#define SPREAD_LEAST 1e-3f

/*
 * spread_unit_rows: scale each of n rows of v (n, dim) to length 1, then push rows that
 * are closer than SPREAD_LEAST to another apart by small random moves, drawn from seed,
 * until none is.  A row of zeros becomes a random one.
 */
void spread_unit_rows(float *v, uint32_t n, uint32_t dim, uint64_t seed);

#endif
