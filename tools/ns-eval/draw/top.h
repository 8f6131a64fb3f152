/* top.h: the most frequent values of a field, and what they are called. */
#ifndef EVAL_TOP_H
#define EVAL_TOP_H

#include "data/columns.h"

#define TOP_MAX 8
#define TOP_TEXT 24

struct top {
	size_t n;
	uint32_t value[TOP_MAX]; /* most frequent first, lesser first where equal */
	char text[TOP_MAX][TOP_TEXT];
};

/* top_find: c holds values below 65536. */
void top_find(struct top *top, const struct trace *t, enum col c);
/* top_index: 0 .. n-1, or n for any other value. */
size_t top_index(const struct top *top, uint32_t value);

#endif
