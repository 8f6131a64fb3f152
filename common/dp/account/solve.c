/* How much noise a budget needs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dp/account/pld.h"

/* Sigma is told in units of this. */
#define DIGIT 1e-4
/* More noise than this nobody adds. */
#define SIGMA_MAX 1e6
#define MOST (SIGMA_MAX / DIGIT)
/* Where sigma is large its last digits change nothing. */
#define CLOSE 1e-6
/* How near to the least what is enough by Renyi divergence is brought. */
#define NEAR 1.03

/* The others, and behind them the one whose sigma is sought. */
struct sought {
	struct dp_mechanism *m;
	size_t n;
	double epsilon, delta;
	/* digits that are surely enough, and that surely are not */
	double enough, little;
};

static void
note(struct sought *s, double digits, bool enough)
{
	if (enough)
		s->enough = fmin(s->enough, digits);
	else
		s->little = fmax(s->little, digits);
}

/* About, and most likely on the right side of the budget. */
static double
epsilon_at(struct sought *s, double digits)
{
	double epsilon;
	bool close;

	s->m[s->n - 1].sigma = digits * DIGIT;
	epsilon = pld_epsilon_foreseen(s->m, s->n, s->delta, s->epsilon, &close);
	if (close)
		note(s, digits, epsilon <= s->epsilon);
	return epsilon;
}

static bool
is_enough(struct sought *s, double digits)
{
	s->m[s->n - 1].sigma = digits * DIGIT;
	if (digits < s->enough && digits > s->little)
		note(s, digits, pld_epsilon_within(s->m, s->n, s->delta, s->epsilon));
	return digits >= s->enough;
}

static bool
is_enough_by_rdp(struct sought *s, double digits)
{
	s->m[s->n - 1].sigma = digits * DIGIT;
	return dp_rdp_epsilon(s->m, s->n, s->delta, NULL) <= s->epsilon;
}

/* A sigma, in digits, that is enough by Renyi divergence, which is cheap and asks for
 * more; infinite where none is. */
static double
enough_by_rdp(struct sought *s)
{
	double low, high = round(1 / DIGIT), middle;

	if (is_enough_by_rdp(s, high))
		while ((low = floor(high / 2)) > 0 && is_enough_by_rdp(s, low))
			high = low;
	else
		do {
			low = high;
			high *= 2;
			if (low * DIGIT > SIGMA_MAX)
				return INFINITY;
		} while (!is_enough_by_rdp(s, high));
	while (high - low > 1 && high > low * NEAR) {
		middle = ceil((low + high) / 2);
		if (is_enough_by_rdp(s, middle))
			high = middle;
		else
			low = middle;
	}
	return high;
}

/* Where the budget lies between two sigmas, if epsilon is a power of sigma there. */
static double
between(const struct sought *s, double low, double at_low, double high, double at_high)
{
	double part = log(at_low / s->epsilon) / log(at_low / at_high);

	if (!(at_high > 0) || !isfinite(at_low) || !(part > 0 && part < 1))
		return sqrt(low * high);
	return low * pow(high / low, part);
}

/* The least of a bracket: epsilon is above the budget at low, within it at high.  Each
 * guess is tried from the side that the last one missed. */
static double
narrow(struct sought *s, double low, double at_low, double high, double at_high)
{
	double guess, at;
	int same = 0; /* guesses in a row that fell on one side */

	while (high - low > fmax(1, CLOSE * high)) {
		guess = between(s, low, at_low, high, at_high);
		if (abs(same) > 1)
			guess = sqrt(low * high);
		guess = same > 0 ? floor(guess) : ceil(guess);
		guess = fmin(fmax(guess, low + 1), high - 1);
		at = epsilon_at(s, guess);
		if (at <= s->epsilon) {
			high = guess;
			at_high = at;
			same = same > 0 ? same + 1 : 1;
		} else {
			low = guess;
			at_low = at;
			same = same < 0 ? same - 1 : -1;
		}
	}
	return high;
}

/* The least that surely is enough, from where it is foreseen: by steps that double,
 * then by halves; infinite where none is. */
static double
settle(struct sought *s, double digits)
{
	double unit = fmax(1, floor(CLOSE * digits)), step = unit, low, high, middle;

	low = high = digits;
	if (is_enough(s, digits))
		while ((low = fmax(high - step, 0)) > 0 && is_enough(s, low)) {
			high = low;
			step *= 2;
		}
	else
		while (!is_enough(s, high = low + step)) {
			if (high > MOST)
				return INFINITY;
			low = high;
			step *= 2;
		}
	while (high - low > unit) {
		middle = floor((low + high) / 2);
		if (is_enough(s, middle))
			high = middle;
		else
			low = middle;
	}
	return high;
}

static int
no_noise(const struct sought *s, struct ns_err *e)
{
	return ns_fail(e, NS_EUSAGE, "no noise keeps epsilon within %g", s->epsilon);
}

/* From above down to a sigma that is too little, then between. */
static int
solve(struct sought *s, double *sigma, struct ns_err *e)
{
	double high = fmin(enough_by_rdp(s), MOST), low, at_high, at_low, found;

	at_high = epsilon_at(s, high);
	if (at_high > s->epsilon)
		return no_noise(s, e);
	for (low = ceil(high * 0.8);; low = floor(low * 0.7)) {
		if (low < 1) {
			low = 0;
			at_low = INFINITY;
			break;
		}
		at_low = epsilon_at(s, low);
		if (at_low > s->epsilon)
			break;
		high = low;
		at_high = at_low;
	}
	found = settle(s, narrow(s, low, at_low, high, at_high));
	if (found > MOST)
		return no_noise(s, e);
	*sigma = found * DIGIT;
	return NS_OK;
}

int
dp_solve_sigma(double q, uint64_t steps, const struct dp_mechanism *others, size_t n,
    double epsilon, double delta, double *sigma, struct ns_err *e)
{
	struct sought s = {.n = n + 1,
	    .epsilon = epsilon,
	    .delta = delta,
	    .enough = INFINITY};
	int rc = NS_OK;

	if (n > 0 && !pld_epsilon_within(others, n, delta, epsilon))
		return ns_fail(e, NS_EUSAGE,
		    "what has been spent is epsilon %.3f already, more than %g",
		    dp_round_up(dp_pld_epsilon(others, n, delta)), epsilon);
	*sigma = 0;
	if (q <= 0 || steps == 0)
		return NS_OK;
	s.m = xcalloc(s.n, sizeof *s.m);
	if (n > 0)
		memcpy(s.m, others, n * sizeof *s.m);
	s.m[n].q = q;
	s.m[n].steps = steps;
	rc = solve(&s, sigma, e);
	free(s.m);
	return rc;
}
