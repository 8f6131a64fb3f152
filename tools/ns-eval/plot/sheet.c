#include "sheet.h"

#include <math.h>

#include "ink.h"
#include "markup.h"

#define TURN 40     /* degrees */
#define PNG_FONT 21 /* pt, 28 px: the letters of the other file at twice its size */
#define TURN_SIN 0.643
#define TURN_COS 0.766

static size_t
longest(char *const *text, size_t n, size_t most)
{
	size_t widest = 1;

	for (size_t i = 0; i < n; i++) {
		size_t chars = text_chars(text[i]);

		widest = chars > widest ? chars : widest;
	}
	return widest < most ? widest : most;
}

/* Places between the two labels that are nearest to each other. */
static size_t
nearest(char *const *text, size_t n)
{
	size_t gap = n > 0 ? n : 1, last = n;

	for (size_t i = 0; i < n; i++) {
		if (text[i][0] == '\0')
			continue;
		if (last < n && i - last < gap)
			gap = i - last;
		last = i;
	}
	return gap;
}

struct labels
labels_fit(char *const *text, size_t n, double px, size_t most)
{
	struct labels l = {text, n, 1, longest(text, n, most), false, SHEET_TICKS, 0};
	double slot = n > 0 ? px / (double)n : px;

	if ((double)l.most * SHEET_CHAR + 6 <= slot * (double)nearest(text, n))
		return l;
	l.turned = true;
	l.apart = (size_t)ceil(SHEET_ROW / slot);
	l.depth = (double)l.most * 0.92 * SHEET_CHAR * TURN_SIN + 14;
	for (size_t i = 0; i < n; i++) {
		double width = (double)longest(&text[i], 1, l.most) * SHEET_CHAR;

		l.reach = fmax(l.reach, width * TURN_COS - slot * ((double)i + 0.5));
	}
	return l;
}

struct labels
labels_fit_rows(char *const *text, size_t n, double px, size_t most)
{
	struct labels l = {text, n, 1, longest(text, n, most), false, 0, 0};

	if (n > 0)
		l.apart = (size_t)ceil(SHEET_ROW * (double)n / px);
	l.reach = n > 0 ? SHEET_CHAR * (double)l.most : 0;
	return l;
}

void
put_labels(struct buf *b, char axis, const struct labels *l)
{
	size_t next = 0;

	if (l->turned)
		buf_printf(b, "set %ctics rotate by %d right offset 0,0\n", axis, TURN);
	buf_printf(b, "set %ctics (", axis);
	for (size_t i = 0; i < l->n; i++) {
		if (i < next || l->text[i][0] == '\0')
			continue;
		put_line(b, next > 0 ? ", " : "");
		put_gnuplot_tick(b, l->text[i], l->most);
		buf_printf(b, " %zu", i);
		next = i + l->apart;
	}
	put_line(b, ")\n");
}

void
put_number(struct buf *b, double v)
{
	if (isfinite(v))
		buf_printf(b, "%.7g", v);
	else
		put_line(b, "NaN");
}

void
put_axis_ticks(struct buf *b, char axis, const struct axis *a)
{
	/* gnuplot would leave out a tick at the very end of a logarithmic axis */
	double rim = a->log ? 1e-6 : 0;

	buf_printf(b, "set %crange [%.10g:%.10g]\n", axis, a->lo * (1 - rim),
	    a->hi * (1 + rim));
	if (a->log)
		buf_printf(b, "set logscale %c\n", axis);
	if (a->n == 0)
		return;
	buf_printf(b, "set %ctics (", axis);
	for (size_t i = 0; i < a->n; i++) {
		put_line(b, i > 0 ? ", " : "");
		put_gnuplot_tick(b, a->tick[i].label, sizeof a->tick[i].label);
		buf_printf(b, " %.10g", a->tick[i].at);
	}
	put_line(b, ")\n");
}

void
put_margins(struct buf *b, const struct sheet *s)
{
	buf_printf(b, "set lmargin at screen %.5f\nset rmargin at screen %.5f\n",
	    s->left / PLOT_WIDTH, s->right / PLOT_WIDTH);
	buf_printf(b, "set tmargin at screen %.5f\nset bmargin at screen %.5f\n",
	    1 - s->top / s->total, 1 - s->bottom / s->total);
}

void
put_head(struct buf *b, const struct figure *f)
{
	buf_printf(b,
	    "# gnuplot %s.gp: writes %s.svg and %s.png.\n"
	    "if (ARGC > 0) { cd ARG1 }\n"
	    "set encoding utf8\n"
	    "set border 3 linecolor rgb '%s'\n"
	    "set tics out nomirror scale 0.5 textcolor rgb '%s'\n"
	    "set grid linetype 1 linewidth 1 linecolor rgb '%s'\n"
	    "set xtics offset 0,0.4\n"
	    "set pointintervalbox 0\n",
	    f->name, f->name, f->name, ink_fixed(INK_AXIS), ink_fixed(INK_TEXT),
	    ink_fixed(INK_GRID));
}

/* The same plot twice; replot would not do for several panels. */
void
put_loop(struct buf *b, const struct figure *f, const struct sheet *s)
{
	buf_printf(b,
	    "do for [png = 0:1] {\n"
	    "if (png) {\n"
	    "set terminal pngcairo size %d,%d noenhanced font 'sans-serif,%d' "
	    "linewidth 2 background '#ffffff'\n"
	    "set output '%s.png'\n"
	    "} else {\n"
	    "set terminal svg size %d,%d dynamic noenhanced font 'sans-serif,%d' "
	    "background '#ffffff'\n"
	    "set output '%s.svg'\n"
	    "}\n",
	    2 * PLOT_WIDTH, 2 * s->total, PNG_FONT, f->name, PLOT_WIDTH, s->total,
	    PLOT_FONT, f->name);
}

void
put_end(struct buf *b)
{
	put_line(b, "set output\n}\n");
}
