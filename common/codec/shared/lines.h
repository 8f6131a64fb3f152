/*
 * lines.h: reading a text from outside line by line and word by word.  All functions
 * return NS_OK or NS_ECORRUPT with a message that names the line.
 */
#ifndef CODEC_SHARED_LINES_H
#define CODEC_SHARED_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define WORDS_MAX 260 /* of a line: "off RULE" and 256 protocols */

struct text {
	char *next; /* what follows the present line */
	char *end;  /* of all */
	char *line; /* the present line, NUL-terminated */
	int number; /* from 1 */
	char *w[WORDS_MAX];
	int n; /* words of the present line, once it was split */
	struct ns_err *e;
};

int text_bad(struct text *t, const char *what);
/* text_line: the next line into line, unsplit. */
int text_line(struct text *t);
/* text_split: the present line into words, at single spaces; at least one. */
int text_split(struct text *t);
/* text_words: the next line split, which must begin with the word key and have n words,
 * or any number where n is 0. */
int text_words(struct text *t, const char *key, int n);
/* Word i as a whole number up to max, as a finite number, as n bytes of hexadecimal. */
int text_u64(struct text *t, int i, uint64_t max, uint64_t *v);
int text_f64(struct text *t, int i, double *v);
int text_hex(struct text *t, int i, uint8_t *out, size_t n);

#endif
