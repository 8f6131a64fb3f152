/*
 * Renyi divergence of the sampled Gaussian, and the epsilon it gives.
 *
 * With A = E[(P/Q)^a] under Q the divergence is ln A / (a - 1).  For whole a, A is a
 * binomial sum; for others two series, one each side of the point z0 where both parts
 * of the mixture weigh the same (Mironov, Talwar and Zhang 2019, sections 3.3).
 */
#include <math.h>

#include "dp/account/account.h"
#include "dp/account/tail.h"

/* Below this terms no longer count beside A, which is at least 1. */
#define NEGLIGIBLE (-30.0)
#define TERMS_MAX 100000
/* If more digits than these cancel, signs are left away: too much is safe. */
#define DIGITS_LOST (8 * 2.302585092994046)
/* Beyond these the bound without sampling serves: it is as good as what sampling would
 * still gain. */
#define ORDER_MAX 100000
#define SIGMA_MIN 1e-4

static const double log_2 = 0.69314718055994530942;
static const double sqrt_2 = 1.4142135623730950488;

static double
log_add(double a, double b)
{
	double top = fmax(a, b);

	return isinf(top) && top < 0 ? top : top + log1p(exp(fmin(a, b) - top));
}

/* ln(e^a - e^b) where a > b. */
static double
log_subtract(double a, double b)
{
	return a + log1p(-exp(b - a));
}

/* ln(e^x - 1) where x > 0. */
static double
log_expm1(double x)
{
	return x > 1 ? x + log1p(-exp(-x)) : log(expm1(x));
}

/* Since the binomial weights sum to 1, so does A - 1 to positive terms: small ones keep
 * their digits. */
static double
log_a_whole(double q, double sigma, double a)
{
	double excess = -INFINITY, choose = log(a), k, x;

	for (k = 2; k <= a; k++) {
		choose += log((a - k + 1) / k);
		x = k * (k - 1) / (2 * sigma * sigma);
		excess = log_add(excess,
		    choose + k * log(q) + (a - k) * log1p(-q) + log_expm1(x));
	}
	return log_add(0, excess);
}

/* One term but for the binomial: the share below z0 with i factors of the shifted
 * normal and a - i of the other, or the same above. */
static double
log_term(double q, double sigma, double a, double i, double beyond)
{
	return i * log(q) + (a - i) * log1p(-q) + i * (i - 1) / (2 * sigma * sigma) +
	    dp_log_erfc(beyond / (sqrt_2 * sigma)) - log_2;
}

static double
log_a_real(double q, double sigma, double a)
{
	double z0 = sigma * sigma * (log1p(-q) - log(q)) + 0.5;
	double plus = -INFINITY, minus = -INFINITY, choose = 0, low, high, both, less;
	int sign = 1;
	int k;

	for (k = 0; k < TERMS_MAX; k++) {
		low = choose + log_term(q, sigma, a, k, k - z0);
		high = choose + log_term(q, sigma, a, a - k, z0 - (a - k));
		both = log_add(low, high);
		if (sign > 0)
			plus = log_add(plus, both);
		else
			minus = log_add(minus, both);
		if (k > a && both < fmax(plus, 0) + NEGLIGIBLE)
			break;
		choose += log(fabs(a - k) / (k + 1));
		if (a < k)
			sign = -sign;
	}
	less = plus > minus ? log_subtract(plus, minus) : -INFINITY;
	return less < plus - DIGITS_LOST ? log_add(plus, minus) : less;
}

double
dp_rdp(double q, double sigma, double a)
{
	double whole, rho;

	if (q <= 0)
		return 0;
	if (sigma <= 0 || isinf(a))
		return INFINITY;
	whole = a / (2 * sigma * sigma); /* what q = 1 has; less of q has not more */
	if (q >= 1 || sigma < SIGMA_MIN || a > ORDER_MAX)
		return whole;
	rho = (a == floor(a) ? log_a_whole(q, sigma, a) : log_a_real(q, sigma, a)) /
	    (a - 1);
	return fmin(fmax(rho, 0), whole);
}

/* ---- From all orders to one epsilon ---- */

static double
rdp_of_all(const struct dp_mechanism *m, size_t n, double a)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		if (m[i].steps > 0)
			sum += (double)m[i].steps * dp_rdp(m[i].q, m[i].sigma, a);
	return sum;
}

/* 1.1 to 10.9 by tenths, 11 to 63, four more; 0 behind the last. */
static double
order_at(int i)
{
	static const double last[] = {128, 256, 512, 1024, 0};

	if (i < 99)
		return (11 + i) / 10.0;
	return i < 152 ? i - 88 : last[i - 152];
}

double
dp_rdp_epsilon(const struct dp_mechanism *m, size_t n, double delta, double *order)
{
	double best = INFINITY, at = order_at(0), a, rho, epsilon;
	int i;

	for (i = 0; (a = order_at(i)) > 0; i++) {
		rho = rdp_of_all(m, n, a);
		epsilon = rho > 0 ? rho + log1p(-1 / a) - log(delta * a) / (a - 1) : 0;
		if (epsilon < best) {
			best = epsilon;
			at = a;
		}
	}
	if (order != NULL)
		*order = at;
	return delta > 0 || best <= 0 ? fmax(best, 0) : INFINITY;
}
