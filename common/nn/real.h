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

#include "base/vector.h"

#ifdef NN_DOUBLE
typedef double real;
#define r_sqrt sqrt
#else
typedef float real;
#define r_sqrt sqrtf
#endif

#endif
