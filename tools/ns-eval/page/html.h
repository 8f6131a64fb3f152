/*
 * html.h: the report as a page for people who have read no paper: one file with style
 * and plots in it, without scripts and without anything from the network.  The caller
 * gives scores and texts; nothing here depends on how they are worked out.  All texts
 * are plain, and belong to the caller.
 */
#ifndef EVAL_HTML_H
#define EVAL_HTML_H

#include <stdbool.h>

#include "base/err.h"
#include "figure/figure.h"

/* How good a verdict is.  Its text says so too: colour alone says nothing. */
enum page_class { PAGE_GOOD, PAGE_FAIR, PAGE_BAD, PAGE_NONE, PAGE_CLASSES };

struct page_headline {
	const char *caption;
	const char *value;
	enum page_class class;
};

/* One synthetic trace. */
struct page_trace {
	const char *label;
	size_t records, flows;
	size_t verdicts[PAGE_CLASSES]; /* how many of each */
	const struct page_headline *headlines;
	size_t n_headlines;
	const char *sentence;
	const char *guarantee; /* NULL: none */
};

struct page_value {
	double value, dev; /* NAN: none */
	const char *verdict;
	enum page_class class;
};

struct page_row {
	const char *metric;                   /* "BYT" */
	const char *measure;                  /* "EMD, bytes" */
	const char *text;                     /* what it is, in plain words */
	const struct page_value *values;      /* (n_traces of the page) */
	double floor, independent, bootstrap; /* NAN: none */
};

struct page_group {
	const char *name; /* part of the address, "#scores-joint" */
	const char *title, *explanation;
	const struct page_row *rows;
	size_t n_rows;
};

struct page_term {
	const char *term, *explanation;
};

struct page {
	const char *title;
	const char *kind; /* "packet", "flow" */
	const char *const *paragraphs;
	size_t n_paragraphs;
	const char *class_name[PAGE_CLASSES]; /* "at the floor", ... */
	const struct page_trace *traces;
	size_t n_traces;
	const struct page_term *terms; /* how to read the page */
	size_t n_terms;
	const struct page_group *groups;
	size_t n_groups;
	const struct figures *figures;
	const char *const *provenance;
	size_t n_provenance;
};

/*
 * page_write: DIR/index.html, and for each figure DIR/plots/NAME.gp, .svg and .png.
 * Folders are made where missing; index.html appears only when all else is there.
 * *no_gnuplot: gnuplot is not installed, and notes stand where plots should.  The same
 * page gives the same bytes.
 *
 * NS_ECREATE, NS_EIO: a file or folder cannot be made or written.  NS_EINTERNAL:
 * gnuplot failed.
 */
int page_write(const struct page *p, const char *dir, bool *no_gnuplot,
    struct ns_err *e);

#endif
