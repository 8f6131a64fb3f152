#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "trace/record.h"

void
labels_init(struct labels *l)
{
	memset(l, 0, sizeof *l);
	labels_intern(l, "");
}

void
labels_free(struct labels *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->text[i]);
	free(l->text);
	free(l->slot);
	memset(l, 0, sizeof *l);
}

static size_t
hash_text(const char *s)
{
	uint32_t h = 0x811c9dc5u;

	for (; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 0x01000193u;
	return h ^ h >> 15;
}

/* The slot that holds text, or the empty one where it belongs. */
static size_t
find_slot(const struct labels *l, const char *text)
{
	size_t i = hash_text(text) & (l->n_slots - 1);

	while (l->slot[i] != 0 && strcmp(l->text[l->slot[i] - 1], text) != 0)
		i = (i + 1) & (l->n_slots - 1);
	return i;
}

static void
grow_slots(struct labels *l)
{
	size_t i;

	l->n_slots = l->n_slots == 0 ? 64 : l->n_slots * 2;
	free(l->slot);
	l->slot = xcalloc(l->n_slots, sizeof *l->slot);
	for (i = 0; i < l->n; i++)
		l->slot[find_slot(l, l->text[i])] = (uint32_t)i + 1;
}

static bool
is_text(const char *s)
{
	size_t n;

	for (n = 0; s[n] != '\0'; n++)
		if (n == LABEL_TEXT_MAX || (uint8_t)s[n] < 0x20 || s[n] == 0x7f)
			return false;
	return true;
}

int
labels_intern(struct labels *l, const char *text)
{
	size_t i;

	if (!is_text(text))
		return -1;
	if ((l->n + 1) * 2 > l->n_slots)
		grow_slots(l);
	i = find_slot(l, text);
	if (l->slot[i] != 0)
		return (int)l->slot[i] - 1;
	if (l->n > LABELS_MAX)
		return -1;
	xgrow(&l->text, &l->cap, l->n + 1, sizeof *l->text);
	l->text[l->n++] = xstrdup(text);
	l->slot[i] = (uint32_t)l->n;
	return (int)l->n - 1;
}

const char *
labels_text(const struct labels *l, uint16_t i)
{
	return i < l->n ? l->text[i] : "";
}
