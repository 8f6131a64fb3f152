/*
 * markup.h: texts of others (names of traces, values of fields) made harmless in HTML
 * and in gnuplot's scripts.  Control characters become blanks; bytes that are no UTF-8
 * become '?'.
 */
#ifndef EVAL_MARKUP_H
#define EVAL_MARKUP_H

#include "base/mem.h"

/* put_html: text for elements and for attributes in double quotes. */
void put_html(struct buf *b, const char *s);

/* put_gnuplot: a string in single quotes, where gnuplot substitutes nothing, of at most
 * so many characters, the last one then an ellipsis.  put_gnuplot_tick: the same where
 * gnuplot takes the string as a format of the tick's place. */
void put_gnuplot(struct buf *b, const char *s, size_t most);
void put_gnuplot_tick(struct buf *b, const char *s, size_t most);

/* put_line: s as it is, without the terminating zero. */
void put_line(struct buf *b, const char *s);

/* text_chars: characters, not bytes, that s shows. */
size_t text_chars(const char *s);

#endif
