/*
 * columns.h: sums over the rows of a batch, taken BLOCK columns at a time: the running
 * sums stay in registers and rows are added in order.
 */
#ifndef NN_COLUMNS_H
#define NN_COLUMNS_H

#include "nn/real.h"

/* columns_add: sum[j] += x[0][j] + x[1][j] + ... over B rows of n, and the same to also
 * unless it is NULL.  Sums in double: an LSTM has tens of thousands of rows. */
void columns_add(real *sum, real *also, const real *x, long B, int n);

#endif
