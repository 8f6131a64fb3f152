/*
 * sums.h: long sums.  They run over short stretches in real, side by side, and over
 * those in double: the order is fixed, whatever the width of the processor's vectors.
 */
#ifndef NN_SUMS_H
#define NN_SUMS_H

#include <stddef.h>

#include "nn/real.h"

/* columns_add: sum[j] += x[0][j] + x[1][j] + ... over rows of n, ld apart. */
void columns_add(real *sum, const real *x, int ld, long rows, int n);
/* sum_squares: x[0]^2 + x[1]^2 + ...  sum_squares_on: goes on from a sum of those
 * before, as if all had been summed at once where these are a multiple of SUM_STRETCH.
 */
enum { SUM_STRETCH = 1024 };
double sum_squares(const real *x, size_t n);
double sum_squares_on(double sum, const real *x, size_t n);

#endif
