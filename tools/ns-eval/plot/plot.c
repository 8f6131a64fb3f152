#include "plot.h"

#include <math.h>

#include "ink.h"
#include "markup.h"
#include "sheet.h"

#define AREA 232 /* px from the upper to the lower axis */
#define KEY_SAMPLE 46
#define KEY_MOST 46 /* characters */
#define LABEL_MOST 20

static size_t
key_width(const struct figure *f, size_t *entries)
{
	size_t most = 1;

	*entries = 0;
	for (size_t k = 0; k < f->n; k++) {
		size_t n = text_chars(f->series[k].label);

		if (series_is_empty(&f->series[k]))
			continue;
		++*entries;
		most = n > most ? n : most;
	}
	return most < KEY_MOST ? most : KEY_MOST;
}

static void
lay_key(struct sheet *s, const struct figure *f)
{
	size_t entries, chars = key_width(f, &entries);
	int columns =
	    (int)((PLOT_WIDTH - 10) / ((double)chars * SHEET_CHAR + KEY_SAMPLE));

	s->key_columns = columns > 0 ? columns : 1;
	s->total =
	    s->height + 8 + SHEET_ROW * (((int)entries - 1) / s->key_columns + 1);
}

/* The last label, which may stand at the very end, reaches beyond the axis. */
static double
right_margin(const struct axis *x)
{
	double half;

	if (x->n == 0)
		return 14;
	half = (double)text_chars(x->tick[x->n - 1].label) * SHEET_CHAR / 2 + 4;
	return fmax(14, half);
}

static struct sheet
lay_out(const struct view *v, struct labels *l)
{
	const struct figure *f = v->f;
	struct sheet s = {.top = 32, .bottom = 32 + AREA};
	double depth = SHEET_TICKS;

	s.left = 20 + SHEET_CHAR * (double)axis_label_width(&v->y);
	s.right = PLOT_WIDTH - right_margin(&v->x);
	if (f->kind == FIGURE_BARS) {
		*l = labels_fit(f->category, f->n_categories, s.right - s.left,
		    LABEL_MOST);
		s.left = fmax(s.left, l->reach + 8);
		depth = l->depth;
	}
	depth += f->x_title[0] != '\0' ? SHEET_ROW : 0;
	s.height = (int)(s.bottom + depth + 4);
	lay_key(&s, f);
	return s;
}

static void
put_titles(struct buf *b, const struct figure *f, const struct sheet *s)
{
	put_line(b, "set label 1 ");
	put_gnuplot(b, f->y_title, 58);
	buf_printf(b, " at screen 0.012,%.5f left textcolor rgb '%s'\n",
	    1 - 13.0 / s->total, ink_fixed(INK_TEXT));
	put_line(b, "set label 2 ");
	put_gnuplot(b, f->x_title, 58);
	buf_printf(b, " at screen %.5f,%.5f center textcolor rgb '%s'\n",
	    (s->left + s->right) / 2 / PLOT_WIDTH, 1 - (s->height - 11.0) / s->total,
	    ink_fixed(INK_TEXT));
}

static void
put_key(struct buf *b, const struct sheet *s)
{
	buf_printf(b,
	    "set key at screen 0.01,%.5f left top horizontal maxcols %d Left reverse "
	    "samplen 2 textcolor rgb '%s'\n",
	    1 - (s->height + 2.0) / s->total, s->key_columns, ink_fixed(INK_TEXT));
}

/* Lines of x and y, and the ends of the error bar where there is one. */
static void
put_series_data(struct buf *b, size_t k, const struct view *v, const struct points *p)
{
	buf_printf(b, "$d%zu << EOD\n", k);
	for (size_t i = 0; i < p->n; i++) {
		put_number(b, p->x[i]);
		put_line(b, " ");
		put_number(b, p->y[i]);
		if (isfinite(p->dev[i]) && isfinite(p->y[i])) {
			put_line(b, " ");
			put_number(b, fmax(p->y[i] - p->dev[i], v->y.lo));
			put_line(b, " ");
			put_number(b, p->y[i] + p->dev[i]);
		}
		put_line(b, "\n");
	}
	put_line(b, "EOD\n");
}

