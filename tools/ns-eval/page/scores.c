/* scores.c: the tables of scores.  On a narrow screen each row becomes a block whose
 * cells carry the name of their column. */
#include <math.h>

#include "figure/figure.h"
#include "page.h"
#include "plot/ink.h"
#include "plot/markup.h"

static void
put_own_colour(struct buf *b, size_t k)
{
	buf_printf(b, " style=\"--own:var(%s)\"",
	    ink_css(pen_of_role(ROLE_SYNTHETIC + (int)k).ink));
}

static void
put_table_head(struct buf *b, const struct page *p)
{
	put_line(b, "<thead><tr><th scope=\"col\">Metric</th>");
	for (size_t k = 0; k < p->n_traces; k++) {
		put_line(b, "<th scope=\"col\" class=\"own\"");
		put_own_colour(b, k);
		put_line(b, ">");
		put_html(b, p->traces[k].label);
		put_line(b, "</th>");
	}
	put_line(b,
	    "<th scope=\"col\" class=\"beside\">Floor</th>"
	    "<th scope=\"col\" class=\"beside\">Independent columns</th>"
	    "<th scope=\"col\" class=\"beside\">Bootstrap</th></tr></thead>\n");
}

static void
put_value(struct buf *b, const struct page *p, const struct page_value *v, size_t k)
{
	put_line(b, "<td class=\"own\" data-column=\"");
	put_html(b, p->traces[k].label);
	put_line(b, "\"");
	put_own_colour(b, k);
	put_line(b, "><span class=\"value\"><b>");
	put_score(b, v->value);
	put_line(b, "</b>");
	if (!isnan(v->dev))
		buf_printf(b, " <span class=\"dev\">± %.2g</span>", v->dev);
	put_line(b, "</span> ");
	if (v->verdict != NULL && v->verdict[0] != '\0')
		put_verdict(b, v->verdict, v->class);
	put_line(b, "</td>");
}

static void
put_beside(struct buf *b, const char *column, double v)
{
	buf_printf(b, "<td class=\"beside\" data-column=\"%s\">", column);
	put_score(b, v);
	put_line(b, "</td>");
}

static void
put_row(struct buf *b, const struct page *p, const struct page_row *r)
{
	put_line(b, "<tr><th scope=\"row\">");
	put_element(b, "span", "metric", r->metric);
	put_element(b, "span", "measure", r->measure);
	put_element(b, "span", "what", r->text);
	put_line(b, "</th>");
	for (size_t k = 0; k < p->n_traces; k++)
		put_value(b, p, &r->values[k], k);
	put_beside(b, "Floor", r->floor);
	put_beside(b, "Independent columns", r->independent);
	put_beside(b, "Bootstrap", r->bootstrap);
	put_line(b, "</tr>\n");
}

static void
put_group(struct buf *b, const struct page *p, const struct page_group *g)
{
	put_line(b, "<section class=\"group\" id=\"scores-");
	put_html(b, g->name);
	put_line(b, "\">\n");
	put_element(b, "h3", NULL, g->title);
	put_element(b, "p", "explanation", g->explanation);
	put_line(b, "<div class=\"scroll\"><table>\n");
	put_table_head(b, p);
	put_line(b, "<tbody>\n");
	for (size_t i = 0; i < g->n_rows; i++)
		put_row(b, p, &g->rows[i]);
	put_line(b, "</tbody></table></div>\n</section>\n");
}

void
put_scores(struct buf *b, const struct page *p)
{
	if (p->n_groups == 0)
		return;
	put_line(b, "<section id=\"scores\">\n<h2>Scores</h2>\n");
	for (size_t i = 0; i < p->n_groups; i++)
		put_group(b, p, &p->groups[i]);
	put_line(b, "</section>\n");
}
