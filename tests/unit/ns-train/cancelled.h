/* cancelled.h: a test of sunk.h, of units whose rows cancel. */
#ifndef CANCELLED_H
#define CANCELLED_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ar/sink.h"
#include "base/mem.h"
#include "base/rng.h"

/* Half of the rows against the other half, and little more: clipped, it is no longer
 * than that. */
static inline void
sunk_cancelled(double size, bool in_turn)
{
	enum { OUT = 32, IN = 48, N = 16384 };
	struct sink *s = sink_new();
	real *d = xcalloc(N * OUT, sizeof *d), *x = xcalloc(N * IN, sizeof *x), part;
	real *grad = xcalloc(OUT * IN, sizeof *grad);
	int *unit = xcalloc(N, sizeof *unit), i, j;
	struct rng r;
	double square;

	rng_init(&r, 53, 0);
	for (j = 0; j < OUT; j++)
		d[j] = (real)(rng_uniform(&r) - .5);
	for (j = 0; j < IN; j++)
		x[j] = (real)(rng_uniform(&r) - .3);
	for (i = N - 1; i >= 0; i--) {
		double by = size * (1 + 1e-3 * (rng_uniform(&r) - .5)) *
		    ((in_turn ? i % 2 : i < N / 2) ? 1 : -1);

		for (j = 0; j < OUT; j++)
			d[i * OUT + j] =
			    (real)(by * (double)d[j]) + (j == 3 ? (real)3 / N : 0);
		memcpy(x + i * IN, x, IN * sizeof *x);
	}
	sink_begin(s, 1);
	sink_matrix(s, grad, OUT, IN, sink_keep(s, (struct rows){d, OUT, N, unit}, OUT),
	    x, IN);
	part = (real)((1 - 1e-4) / sink_length(s, 0));
	sink_pour(s, &part);
	for (square = 0, i = 0; i < OUT * IN; i++)
		square += (double)grad[i] * (double)grad[i];
	if (!(sqrt(square) <= 1))
		fail_msg("clipped to 1, it is %.9g long", sqrt(square));
	sink_free(s);
	free(unit);
	free(grad);
	free(x);
	free(d);
}

static void
what_cancels_is_clipped(void **state)
{
	double size;

	(void)state;
	for (size = .01; size < 2000; size *= 10) {
		sunk_cancelled(size, true);
		sunk_cancelled(size, false);
	}
}

#endif
