/* axis.h: the range of an axis and the ticks on it. */
#ifndef EVAL_AXIS_H
#define EVAL_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#define TICKS_MAX 24

struct tick {
	double at;
	char label[24]; /* UTF-8 */
};

struct axis {
	double lo, hi; /* lo < hi; above 0 where log */
	bool log;
	struct tick tick[TICKS_MAX];
	size_t n;
};

/*
 * axis_fit: ticks at 1, 2 or 5 times powers of ten for values from lo to hi, at most
 * about most of them.  wide: the range grows to full ticks.  Equal bounds are moved
 * apart; for log both are above 0.
 */
void axis_fit(struct axis *a, double lo, double hi, bool log, bool wide, size_t most);

/* axis_place: where v stands between lo (0) and hi (1). */
double axis_place(const struct axis *a, double v);

/* axis_label_width: characters of the longest label. */
size_t axis_label_width(const struct axis *a);

/* number_label: v, not 0, in two digits or so: 0.25, 20k, 1.5M, 2·10⁻⁵. */
void number_label(char *out, size_t size, double v);

#endif
