#include "keyset.h"

#include <stdlib.h>

#include "base/mem.h"

void
keyset_init(struct keyset *s, size_t n)
{
	s->n_slots = 16;
	while (s->n_slots < size_mul(n, 2))
		s->n_slots *= 2;
	s->slot = xcalloc(s->n_slots, sizeof *s->slot);
}

void
keyset_free(struct keyset *s)
{
	free(s->slot);
}

/* The slot that holds k, or the free one where it belongs. */
static size_t
find(const struct keyset *s, struct digest k)
{
	size_t i = k.a & (s->n_slots - 1);

	while (s->slot[i].b != 0 && (s->slot[i].a != k.a || s->slot[i].b != k.b))
		i = (i + 1) & (s->n_slots - 1);
	return i;
}

void
keyset_add(struct keyset *s, struct digest k)
{
	s->slot[find(s, k)] = k;
}

bool
keyset_has(const struct keyset *s, struct digest k)
{
	return s->slot[find(s, k)].b != 0;
}
