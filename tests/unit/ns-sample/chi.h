/*
 * chi.h: do counts come from given probabilities.  Source: Pearson's chi-square, with
 * the cube root of Wilson and Hilferty, PNAS 17, 1931, by which it is nearly normal.
 */
#ifndef TEST_CHI_H
#define TEST_CHI_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* One in ten thousand of normal numbers is above. */
#define CHI_RARE 3.72
/* Cells of fewer expected draws are taken together. */
#define CHI_CELL 10

/*
 * chi_normal: count (k) of all draws against probabilities p (k), which need not sum to
 * 1; normal if they go together, above CHI_RARE if not, below -CHI_RARE if the counts
 * are nearer than independent draws can be.  Draws of what has no probability:
 * infinite.
 */
static inline double
chi_normal(const uint64_t *count, const double *p, size_t k)
{
	double all = 0, sum = 0, chi = 0, rest = 0, want, d, cells = 0;
	uint64_t others = 0;
	size_t i;

	for (i = 0; i < k; i++) {
		sum += p[i];
		all += (double)count[i];
		if (count[i] > 0 && !(p[i] > 0))
			return INFINITY;
	}
	for (i = 0; i < k; i++) {
		want = p[i] / sum * all;
		if (want < CHI_CELL) {
			rest += want;
			others += count[i];
			continue;
		}
		d = (double)count[i] - want;
		chi += d * d / want;
		cells++;
	}
	if (rest >= CHI_CELL) {
		d = (double)others - rest;
		chi += d * d / rest;
		cells++;
	}
	if (cells < 2)
		return all > 0 ? 0 : NAN; /* no choice */
	d = 2 / (9 * (cells - 1));
	return (cbrt(chi / (cells - 1)) - (1 - d)) / sqrt(d);
}

#endif
