/*
 * view.h: the part of the plane that a figure shows, and the points of its series as
 * they are drawn: few enough for a page, and none lost on a logarithmic axis.
 */
#ifndef EVAL_VIEW_H
#define EVAL_VIEW_H

#include "axis.h"
#include "figure/figure.h"

struct view {
	const struct figure *f;
	struct axis x, y;
	/* The smallest x above 0: where those of 0 and below are drawn on a logarithmic
	 * axis; such y are drawn at the axis' lower end. */
	double x_least;
	bool x_moved, y_moved; /* there are such values */
};

/* view_init: of any kind but FIGURE_HEAT.  False: there is not one number to draw. */
bool view_init(struct view *v, const struct figure *f);

struct points {
	double *x, *y, *dev; /* dev NAN: none */
	size_t n, cap;
};

/*
 * view_points: the points of one series, replacing those in p.  At most about 500 of
 * FIGURE_STEPS (the last of each 1/400 of the axis) and 800 of FIGURE_LINES (the least
 * and the greatest of each).  Steps start at 0 and go on to the right end of the axis.
 */
void view_points(const struct view *v, const struct curve *s, struct points *p);
void points_free(struct points *p);

/* series_is_empty: not one finite number. */
bool series_is_empty(const struct curve *s);

/* series_has_marks: its points are few, so that each is marked on its line. */
bool series_has_marks(const struct figure *f, const struct curve *s);

#endif
