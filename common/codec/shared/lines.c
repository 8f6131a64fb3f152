#include "codec/shared/lines.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int
text_bad(struct text *t, const char *what)
{
	return ns_fail(t->e, NS_ECORRUPT, "codec, line %d: %s", t->number, what);
}

int
text_line(struct text *t)
{
	char *nl = memchr(t->next, '\n', (size_t)(t->end - t->next));

	t->number++;
	if (nl == NULL)
		return text_bad(t, "missing");
	*nl = '\0';
	t->line = t->next;
	t->next = nl + 1;
	return NS_OK;
}

int
text_split(struct text *t)
{
	char *p = t->line;

	t->n = 0;
	while (*p != '\0') {
		if (t->n == WORDS_MAX)
			return text_bad(t, "too many words");
		t->w[t->n++] = p;
		p += strcspn(p, " ");
		if (*p != '\0')
			*p++ = '\0';
	}
	return t->n > 0 ? NS_OK : text_bad(t, "empty");
}

int
text_words(struct text *t, const char *key, int n)
{
	int rc = text_line(t);

	if (rc >= 0)
		rc = text_split(t);
	if (rc < 0)
		return rc;
	if (strcmp(t->w[0], key) != 0 || (n != 0 && t->n != n))
		return text_bad(t, "not what is expected here");
	return NS_OK;
}

int
text_u64(struct text *t, int i, uint64_t max, uint64_t *v)
{
	const char *p = t->w[i];
	char *rest;

	errno = 0;
	if (i >= t->n || *p < '0' || *p > '9')
		return text_bad(t, "a number is missing");
	*v = strtoull(p, &rest, 10);
	if (errno != 0 || *rest != '\0' || *v > max)
		return text_bad(t, "a number is out of range");
	return NS_OK;
}

int
text_f64(struct text *t, int i, double *v)
{
	char *rest;

	if (i >= t->n)
		return text_bad(t, "a number is missing");
	*v = strtod(t->w[i], &rest);
	if (*rest != '\0' || rest == t->w[i] || !isfinite(*v))
		return text_bad(t, "a number is not one");
	return NS_OK;
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0'
	    : c >= 'a' && c <= 'f'  ? c - 'a' + 10
				    : -1;
}

int
text_hex(struct text *t, int i, uint8_t *out, size_t n)
{
	const char *p = t->w[i];
	size_t k;

	if (i >= t->n || strlen(p) != 2 * n)
		return text_bad(t, "bytes of the wrong length");
	for (k = 0; k < n; k++) {
		int hi = hex_digit(p[2 * k]), lo = hex_digit(p[2 * k + 1]);

		if (hi < 0 || lo < 0)
			return text_bad(t, "bytes are not hexadecimal");
		out[k] = (uint8_t)(hi << 4 | lo);
	}
	return NS_OK;
}
