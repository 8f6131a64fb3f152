#include "ar/pace.h"

#include "base/vector.h"

#define WARM_STEPS 50

double
pace_rate(const struct ar_config *c, uint64_t step, double done)
{
	double warm = step < WARM_STEPS ? (double)(step + 1) / WARM_STEPS : 1;

	return c->lr * warm * (0.5 + 0.5 * cos(3.14159265358979323846 * done));
}

real
pace_keep(const struct ar_config *c, uint64_t step)
{
	double past = (double)step, keep = (1 + past) / (10 + past);

	return (real)(keep < c->average ? keep : c->average);
}

VECTOR_CLONES void
pace_average(real *mean, const real *w, real keep, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		mean[i] = keep * mean[i] + (1 - keep) * w[i];
}
