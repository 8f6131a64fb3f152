/* sheet.h: where the parts of a plot stand, in px, and the parts alike in all plots. */
#ifndef EVAL_SHEET_H
#define EVAL_SHEET_H

#include "plot.h"
#include "view.h"

#define SHEET_CHAR 8.6 /* px that a letter takes, generously */
#define SHEET_ROW 19   /* px from line to line */
#define SHEET_TICKS 27 /* px from an axis to the lower end of the numbers below it */

struct sheet {
	double left, right, top, bottom; /* of the area between the axes, from above */
	int height;                      /* of the part that the page shows */
	int total;                       /* with the legend */
	int key_columns;
};

/* Labels along an axis; empty ones are not shown. */
struct labels {
	char *const *text;
	size_t n;
	size_t apart; /* at least so many places from one to the next */
	size_t most;  /* characters */
	bool turned;  /* by 40 degrees, as they would not fit side by side */
	double depth; /* px below the axis */
	double reach; /* px to the left of the axis */
};

/* labels_fit: how n labels of at most so many characters stand along so many px of a
 * horizontal axis.  labels_fit_rows: the same for a vertical one. */
struct labels labels_fit(char *const *text, size_t n, double px, size_t most);
struct labels labels_fit_rows(char *const *text, size_t n, double px, size_t most);
/* put_labels: axis is 'x' or 'y'. */
void put_labels(struct buf *b, char axis, const struct labels *l);

/* put_number: as few digits as a plot needs; NAN as gnuplot has it. */
void put_number(struct buf *b, double v);
/* put_axis_ticks: axis is 'x' or 'y'. */
void put_axis_ticks(struct buf *b, char axis, const struct axis *a);
/* put_margins: the sides of the area between the axes, as parts of the whole. */
void put_margins(struct buf *b, const struct sheet *s);
/* put_head, put_loop, put_end: the script before its data, between data and plot, and
 * after the plot. */
void put_head(struct buf *b, const struct figure *f);
void put_loop(struct buf *b, const struct figure *f, const struct sheet *s);
void put_end(struct buf *b);

/* heat_script: plot_script for FIGURE_HEAT. */
bool heat_script(struct buf *b, const struct figure *f, int *height);

#endif
