/* tsv.h: cells of a table with tabs between them. */
#ifndef EVAL_TSV_H
#define EVAL_TSV_H

#include "base/mem.h"

/* tsv_text: what would break the rows, tabs and control characters, becomes '?'. */
void tsv_text(struct buf *b, const char *text);
/* tsv_number: a tab and the number with so many digits, "nan" for NAN. */
void tsv_number(struct buf *b, double v, int digits);

#endif
