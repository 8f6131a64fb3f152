/*
 * figure.h: what a plot shows, apart from how it is drawn.  Whoever scores fills
 * figures; plot/ draws them.  Numbers and texts are copied and owned by the figure.
 */
#ifndef EVAL_FIGURE_H
#define EVAL_FIGURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

enum figure_kind {
	FIGURE_STEPS, /* y holds from one x to the next: cumulative distributions, which
			 are 0 before their first x; x ascends */
	FIGURE_LINES, /* a y that is NAN leaves a gap */
	FIGURE_BARS,  /* groups of bars, one group a category, one bar a series */
	FIGURE_HEAT   /* one panel a series, side by side, all on one colour scale */
};

/* Whose numbers a series holds: decides colour and dash, alike in all figures. */
enum figure_role {
	ROLE_REAL,
	ROLE_FLOOR, /* the training half, or one half of the real trace */
	ROLE_BASELINE,
	ROLE_LIMIT,    /* a line to compare with, such as y = x */
	ROLE_SYNTHETIC /* + k for the k-th synthetic trace of the report */
};

struct curve {
	char *label;
	int role;
	size_t n;
	double *x, *y; /* (n); for FIGURE_BARS x is the number of the category; for
			  FIGURE_HEAT x is NULL and y is (rows, columns) row-major */
	double *dev;   /* (n) deviation of y, drawn as an error bar; or NULL */
};

struct figure {
	char *name;    /* "cdf_bytes": name of the file without its ending */
	char *section; /* heading of the page that it stands under */
	char *title;
	char *caption; /* one or two plain sentences: what to look for */
	char *x_title, *y_title;
	enum figure_kind kind;
	bool log_x, log_y;   /* log_y of FIGURE_HEAT: the scale of colours */
	double y_min, y_max; /* NAN: by the data */
	char **category;     /* labels of bars, or of a heat map's columns; empty
				ones are not shown */
	size_t n_categories;
	char **row; /* labels of a heat map's rows, from below */
	size_t n_rows;
	struct curve *series;
	size_t n, cap;
};

struct figures {
	struct figure *v;
	size_t n, cap;
};

/* figure_add: a new empty figure at the end, valid until the next call.  name is new
 * and of letters, digits, '_' and '-' only, as it becomes part of file names.
 * figures_find: the one of that name, or NULL. */
struct figure *figure_add(struct figures *f, enum figure_kind kind, const char *name,
    const char *section, const char *title, const char *caption, const char *x_title,
    const char *y_title);
struct figure *figures_find(struct figures *f, const char *name);
/* figure_categories, figure_rows: set the labels, replacing those there are. */
void figure_categories(struct figure *f, const char *const *label, size_t n);
void figure_rows(struct figure *f, const char *const *label, size_t n);
/* series_add: n points; x may be NULL for FIGURE_HEAT (n = rows x columns) and
 * FIGURE_BARS (0, 1, ...); dev may be NULL. */
struct curve *series_add(struct figure *f, const char *label, int role, const double *x,
    const double *y, size_t n, const double *dev);
void figures_free(struct figures *f);

/* figures_table: a header line, then figure, series, x, y, deviation of every point,
 * with tabs between; x is a category for bars, "column/row" for heat maps. */
void figures_table(struct buf *b, const struct figures *f);

#endif
