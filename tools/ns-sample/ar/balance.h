/*
 * balance.h: weights of pairs such that all of both sides are used up.
 *
 * Source: iterative proportional fitting (Deming and Stephan, Annals of Mathematical
 * Statistics 11, 1940; Sinkhorn and Knopp, Pacific Journal of Mathematics 21, 1967).
 */
#ifndef NS_SAMPLE_AR_BALANCE_H
#define NS_SAMPLE_AR_BALANCE_H

#include <stddef.h>
#include <stdint.h>

/*
 * balance_find: factors of the columns, v (k), so that with weights w v rows take the
 * columns as often as there are of them: if each of the m[i] of row i takes one by
 * n[j] w[i, j] v[j], over their sum, column j is taken n[j] times, or that part of it
 * which all rows are of all columns.
 *
 *   v (k) written   w (rows, k) read   m (rows) read   n (k) read, not below 0
 *
 * Columns that no row can take have 1.
 */
void balance_find(double *v, const float *w, const uint32_t *m, size_t rows,
    const double *n, int k);

#endif
