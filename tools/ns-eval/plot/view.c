#include "view.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#define COLUMNS 400 /* of an axis, about one pixel each */

struct span {
	double lo, hi;
	double least; /* above 0 */
	bool at_zero; /* a value is 0 or less */
};

static void
span_add(struct span *s, double v)
{
	s->lo = fmin(s->lo, v);
	s->hi = fmax(s->hi, v);
	if (v > 0)
		s->least = fmin(s->least, v);
	else
		s->at_zero = true;
}

static bool
is_drawn(const struct curve *s, size_t i)
{
	return isfinite(s->y[i]) && (s->x == NULL || isfinite(s->x[i]));
}

bool
series_is_empty(const struct curve *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (is_drawn(s, i))
			return false;
	return true;
}

static void
span_series(struct span *x, struct span *y, const struct curve *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (!is_drawn(s, i))
			continue;
		span_add(x, s->x[i]);
		span_add(y, s->y[i]);
		if (s->dev == NULL || !isfinite(s->dev[i]))
			continue;
		y->lo = fmin(y->lo, s->y[i] - s->dev[i]);
		y->hi = fmax(y->hi, s->y[i] + s->dev[i]);
	}
}

bool
series_has_marks(const struct figure *f, const struct curve *s)
{
	return f->kind == FIGURE_LINES && s->n <= 24 && s->role != ROLE_LIMIT;
}

static bool
has_marks(const struct figure *f)
{
	for (size_t k = 0; k < f->n; k++)
		if (f->series[k].n > 0 && series_has_marks(f, &f->series[k]))
			return true;
	return false;
}

static void
fit_x(struct view *v, const struct span *x)
{
	if (v->f->kind == FIGURE_BARS) {
		double n = (double)v->f->n_categories;

		axis_fit(&v->x, -0.5, fmax(n - 0.5, x->hi + 0.5), false, false, 1);
		v->x.n = 0;
		return;
	}
	v->x_least = x->least;
	if (v->f->log_x && isfinite(x->least)) {
		v->x_moved = x->at_zero;
		axis_fit(&v->x, x->least, x->hi, true, false, 6);
	} else {
		double rim = has_marks(v->f) ? (x->hi - x->lo) * 0.03 : 0;

		axis_fit(&v->x, x->lo - rim, x->hi + rim, false, false, 6);
	}
}

/* Bars stand on the lower end, so that it has to be below the smallest. */
static void
fit_log_y(struct view *v, const struct span *y)
{
	double lo = v->f->y_min > 0     ? v->f->y_min
	    : v->f->kind == FIGURE_BARS ? y->least / 2
					: y->least;
	double hi = v->f->y_max > lo ? v->f->y_max : fmax(y->hi, lo);

	v->y_moved = y->at_zero;
	axis_fit(&v->y, lo, hi, true, isnan(v->f->y_min) || isnan(v->f->y_max), 6);
}

static void
fit_y(struct view *v, const struct span *y)
{
	const struct figure *f = v->f;
	double lo = y->lo, hi = y->hi;

	if (f->log_y && isfinite(y->least)) {
		fit_log_y(v, y);
		return;
	}
	if (f->kind == FIGURE_STEPS && lo >= 0 && hi <= 1) {
		lo = 0;
		hi = 1;
	} else if (f->kind == FIGURE_BARS) {
		lo = fmin(lo, 0);
		hi = fmax(hi, 0);
	}
	lo = isnan(f->y_min) ? lo : f->y_min;
	hi = isnan(f->y_max) ? fmax(hi, lo) : fmax(f->y_max, lo);
	axis_fit(&v->y, lo, hi, false, isnan(f->y_min) || isnan(f->y_max), 6);
}

bool
view_init(struct view *v, const struct figure *f)
{
	struct span x = {INFINITY, -INFINITY, INFINITY, false}, y = x;

	for (size_t k = 0; k < f->n; k++)
		span_series(&x, &y, &f->series[k]);
	if (x.lo > x.hi)
		return false;
	v->f = f;
	v->x_moved = v->y_moved = false;
	fit_x(v, &x);
	fit_y(v, &y);
	return true;
}

