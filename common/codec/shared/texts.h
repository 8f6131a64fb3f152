/* texts.h: the different texts of labels, few and in order. */
#ifndef CODEC_SHARED_TEXTS_H
#define CODEC_SHARED_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "codec/shared/lines.h"

#define TEXTS_MAX 256

struct texts {
	char **text; /* (n), ascending */
	size_t n, cap;
};

/* texts_add: NS_EKIND when they would be too many; what names the field. */
int texts_add(struct texts *t, const char *text, const char *what, struct ns_err *e);
/* texts_find: place of a text, -1 = none. */
int texts_find(const struct texts *t, const char *text);
void texts_free(struct texts *t);

/* texts_get: n lines "text T", in ascending order, into an empty t. */
int texts_get(struct texts *t, uint32_t n, struct text *in);

#endif
