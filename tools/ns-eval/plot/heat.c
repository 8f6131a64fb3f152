/* heat.c: heat maps, one panel a series, two side by side, one scale of colours. */
#include <math.h>
#include <stdlib.h>

#include "ink.h"
#include "markup.h"
#include "sheet.h"

#define CELLS_MAX 40 /* along one side of a panel; larger ones are averaged */
#define PANEL 190    /* px high */
#define GAP 14
#define TITLE 22
#define SCALE 56 /* px below the panels for the scale of colours */
#define LABEL_CHARS 12
#define ROW_LABELS 9 /* at most, beside a panel */

/* How the cells of a figure are gathered into those that are drawn. */
struct cells {
	size_t rows, columns;     /* of the figure */
	size_t height, width;     /* cells gathered into one */
	size_t n_rows, n_columns; /* drawn */
	double lo, hi;            /* of the scale */
};

static double
mean_of_block(const struct cells *c, const struct curve *s, size_t r, size_t k)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = r * c->height; i < (r + 1) * c->height && i < c->rows; i++)
		for (size_t j = k * c->width; j < (k + 1) * c->width && j < c->columns;
		     j++) {
			size_t at = i * c->columns + j;

			if (at < s->n && isfinite(s->y[at])) {
				sum += s->y[at];
				n++;
			}
		}
	return n > 0 ? sum / (double)n : NAN;
}

/* On a logarithmic scale a cell of nothing has no colour. */
static bool
is_shown(const struct figure *f, double v)
{
	return isfinite(v) && (!f->log_y || v > 0);
}

static void
find_scale(struct cells *c, const struct figure *f)
{
	c->lo = INFINITY;
	c->hi = -INFINITY;
	for (size_t k = 0; k < f->n; k++)
		for (size_t i = 0; i < c->n_rows * c->n_columns; i++) {
			double v = mean_of_block(c, &f->series[k], i / c->n_columns,
			    i % c->n_columns);

			if (is_shown(f, v)) {
				c->lo = fmin(c->lo, v);
				c->hi = fmax(c->hi, v);
			}
		}
}

/* Columns are those that have labels, or as many as rows leave. */
static bool
cells_init(struct cells *c, const struct figure *f)
{
	size_t n = 0;

	for (size_t k = 0; k < f->n; k++)
		n = f->series[k].n > n ? f->series[k].n : n;
	c->columns = f->n_categories > 0 ? f->n_categories
	    : f->n_rows > 0              ? n / f->n_rows
					 : n;
	if (c->columns == 0)
		return false;
	c->rows = f->n_rows > 0 ? f->n_rows : (n + c->columns - 1) / c->columns;
	c->height = (c->rows + CELLS_MAX - 1) / CELLS_MAX;
	c->width = (c->columns + CELLS_MAX - 1) / CELLS_MAX;
	if (c->height == 0)
		return false;
	c->n_rows = (c->rows + c->height - 1) / c->height;
	c->n_columns = (c->columns + c->width - 1) / c->width;
	find_scale(c, f);
	if (c->lo > c->hi)
		return false;
	if (!isnan(f->y_min) && is_shown(f, f->y_min))
		c->lo = f->y_min;
	c->hi = isnan(f->y_max) ? c->hi : f->y_max;
	return true;
}

/* The first column and row of each cell, and its value; none where there is none. */
static void
put_cells(struct buf *b, const struct figure *f, const struct cells *c, size_t k)
{
	buf_printf(b, "$d%zu << EOD\n", k);
	for (size_t i = 0; i < c->n_rows * c->n_columns; i++) {
		size_t r = i / c->n_columns, j = i % c->n_columns;
		double v = mean_of_block(c, &f->series[k], r, j);

		if (!is_shown(f, v))
			continue;
		buf_printf(b, "%zu %zu ", j * c->width, r * c->height);
		put_number(b, v);
		put_line(b, "\n");
	}
	put_line(b, "EOD\n");
}

static void
put_palette(struct buf *b, const struct axis *scale)
{
	buf_printf(b, "set palette maxcolors %d defined (", INKS_HEAT);
	for (int i = 0; i < INKS_HEAT; i++)
		buf_printf(b, "%s%d '%s'", i > 0 ? ", " : "", i,
		    ink_fixed((enum ink)(INK_HEAT + i)));
	put_line(b, ")\n");
	if (scale->log)
		put_line(b, "set logscale cb\n");
	buf_printf(b, "set cbrange [%.10g:%.10g]\n", scale->lo, scale->hi);
	put_line(b, "set cbtics (");
	for (size_t i = 0; i < scale->n; i++)
		buf_printf(b, "%s'%s' %.10g", i > 0 ? ", " : "", scale->tick[i].label,
		    scale->tick[i].at);
	buf_printf(b,
	    ") scale 0\nset style fill solid noborder\nunset grid\nunset key\n");
}

