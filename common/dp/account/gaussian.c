/* The Gaussian without sampling, in closed form, and how epsilons are told. */
#include <math.h>

#include "dp/account/account.h"
#include "dp/account/tail.h"

double
dp_gaussian_delta(double mu, double epsilon)
{
	double below, shift = epsilon / mu;

	if (mu <= 0)
		return epsilon < 0 ? -expm1(epsilon) : 0;
	if (isinf(mu))
		return 1;
	below = exp(epsilon + dp_log_tail(mu / 2 + shift));
	return fmax(0, dp_tail(shift - mu / 2) - below);
}

double
dp_round_up(double epsilon)
{
	double n = ceil(epsilon * 1000);

	if (!isfinite(n))
		return epsilon;
	return n / 1000 < epsilon ? (n + 1) / 1000 : n / 1000;
}
