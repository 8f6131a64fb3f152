/* page.h: the parts of the page, each put behind the one before. */
#ifndef EVAL_REPORT_PAGE_H
#define EVAL_REPORT_PAGE_H

#include "base/mem.h"
#include "html.h"

/* What became of a figure. */
struct drawing {
	bool empty;     /* it has nothing to draw */
	struct buf svg; /* an <svg> element; empty where there is no gnuplot */
};

/* put_style: the style sheet, without the element around it. */
void put_style(struct buf *b);

/* put_page: the whole file.  drawings: one a figure. */
void put_page(struct buf *b, const struct page *p, const struct drawing *drawings);

/* put_scores: the tables.  put_gallery: the figures by section. */
void put_scores(struct buf *b, const struct page *p);
void put_gallery(struct buf *b, const struct page *p, const struct drawing *drawings);

/* put_section_links: entries of the table of contents for the gallery. */
void put_section_links(struct buf *b, const struct figures *f);

/* put_element: <tag class="class">text</tag>, text made harmless; nothing where text is
 * empty.  class may be NULL. */
void put_element(struct buf *b, const char *tag, const char *class, const char *text);

/* put_verdict: text with the mark and colour of its class. */
void put_verdict(struct buf *b, const char *text, enum page_class class);

/* put_score: four digits, a dash for NAN.  put_count: digits in groups of three. */
void put_score(struct buf *b, double v);
void put_count(struct buf *b, double v);

#endif
