/* netml_rows.h: NetML features of a whole side, for tests. */
#ifndef TEST_NETML_ROWS_H
#define TEST_NETML_ROWS_H

#include <stdlib.h>

#include "base/mem.h"
#include "task/netml.h"

/* The (*n, netml_width) rows of all flows of a side; to be freed. */
static inline float *
all_rows(const struct side *s, enum netml_mode m, const struct netml_scale *sc,
    size_t *n)
{
	struct netml_flows f;
	uint32_t *pick;
	float *x;

	netml_cut(&f, s, sc);
	*n = f.n;
	pick = xmalloc(size_mul(f.n + 1, sizeof *pick));
	for (size_t i = 0; i < f.n; i++)
		pick[i] = (uint32_t)i;
	x = netml_features(&f, m, sc, pick, f.n);
	free(pick);
	netml_free(&f);
	return x;
}

#endif
