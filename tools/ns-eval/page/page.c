#include "page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "figure/figure.h"
#include "plot/ink.h"
#include "plot/markup.h"

static const char *const class_names[PAGE_CLASSES] = {"good", "fair", "bad", "none"};

void
put_element(struct buf *b, const char *tag, const char *class, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	if (class != NULL)
		buf_printf(b, "<%s class=\"%s\">", tag, class);
	else
		buf_printf(b, "<%s>", tag);
	put_html(b, text);
	buf_printf(b, "</%s>\n", tag);
}

void
put_verdict(struct buf *b, const char *text, enum page_class class)
{
	buf_printf(b, "<span class=\"verdict %s\">", class_names[class]);
	put_html(b, text);
	put_line(b, "</span>");
}

void
put_count(struct buf *b, double v)
{
	char digits[400];
	size_t n;

	snprintf(digits, sizeof digits, "%.0f", fabs(v));
	n = strlen(digits);
	put_line(b, v < 0 ? "−" : "");
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0 && n > 4)
			put_line(b, "\u202f"); /* a narrow blank that does not break */
		buf_put(b, &digits[i], 1);
	}
}

void
put_score(struct buf *b, double v)
{
	if (isnan(v))
		put_line(b, "<span class=\"nil\">–</span>");
	else if (fabs(v) >= 1e4 && fabs(v) < 1e15)
		put_count(b, v);
	else if (v != 0 && fabs(v) < 1e-3)
		buf_printf(b, "%.2g", v);
	else
		buf_printf(b, "%.4g", v);
}

static void
put_head(struct buf *b, const struct page *p)
{
	put_line(b,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n");
	put_element(b, "title", NULL, p->title);
	put_line(b, "<style>\n");
	put_style(b);
	put_line(b, "</style>\n</head>\n<body>\n");
}

static void
put_contents(struct buf *b, const struct page *p)
{
	put_line(b, "<nav aria-label=\"Contents\"><a href=\"#summary\">Summary</a>\n");
	if (p->n_terms > 0)
		put_line(b, "<a href=\"#terms\">How to read this page</a>\n");
	put_section_links(b, p->figures);
	if (p->n_groups > 0)
		put_line(b, "<a href=\"#scores\">Scores</a>\n");
	put_line(b, "</nav>\n");
}

static void
put_top(struct buf *b, const struct page *p)
{
	buf_printf(b, "<header>\n<p class=\"kind\">");
	put_html(b, p->kind);
	put_line(b, " traces</p>\n");
	put_element(b, "h1", NULL, p->title);
	for (size_t i = 0; i < p->n_paragraphs; i++)
		put_element(b, "p", "lead", p->paragraphs[i]);
	put_contents(b, p);
	put_line(b, "</header>\n<main>\n");
}

/* One bar cut in proportion, and the same in words. */
static void
put_verdict_counts(struct buf *b, const struct page *p, const struct page_trace *t)
{
	put_line(b, "<div class=\"share\" aria-hidden=\"true\">");
	for (int c = 0; c < PAGE_CLASSES; c++)
		if (t->verdicts[c] > 0)
			buf_printf(b, "<i class=\"%s\" style=\"flex-grow:%zu\"></i>",
			    class_names[c], t->verdicts[c]);
	put_line(b, "</div>\n<ul class=\"counts\">");
	for (int c = 0; c < PAGE_CLASSES; c++) {
		if (t->verdicts[c] == 0)
			continue;
		buf_printf(b, "<li class=\"verdict %s\"><b>%zu</b> ", class_names[c],
		    t->verdicts[c]);
		put_html(b, p->class_name[c]);
		put_line(b, "</li>");
	}
	put_line(b, "</ul>\n");
}

static void
put_headlines(struct buf *b, const struct page_trace *t)
{
	if (t->n_headlines == 0)
		return;
	put_line(b, "<dl class=\"headlines\">\n");
	for (size_t i = 0; i < t->n_headlines; i++) {
		const struct page_headline *h = &t->headlines[i];

		put_line(b, "<div>");
		put_element(b, "dt", NULL, h->caption);
		put_element(b, "dd", class_names[h->class], h->value);
		put_line(b, "</div>\n");
	}
	put_line(b, "</dl>\n");
}

static void
put_card(struct buf *b, const struct page *p, size_t k)
{
	const struct page_trace *t = &p->traces[k];
	struct pen pen = pen_of_role(ROLE_SYNTHETIC + (int)k);

	buf_printf(b, "<article class=\"card\" style=\"--own:var(%s)\">\n",
	    ink_css(pen.ink));
	put_element(b, "h3", NULL, t->label);
	put_line(b, "<p class=\"size\">");
	put_count(b, (double)t->records);
	put_line(b, " records · ");
	put_count(b, (double)t->flows);
	put_line(b, " flows</p>\n");
	put_element(b, "p", "sentence", t->guarantee);
	put_headlines(b, t);
	put_verdict_counts(b, p, t);
	put_element(b, "p", "sentence", t->sentence);
	put_line(b, "</article>\n");
}

static void
put_summary(struct buf *b, const struct page *p)
{
	put_line(b,
	    "<section id=\"summary\">\n<h2>Summary</h2>\n<div class=\"cards\">\n");
	for (size_t k = 0; k < p->n_traces; k++)
		put_card(b, p, k);
	put_line(b, "</div>\n</section>\n");
}

static void
put_terms(struct buf *b, const struct page *p)
{
	if (p->n_terms == 0)
		return;
	put_line(b,
	    "<section id=\"terms\">\n<h2>How to read this page</h2>\n"
	    "<dl class=\"terms\">\n");
	for (size_t i = 0; i < p->n_terms; i++) {
		put_line(b, "<div>");
		put_element(b, "dt", NULL, p->terms[i].term);
		put_element(b, "dd", NULL, p->terms[i].explanation);
		put_line(b, "</div>\n");
	}
	put_line(b, "</dl>\n</section>\n");
}

void
put_page(struct buf *b, const struct page *p, const struct drawing *drawings)
{
	put_head(b, p);
	put_top(b, p);
	put_summary(b, p);
	put_terms(b, p);
	put_gallery(b, p, drawings);
	put_scores(b, p);
	put_line(b, "</main>\n<footer>\n");
	for (size_t i = 0; i < p->n_provenance; i++)
		put_element(b, "p", NULL, p->provenance[i]);
	put_line(b, "</footer>\n</body>\n</html>\n");
}
