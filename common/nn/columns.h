/*
 * columns.h: sums over the rows of a batch, some columns at a time: the running sums
 * stay in the nearest cache and rows are added in order.
 */
#ifndef NN_COLUMNS_H
#define NN_COLUMNS_H

#include "nn/real.h"

/* columns_add: sum[j] += x[0][j] + x[1][j] + ... over rows of n, ld apart.  Sums in
 * double: an LSTM has tens of thousands of rows. */
void columns_add(real *sum, const real *x, int ld, long rows, int n);

#endif
