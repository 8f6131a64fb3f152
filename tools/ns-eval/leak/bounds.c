#include "bounds.h"

#include <math.h>

#include "stats/sort.h"

#define TAIL .0013498980316300933 /* of a normal distribution above BOUND_SIGMAS */

double
sign_bound(int64_t *w, size_t n)
{
	double rest = 0, top = 0, least, bound;

	sort_i64(w, n);
	for (size_t i = 0; i < n; i++)
		rest += (double)w[i] * (double)w[i];
	least = BOUND_SIGMAS * sqrt(rest);
	for (size_t i = n; i-- > 0;) {
		top += (double)w[i];
		rest -= (double)w[i] * (double)w[i];
		bound = top + BOUND_SIGMAS * sqrt(rest > 0 ? rest : 0);
		least = bound < least ? bound : least;
	}
	return least;
}

double
auc_bound(size_t m, size_t n)
{
	double a = (double)m, b = (double)n;

	return .5 + BOUND_SIGMAS * sqrt((a + b + 1) / (12 * a * b));
}

/* The probability of at most k successes of probability p in n trials. */
static double
binomial_at_most(size_t k, size_t n, double p)
{
	double term = (double)n * log1p(-p), sum = 0;

	for (size_t i = 0; i <= k && i <= n; i++) {
		sum += exp(term);
		term += log((double)(n - i) / (double)(i + 1)) + log(p / (1 - p));
	}
	return sum;
}

double
tpr_bound(size_t m, size_t n, double fpr)
{
	size_t k = (size_t)(fpr * (double)n) + 1, lo = 0, hi = m;
	double p = (double)n / (double)(m + n);

	while (k > 0 && (double)k / (double)n > fpr)
		k--;
	/* the greatest count that is not yet rare; rarity grows with the count */
	while (lo < hi) {
		size_t mid = lo + (hi - lo + 1) / 2;

		if (binomial_at_most(k, mid + k, p) > TAIL)
			lo = mid;
		else
			hi = mid - 1;
	}
	return (double)lo / (double)m;
}