static void
points_add(struct points *p, double x, double y, double dev)
{
	size_t cap[3] = {p->cap, p->cap, p->cap};

	xgrow(&p->x, &cap[0], p->n + 1, sizeof *p->x);
	xgrow(&p->y, &cap[1], p->n + 1, sizeof *p->y);
	xgrow(&p->dev, &cap[2], p->n + 1, sizeof *p->dev);
	p->cap = cap[0];
	p->x[p->n] = x;
	p->y[p->n] = y;
	p->dev[p->n++] = dev;
}

void
points_free(struct points *p)
{
	free(p->x);
	free(p->y);
	free(p->dev);
	*p = (struct points){0};
}

static double
shown_x(const struct view *v, double x)
{
	return v->x.log && x <= 0 ? v->x_least : x;
}

static double
shown_y(const struct view *v, double y)
{
	return v->y.log && y <= 0 ? v->y.lo : y;
}

static int
column_of(const struct view *v, double x)
{
	return (int)floor(axis_place(&v->x, x) * COLUMNS);
}

/* The first point stays whatever follows, so that the curve starts where it should. */
static void
add_steps(const struct view *v, const struct curve *s, struct points *p)
{
	int last = -1;

	for (size_t i = 0; i < s->n; i++) {
		double x, y;

		if (!is_drawn(s, i))
			continue;
		x = shown_x(v, s->x[i]);
		y = shown_y(v, s->y[i]);
		if (p->n == 0)
			points_add(p, x, v->y.log ? y : fmin(y, 0), NAN);
		if (column_of(v, x) == last)
			p->n--;
		points_add(p, x, y, NAN);
		last = column_of(v, x);
	}
	if (p->n > 0 && p->x[p->n - 1] < v->x.hi)
		points_add(p, v->x.hi, p->y[p->n - 1], NAN);
}

static void
add_point(const struct view *v, const struct curve *s, size_t i, struct points *p)
{
	points_add(p, shown_x(v, s->x[i]),
	    isfinite(s->y[i]) ? shown_y(v, s->y[i]) : NAN,
	    s->dev != NULL ? s->dev[i] : NAN);
}

/* The least and the greatest of points i .. end-1, in their order. */
static void
add_extremes(const struct view *v, const struct curve *s, size_t i, size_t end,
    struct points *p)
{
	size_t lo = i, hi = i;

	for (size_t j = i; j < end; j++) {
		lo = s->y[j] < s->y[lo] ? j : lo;
		hi = s->y[j] > s->y[hi] ? j : hi;
	}
	add_point(v, s, lo < hi ? lo : hi, p);
	if (lo != hi)
		add_point(v, s, lo < hi ? hi : lo, p);
}

static void
add_lines(const struct view *v, const struct curve *s, struct points *p)
{
	bool thin = s->n > COLUMNS;

	for (size_t i = 0, end; i < s->n; i = end) {
		int c;

		end = i + 1;
		if (!isfinite(s->x[i]))
			continue;
		c = column_of(v, shown_x(v, s->x[i]));
		while (thin && is_drawn(s, i) && end < s->n && is_drawn(s, end) &&
		    column_of(v, shown_x(v, s->x[end])) == c)
			end++;
		add_extremes(v, s, i, end, p);
	}
}

static void
add_bars(const struct view *v, const struct curve *s, struct points *p)
{
	for (size_t i = 0; i < s->n; i++)
		if (is_drawn(s, i))
			add_point(v, s, i, p);
}

void
view_points(const struct view *v, const struct curve *s, struct points *p)
{
	p->n = 0;
	if (v->f->kind == FIGURE_STEPS)
		add_steps(v, s, p);
	else if (v->f->kind == FIGURE_LINES)
		add_lines(v, s, p);
	else
		add_bars(v, s, p);
}
