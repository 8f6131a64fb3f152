/* texts.h: what the page explains, in plain words. */
#ifndef EVAL_TEXTS_H
#define EVAL_TEXTS_H

#include "html.h"
#include "metrics/metrics.h"

/* text_of_group: what the scores of a group are about, two sentences. */
const char *text_of_group(enum group g);

extern const struct page_term page_terms[];
extern const size_t n_page_terms;

#endif
