#include "ar/spans.h"

#include <math.h>
#include <string.h>

/* Codes from .. to - 1; n and sum are of those that nothing was told of so far. */
struct span {
	size_t from, to, n;
	double sum;
};

static struct span
span_of(const double *noisy, const double *told, size_t from, size_t to)
{
	struct span s = {from, to, 0, 0};
	size_t i;

	for (i = from; i < to; i++)
		if (told[i] <= 0) {
			s.sum += noisy[i];
			s.n++;
		}
	return s;
}

static void
tell(const struct span *s, double *told)
{
	size_t i;

	for (i = s->from; i < s->to; i++)
		if (told[i] <= 0)
			told[i] = s->sum / (double)s->n;
}

bool
spans_told(const double *noisy, size_t n, double deviation, struct spans_rule rule,
    double *told)
{
	struct span s, best = {0};
	double z, highest = 0;
	size_t size, from;
	bool any = false;

	memset(told, 0, n * sizeof *told);
	for (size = 1; size < 2 * n && size <= rule.widest; size *= 2)
		for (from = 0; from < n; from += size) {
			s = span_of(noisy, told, from,
			    from + size < n ? from + size : n);
			if (s.n == 0 || s.sum <= 0)
				continue;
			z = s.sum / sqrt((double)s.n);
			if (z >= rule.deviations * deviation) {
				tell(&s, told);
				any = true;
			} else if (z > highest) {
				highest = z;
				best = s;
			}
		}
	if (!any && highest > 0)
		tell(&best, told);
	return any;
}
