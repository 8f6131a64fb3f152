/*
 * gemm.h: the matrix products; the only file of the suite that calls CBLAS (or, built
 * with NN_NO_BLAS, a plain blocked loop).  BLAS runs single-threaded always; threads
 * are our own and take fixed parts of c, so results do not depend on their number.
 */
#ifndef NN_GEMM_H
#define NN_GEMM_H

#include "base/pool.h"
#include "nn/real.h"

/* gemm_start: force one BLAS thread.  gemm_kernel: name of the kernel in use
 * ("Haswell", "none"); gemm_chooser: who chose it: "OpenBLAS", by the processor, or the
 * environment's "OPENBLAS_CORETYPE", whose choice may be a slower one. */
void gemm_start(void);
const char *gemm_kernel(void);
const char *gemm_chooser(void);

/*
 * c (m, n) = op(a) (m, k) op(b) (k, n) + beta * c, leading dimensions lda, ldb, ldc.
 *   gemm_nt: a (m, k), b (n, k)   forward: y = x W^T
 *   gemm_nn: a (m, k), b (k, n)   input gradient: dx = dy W
 *   gemm_tn: a (k, m), b (k, n)   weight gradient: dW = dy^T x
 * beta is 0 (c is not read) or 1.  With a pool, large products are cut along the longer
 * side of c into parts that follow from m, n and k alone; without one (NULL) they are
 * done whole, which can differ in the last bits.
 */
void gemm_nt(struct pool *p, int m, int n, int k, const real *a, int lda, const real *b,
    int ldb, real beta, real *c, int ldc);
void gemm_nn(struct pool *p, int m, int n, int k, const real *a, int lda, const real *b,
    int ldb, real beta, real *c, int ldc);
void gemm_tn(struct pool *p, int m, int n, int k, const real *a, int lda, const real *b,
    int ldb, real beta, real *c, int ldc);

#endif
