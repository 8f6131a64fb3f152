/*
 * real.h: the number networks are made of: float, or double where the library is built
 * with NN_DOUBLE (gradient checks).
 *
 * Legend for this folder: B rows of a batch, T steps, in/out widths, H hidden width.
 * All matrices are row-major and dense.  Numeric code owns nothing: it gets views.
 * Gradients of parameters are ADDED to what is there; gradients of inputs are WRITTEN.
 */
#ifndef NN_REAL_H
#define NN_REAL_H

#include <math.h>

#ifdef NN_DOUBLE
typedef double real;
#define r_exp exp
#define r_tanh tanh
#define r_sqrt sqrt
#else
typedef float real;
#define r_exp expf
#define r_tanh tanhf
#define r_sqrt sqrtf
#endif

/*
 * Loops that gain from wide vectors are compiled once for each width, and the loader
 * takes what the processor has.  Products and sums are not fused (-ffp-contract=off),
 * so all of them give the same bits.  Sanitizers cannot be loaded that early.
 */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) &&                  \
    !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&                           \
    !defined(__SANITIZE_THREAD__) && !defined(NN_DOUBLE)
#define NN_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define NN_CLONES
#endif

/* In front of a loop whose turns do not depend on each other, though its arrays may be
 * the same one. */
#ifdef __clang__
#define NN_VECTOR _Pragma("clang loop vectorize(assume_safety)")
#else
#define NN_VECTOR _Pragma("GCC ivdep")
#endif

#endif
