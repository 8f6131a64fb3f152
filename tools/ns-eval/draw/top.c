#include "top.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define VALUES 65536

static void
insert(struct top *top, const uint32_t *count, uint32_t v)
{
	size_t at = top->n;

	while (at > 0 && count[top->value[at - 1]] < count[v])
		at--;
	if (at == TOP_MAX)
		return;
	top->n = top->n < TOP_MAX ? top->n + 1 : TOP_MAX;
	for (size_t i = top->n - 1; i > at; i--)
		top->value[i] = top->value[i - 1];
	top->value[at] = v;
}

void
top_find(struct top *top, const struct trace *t, enum col c)
{
	uint32_t *count = xcalloc(VALUES, sizeof *count);

	memset(top, 0, sizeof *top);
	for (size_t i = 0; i < t->n; i++)
		count[t->narrow[c][i]]++;
	for (uint32_t v = 0; v < VALUES; v++)
		if (count[v] > 0)
			insert(top, count, v);
	for (size_t i = 0; i < top->n; i++) {
		uint32_t v = top->value[i];
		const char *name = c == COL_PROTO ? proto_name((uint8_t)v) : NULL;

		if (name != NULL)
			snprintf(top->text[i], TOP_TEXT, "%s", name);
		else
			snprintf(top->text[i], TOP_TEXT, "%u", v);
	}
	free(count);
}

size_t
top_index(const struct top *top, uint32_t value)
{
	size_t i = 0;

	while (i < top->n && top->value[i] != value)
		i++;
	return i;
}
