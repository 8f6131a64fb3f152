/* sheaf.h: what a page says of a report: its cards, tables and facts. */
#ifndef EVAL_SHEAF_H
#define EVAL_SHEAF_H

#include "html.h"
#include "report/report.h"

#define HEADLINES 4
#define TEXT_MAX 400
#define VERDICT_TEXT 64
#define FACTS 7

struct headline_text {
	char value[48], caption[120];
};

/* A page with all that it points to. */
struct sheaf {
	struct page page;
	struct page_trace *traces;
	struct page_headline (*headlines)[HEADLINES];
	struct headline_text (*texts)[HEADLINES];
	char (*sentences)[TEXT_MAX];
	struct buf *guarantees; /* (results) */
	struct page_group groups[GROUPS];
	struct page_row *rows;          /* (n_metrics) */
	struct page_value *cells;       /* (n_metrics, results) */
	char (*measures)[64];           /* (n_metrics) */
	char (*verdicts)[VERDICT_TEXT]; /* (n_metrics, results) */
	char facts[FACTS][TEXT_MAX];
	const char *paragraphs[FACTS];
	char origin[TEXT_MAX];
	const char *provenance[1];
};

/* sheaf_init: r outlives it.  page is what is to be written. */
void sheaf_init(struct sheaf *s, const struct report *r);
void sheaf_free(struct sheaf *s);

#endif
