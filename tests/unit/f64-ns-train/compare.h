/* compare.h: comparison with what PyTorch has, in a header before this one. */
#ifndef TEST_COMPARE_H
#define TEST_COMPARE_H

#include <string.h>

#include "model/params.h"

static inline void
near(double got, double want)
{
	if (!(fabs(got - want) < 1e-12 * (1 + fabs(want))))
		fail_msg("%.17g, PyTorch has %.17g", got, want);
}

static inline const struct param *
find(const struct params *p, const char *name)
{
	int i;

	for (i = 0; i < p->n; i++)
		if (strcmp(p->v[i].name, name) == 0)
			return &p->v[i];
	fail_msg("no array '%s'", name);
	return NULL;
}

static inline void
check_gradient(const struct gradient *want, const real *g)
{
	double square = 0, along = 0;
	int j;

	for (j = 0; j < want->n; j++) {
		square += g[j] * g[j];
		along += g[j] * cos(.37 * j);
	}
	near(sqrt(square), want->norm);
	near(along, want->along);
	for (j = 0; j < 3; j++)
		near(g[want->at[j]], want->top[j]);
}

#endif
