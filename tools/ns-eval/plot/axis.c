#include "axis.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "markup.h"

/* How far a value may lie outside a bound by rounding, in steps. */
#define SLACK 1e-6

static int
decimals_of(double step)
{
	int d = step < 1 ? (int)ceil(-log10(step) - SLACK) : 0;

	return d < 9 ? d : 9;
}

static void
put_power(char *out, size_t size, int e)
{
	static const char *const digit[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸",
	    "⁹"};
	char text[16];
	size_t n;

	snprintf(out, size, "10%s", e < 0 ? "⁻" : "");
	snprintf(text, sizeof text, "%d", e < 0 ? -e : e);
	for (const char *p = text; *p != '\0'; p++) {
		n = strlen(out);
		snprintf(out + n, size - n, "%s", digit[*p - '0']);
	}
}

/* A number below 0.001 or above 10^18. */
static void
extreme_label(char *out, size_t size, double v)
{
	int e = (int)floor(log10(fabs(v)) + SLACK);
	double m = round(v / pow(10, e) * 10) / 10;
	char power[24];

	put_power(power, sizeof power, e);
	if (m == 1)
		snprintf(out, size, "%s", power);
	else
		snprintf(out, size, "%.2g·%s", m, power);
}

/* v in the unit, of 1, k, M, ..., that suits a number like largest. */
static void
label_like(char *out, size_t size, double v, double step, double largest)
{
	static const char suffix[] = "kMGTP";
	double scale = 1;
	int k = -1;

	if (fabs(v) < step * SLACK) {
		snprintf(out, size, "0");
		return;
	}
	if (fabs(v) < 1e-3 || fabs(v) >= 1e18) {
		extreme_label(out, size, v);
		return;
	}
	for (; largest >= scale * 1e3 * (1 - SLACK) && k < 4; k++)
		scale *= 1e3;
	if (k < 0)
		snprintf(out, size, "%.*f", decimals_of(step), v);
	else
		snprintf(out, size, "%.*f%c", decimals_of(step / scale), v / scale,
		    suffix[k]);
}

void
number_label(char *out, size_t size, double v)
{
	double power = pow(10, floor(log10(fabs(v)) + SLACK));

	label_like(out, size, v, v == round(v / power) * power ? power : power / 10,
	    fabs(v) >= 1e3 ? fabs(v) : 1);
}

static double
nice_step(double span, size_t most)
{
	double raw = span / (double)most, power = pow(10, floor(log10(raw)));
	double m = raw / power;

	return power * (m <= 1 + SLACK ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10);
}

static void
fit_linear(struct axis *a, bool wide, size_t most)
{
	double step = nice_step(a->hi - a->lo, most);
	double first = ceil(a->lo / step - SLACK), last = floor(a->hi / step + SLACK);
	double largest;

	if (wide) {
		first = floor(a->lo / step + SLACK);
		last = ceil(a->hi / step - SLACK);
		a->lo = fmin(a->lo, first * step);
		a->hi = fmax(a->hi, last * step);
	}
	largest = fmax(fabs(first), fabs(last)) * step;
	for (double k = first; k <= last && a->n < TICKS_MAX; k++) {
		struct tick *t = &a->tick[a->n++];

		t->at = k == 0 ? 0 : k * step;
		label_like(t->label, sizeof t->label, t->at, step,
		    largest >= 1e4 * (1 - SLACK) ? largest : 1);
	}
}

/* Less than two powers of ten: 1, 2 and 5 times each. */
static void
fit_short_log(struct axis *a)
{
	static const double factor[] = {1, 2, 5};

	for (int e = (int)floor(log10(a->lo)); e <= (int)ceil(log10(a->hi)); e++)
		for (size_t i = 0; i < 3; i++) {
			double at = factor[i] * pow(10, e);
			struct tick *t = &a->tick[a->n];

			if (at < a->lo * (1 - SLACK) || at > a->hi * (1 + SLACK) ||
			    a->n == TICKS_MAX)
				continue;
			t->at = at;
			number_label(t->label, sizeof t->label, at);
			a->n++;
		}
}

static void
fit_log(struct axis *a, bool wide, size_t most)
{
	int first, last, every;

	if (wide) {
		a->lo = pow(10, floor(log10(a->lo) + SLACK));
		a->hi = pow(10, ceil(log10(a->hi) - SLACK));
	}
	first = (int)ceil(log10(a->lo) - SLACK);
	last = (int)floor(log10(a->hi) + SLACK);
	if (last - first < 2) {
		fit_short_log(a);
		return;
	}
	every = (last - first + (int)most - 1) / (int)most;
	for (int e = first; e <= last && a->n < TICKS_MAX; e += every) {
		struct tick *t = &a->tick[a->n++];

		t->at = pow(10, e);
		number_label(t->label, sizeof t->label, t->at);
	}
}

void
axis_fit(struct axis *a, double lo, double hi, bool log, bool wide, size_t most)
{
	assert(lo <= hi && (!log || lo > 0) && most > 0);
	if (hi - lo <= fabs(hi) * 1e-12) {
		double d = lo != 0 ? fabs(lo) * 0.1 : 0.5;

		hi = log ? hi * 2 : hi + d;
		lo = log ? lo / 2 : lo - d;
	}
	a->lo = lo;
	a->hi = hi;
	a->log = log;
	a->n = 0;
	if (log)
		fit_log(a, wide, most);
	else
		fit_linear(a, wide, most);
}

double
axis_place(const struct axis *a, double v)
{
	if (a->log)
		return log(v / a->lo) / log(a->hi / a->lo);
	return (v - a->lo) / (a->hi - a->lo);
}

size_t
axis_label_width(const struct axis *a)
{
	size_t widest = 0;

	for (size_t i = 0; i < a->n; i++) {
		size_t n = text_chars(a->tick[i].label);

		widest = n > widest ? n : widest;
	}
	return widest;
}
