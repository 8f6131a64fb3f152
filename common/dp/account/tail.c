#include "dp/account/tail.h"

#include <math.h>

/* Above this erfc comes near the least number there is, and five terms of its series at
 * infinity are exact to 1e-12. */
#define LARGE 20

static const double sqrt_2 = 1.4142135623730950488;
static const double log_sqrt_pi = 0.57236494292470008707;
static const double log_2 = 0.69314718055994530942;

double
dp_log_erfc(double x)
{
	double y;

	if (x < LARGE)
		return log(erfc(x));
	if (isinf(x))
		return -INFINITY;
	y = 1 / (2 * x * x);
	return -x * x - log(x) - log_sqrt_pi +
	    log1p(y * (-1 + y * (3 + y * (-15 + y * 105))));
}

double
dp_tail(double x)
{
	return erfc(x / sqrt_2) / 2;
}

double
dp_log_tail(double x)
{
	return dp_log_erfc(x / sqrt_2) - log_2;
}