static void
put_data(struct buf *b, const struct view *v)
{
	struct points p = {0};

	for (size_t k = 0; k < v->f->n; k++) {
		if (series_is_empty(&v->f->series[k]))
			continue;
		view_points(v, &v->f->series[k], &p);
		put_series_data(b, k, v, &p);
	}
	points_free(&p);
}

static bool
has_dev(const struct curve *s)
{
	for (size_t i = 0; s->dev != NULL && i < s->n; i++)
		if (isfinite(s->dev[i]) && isfinite(s->y[i]))
			return true;
	return false;
}

/* Gnuplot's own error bars have a white disc in the middle. */
static void
put_error_bars(struct buf *b, size_t k, double shift, enum ink ink)
{
	buf_printf(b,
	    ", \\\n\t$d%zu using ($1+%.4f):3:(0):($4-$3) with vectors heads nofilled "
	    "size screen 0.006,90 linewidth 1 linecolor rgb '%s' notitle",
	    k, shift, ink_fixed(ink));
}

static void
put_curve(struct buf *b, const struct figure *f, size_t k)
{
	const struct curve *s = &f->series[k];
	struct pen p = pen_of_role(s->role);

	buf_printf(b, "$d%zu using 1:2 with %s", k,
	    f->kind == FIGURE_STEPS      ? "steps"
		: series_has_marks(f, s) ? "linespoints pointtype 7 pointsize 0.5"
					 : "lines");
	buf_printf(b, " linecolor rgb '%s' linewidth %.1f dashtype %s title ",
	    ink_fixed(p.ink), p.width, p.dash);
	put_gnuplot(b, s->label, KEY_MOST);
	if (has_dev(s))
		put_error_bars(b, k, 0, p.ink);
}

/* The bars of a category stand side by side over 0.8 of its width. */
static void
put_bars(struct buf *b, const struct figure *f, size_t k)
{
	const struct curve *s = &f->series[k];
	double width = 0.8 / (double)f->n;
	double shift = ((double)k - (double)(f->n - 1) / 2) * width;

	buf_printf(b,
	    "$d%zu using ($1+%.4f):2:(%.4f) with boxes fillstyle solid noborder "
	    "linecolor rgb '%s' title ",
	    k, shift, width * 0.9, ink_fixed(pen_of_role(s->role).ink));
	put_gnuplot(b, s->label, KEY_MOST);
	if (has_dev(s))
		put_error_bars(b, k, shift, INK_AXIS);
}

static void
put_plot(struct buf *b, const struct figure *f)
{
	const char *sep = "plot ";

	for (size_t k = 0; k < f->n; k++) {
		if (series_is_empty(&f->series[k]))
			continue;
		put_line(b, sep);
		if (f->kind == FIGURE_BARS)
			put_bars(b, f, k);
		else
			put_curve(b, f, k);
		sep = ", \\\n\t";
	}
	put_line(b, "\n");
}

bool
plot_script(struct buf *b, const struct figure *f, int *height)
{
	struct labels l = {0};
	struct view v;
	struct sheet s;

	if (f->kind == FIGURE_HEAT)
		return heat_script(b, f, height);
	if (!view_init(&v, f))
		return false;
	s = lay_out(&v, &l);
	put_head(b, f);
	put_margins(b, &s);
	put_axis_ticks(b, 'x', &v.x);
	put_axis_ticks(b, 'y', &v.y);
	if (f->kind == FIGURE_BARS) {
		put_labels(b, 'x', &l);
		put_line(b, "set grid noxtics\nset tics scale 0\n");
	}
	put_titles(b, f, &s);
	put_key(b, &s);
	put_data(b, &v);
	put_loop(b, f, &s);
	put_plot(b, f);
	put_end(b);
	*height = s.height;
	return true;
}

void
plot_note(struct buf *b, const struct figure *f)
{
	struct view v;
	char least[32];

	if (f->kind == FIGURE_HEAT || !view_init(&v, f) || !(v.x_moved || v.y_moved))
		return;
	if (v.x_moved) {
		number_label(least, sizeof least, v.x_least);
		buf_printf(b, "Values of 0 and below are drawn at the left end, %s. ",
		    least);
	}
	if (v.y_moved)
		put_line(b, "Heights of 0 and below are drawn at the lower end. ");
}
