/*
 * iteration.h: the matrix products of one training iteration, and how many operations
 * the mathematics needs.
 */
#ifndef BENCH_ITERATION_H
#define BENCH_ITERATION_H

#include "gan/gan.h"
#include "products.h"

/*
 * products_of: those of the iteration that g has just done.  Series made in it are
 * taken to be as long as those of its last critic round.
 *
 * Derivation.  A layer of out units on in inputs costs 2 out in operations a row and
 * pass. Rows of a critic round: B real, B fake, B between; L layers, the first on the
 * columns that a row has (c), and where c is written the sum over rows of out_1 times
 * their columns stands for it: forward          3B rows through layers 1 .. L backward
 * 3B rows back through layers L .. 2 input gradient    B rows between back through
 * layer 1 tangent           B rows between through layers 1 .. L - 1 weight gradients
 * 3B rows, one product d^T a a layer, 1 .. L in each of d_rounds rounds, for both
 * critics.  The generator is not differentiated there: its attribute net runs forward
 * once a minibatch (the noise of a minibatch is drawn once), its recurrence forward
 * once a round, a row only until its end flag.  Its own step: both critics forward and
 * back to the input on B fakes, without weight gradients; the attribute net back
 * through layers L .. 2 and its weight gradients; the recurrence back, once.  What the
 * hard attributes add to the gates is the same at every step of a series and counts
 * once a series, forward and for its weights.
 */
void products_of(struct products *q, const struct gan *g);

#endif
