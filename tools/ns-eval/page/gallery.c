/* gallery.c: the figures, under the headings of their sections. */
#include <string.h>

#include "page.h"
#include "plot/ink.h"
#include "plot/markup.h"
#include "plot/plot.h"
#include "plot/view.h"

/* The first figure of its section? */
static bool
opens_section(const struct figures *f, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(f->v[j].section, f->v[i].section) == 0)
			return false;
	return true;
}

void
put_section_links(struct buf *b, const struct figures *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (!opens_section(f, i))
			continue;
		buf_printf(b, "<a href=\"#section-%zu\">", i);
		put_html(b, f->v[i].section);
		put_line(b, "</a>\n");
	}
}

/* A heat map's panels have their names on them. */
static void
put_legend(struct buf *b, const struct figure *f)
{
	if (f->kind == FIGURE_HEAT)
		return;
	put_line(b, "<ul class=\"legend\">");
	for (size_t k = 0; k < f->n; k++) {
		const struct curve *s = &f->series[k];
		struct pen p = pen_of_role(s->role);

		buf_printf(b, "<li><i class=\"%s\" style=\"border-color:var(%s)\"></i>",
		    f->kind == FIGURE_BARS ? "box" : p.css, ink_css(p.ink));
		put_html(b, s->label);
		put_line(b, series_is_empty(s) ? " (no values)</li>" : "</li>");
	}
	put_line(b, "</ul>\n");
}

static void
put_caption(struct buf *b, const struct figure *f)
{
	struct buf note = {0};

	plot_note(&note, f);
	put_line(b, "<p class=\"caption\">");
	put_html(b, f->caption);
	if (note.len > 0) {
		put_line(b, " <span class=\"note\">");
		buf_put(b, note.p, note.len);
		put_line(b, "</span>");
	}
	put_line(b, "</p>\n");
	buf_free(&note);
}

static void
put_files(struct buf *b, const struct figure *f, bool drawn)
{
	put_line(b, "<p class=\"files\">");
	if (drawn)
		buf_printf(b,
		    "<a href=\"plots/%s.svg\">SVG</a> <a "
		    "href=\"plots/%s.png\">PNG</a> ",
		    f->name, f->name);
	buf_printf(b, "<a href=\"plots/%s.gp\">script</a></p>\n", f->name);
}

static void
put_figure(struct buf *b, const struct figure *f, const struct drawing *d)
{
	bool drawn = d->svg.len > 0;

	buf_printf(b, "<figure id=\"figure-%s\">\n<figcaption>\n", f->name);
	put_element(b, "h3", NULL, f->title);
	put_line(b, "</figcaption>\n");
	if (drawn)
		buf_put(b, d->svg.p, d->svg.len);
	else if (d->empty)
		put_line(b,
		    "<p class=\"absent empty\">No trace has values for this "
		    "plot.</p>\n");
	else
		put_line(b,
		    "<p class=\"absent\">This plot is missing because gnuplot is "
		    "not installed. Install it and run ns-eval again, or run the "
		    "script below where there is gnuplot.</p>\n");
	if (!d->empty)
		put_legend(b, f);
	put_caption(b, f);
	if (!d->empty)
		put_files(b, f, drawn);
	put_line(b, "</figure>\n");
}

static void
put_section(struct buf *b, const struct page *p, const struct drawing *drawings,
    size_t first)
{
	const struct figures *f = p->figures;

	buf_printf(b, "<section id=\"section-%zu\">\n", first);
	put_element(b, "h2", NULL, f->v[first].section);
	put_line(b, "<div class=\"figures\">\n");
	for (size_t i = first; i < f->n; i++)
		if (strcmp(f->v[i].section, f->v[first].section) == 0)
			put_figure(b, &f->v[i], &drawings[i]);
	put_line(b, "</div>\n</section>\n");
}

void
put_gallery(struct buf *b, const struct page *p, const struct drawing *drawings)
{
	for (size_t i = 0; i < p->figures->n; i++)
		if (opens_section(p->figures, i))
			put_section(b, p, drawings, i);
}