struct grid {
	struct sheet page;
	struct labels labels, row_labels;
	size_t columns, rows;
	double left, width; /* of the first panel, px */
};

static double
panel_width(const struct grid *g)
{
	double gaps = GAP * (double)(g->columns - 1);

	return (PLOT_WIDTH - 16 - g->left - gaps) / (double)g->columns;
}

static void
lay_out(struct grid *g, const struct figure *f)
{
	g->columns = f->n > 1 ? 2 : 1;
	g->rows = (f->n + g->columns - 1) / g->columns;
	g->row_labels = labels_fit_rows(f->row, f->n_rows, PANEL, LABEL_CHARS);
	g->left = 20 + g->row_labels.reach;
	g->width = panel_width(g);
	g->labels = labels_fit(f->category, f->n_categories, g->width, LABEL_CHARS);
	g->left = fmax(g->left, g->labels.reach + 8);
	g->width = panel_width(g);
	g->page.height =
	    (int)(TITLE + g->rows * (TITLE + PANEL) + g->labels.depth + SCALE);
	g->page.height += f->x_title[0] != '\0' ? SHEET_ROW : 0;
	g->page.total = g->page.height;
}

static void
put_panel_frame(struct buf *b, const struct grid *g, const struct figure *f, size_t k)
{
	struct sheet s = g->page;
	bool below = k + g->columns >= f->n;

	s.left = g->left + (double)(k % g->columns) * (g->width + GAP);
	s.right = s.left + g->width;
	s.top = TITLE + (double)(k / g->columns) * (TITLE + PANEL) + TITLE;
	s.bottom = s.top + PANEL;
	put_margins(b, &s);
	if (k % g->columns == 0)
		put_labels(b, 'y', &g->row_labels);
	else
		put_line(b, "set ytics ('' -1)\n");
	if (below)
		put_labels(b, 'x', &g->labels);
	else
		put_line(b, "set xtics ('' -1)\n");
	put_line(b, "set label 3 ");
	put_gnuplot(b, f->series[k].label, (size_t)(g->width / SHEET_CHAR));
	buf_printf(b, " at screen %.5f,%.5f left textcolor rgb '%s'\n",
	    s.left / PLOT_WIDTH, 1 - (s.top - 10) / s.total, ink_fixed(INK_TEXT));
}

static void
put_panels(struct buf *b, const struct grid *g, const struct figure *f,
    const struct cells *c)
{
	for (size_t k = 0; k < f->n; k++) {
		put_panel_frame(b, g, f, k);
		if (series_is_empty(&f->series[k]))
			put_line(b, "plot NaN\n");
		else
			buf_printf(b,
			    "plot $d%zu using 1:2:($1-0.5):($1+%.1f):($2-0.5):"
			    "($2+%.1f):3 with boxxyerror linecolor palette\n",
			    k, (double)c->width - 0.5, (double)c->height - 0.5);
		put_line(b, "unset colorbox\nunset label 1\nunset label 2\n");
	}
}

static void
put_titles(struct buf *b, const struct grid *g, const struct figure *f)
{
	double h = g->page.total;

	buf_printf(b, "set label 1 ");
	put_gnuplot(b, f->y_title, 58);
	buf_printf(b, " at screen 0.012,%.5f left textcolor rgb '%s'\n", 1 - 13 / h,
	    ink_fixed(INK_TEXT));
	buf_printf(b, "set label 2 ");
	put_gnuplot(b, f->x_title, 58);
	buf_printf(b, " at screen 0.5,%.5f center textcolor rgb '%s'\n",
	    (SCALE + 8) / h, ink_fixed(INK_TEXT));
	buf_printf(b, "set colorbox horizontal user origin %.5f,%.5f size %.5f,%.5f\n",
	    g->left / PLOT_WIDTH, 32 / h, (PLOT_WIDTH - 16 - g->left) / PLOT_WIDTH,
	    12 / h);
}

bool
heat_script(struct buf *b, const struct figure *f, int *height)
{
	struct axis scale;
	struct cells c;
	struct grid g;

	if (!cells_init(&c, f))
		return false;
	axis_fit(&scale, c.lo, fmax(c.lo, c.hi), f->log_y, false, 6);
	lay_out(&g, f);
	put_head(b, f);
	put_palette(b, &scale);
	buf_printf(b, "set xrange [-0.5:%zu-0.5]\nset yrange [-0.5:%zu-0.5]\n",
	    c.columns, c.rows);
	for (size_t k = 0; k < f->n; k++)
		put_cells(b, f, &c, k);
	put_loop(b, f, &g.page);
	put_titles(b, &g, f);
	put_line(b, "set multiplot\n");
	put_panels(b, &g, f, &c);
	put_line(b, "unset multiplot\n");
	put_end(b);
	*height = g.page.height;
	return true;
}
