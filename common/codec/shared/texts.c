#include "codec/shared/texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trace/record.h"

/* How many are below text; *same says whether the next is equal. */
static size_t
texts_below(const struct texts *t, const char *text, bool *same)
{
	size_t lo = 0, hi = t->n, mid;
	int d;

	*same = false;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		d = strcmp(t->text[mid], text);
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
		*same = *same || d == 0;
	}
	return lo;
}

static void
insert(struct texts *t, size_t at, const char *text)
{
	xgrow(&t->text, &t->cap, t->n + 1, sizeof *t->text);
	memmove(t->text + at + 1, t->text + at, (t->n - at) * sizeof *t->text);
	t->text[at] = xstrdup(text);
	t->n++;
}

int
texts_add(struct texts *t, const char *text, const char *what, struct ns_err *e)
{
	bool same;
	size_t at = texts_below(t, text, &same);

	if (same)
		return NS_OK;
	if (t->n == TEXTS_MAX)
		return ns_fail(e, NS_EKIND,
		    "more than %d different texts in the field '%s'", TEXTS_MAX, what);
	insert(t, at, text);
	return NS_OK;
}

int
texts_find(const struct texts *t, const char *text)
{
	bool same;
	size_t at = texts_below(t, text, &same);

	return same ? (int)at : -1;
}

void
texts_free(struct texts *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		free(t->text[i]);
	free(t->text);
	memset(t, 0, sizeof *t);
}

int
texts_get(struct texts *t, uint32_t n, struct text *in)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (text_line(in) < 0)
			return NS_ECORRUPT;
		if (strncmp(in->line, "text ", 5) != 0 ||
		    strlen(in->line + 5) > LABEL_TEXT_MAX)
			return text_bad(in, "not a text");
		if (i > 0 && strcmp(t->text[i - 1], in->line + 5) >= 0)
			return text_bad(in, "texts are not in order");
		insert(t, t->n, in->line + 5);
	}
	return NS_OK;
}
