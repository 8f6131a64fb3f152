#include "seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* FNV-1a, 64 bits, with the finish of MurmurHash3, since low bits pick the slot. */
static uint64_t
hash(const uint8_t *p, size_t n)
{
	uint64_t h = 14695981039346656037u;
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ p[i]) * 1099511628211u;
	h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
	h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
	h ^= h >> 33;
	return h != 0 ? h : 1;
}

static bool
insert(struct seen *s, uint64_t h)
{
	size_t i = h & (s->cap - 1);

	while (s->slot[i] != 0) {
		if (s->slot[i] == h)
			return false;
		i = (i + 1) & (s->cap - 1);
	}
	s->slot[i] = h;
	s->n++;
	return true;
}

static void
grow(struct seen *s)
{
	struct seen big = {.cap = s->cap > 0 ? 2 * s->cap : 1024};
	size_t i;

	big.slot = xcalloc(big.cap, sizeof *big.slot);
	for (i = 0; i < s->cap; i++)
		if (s->slot[i] != 0)
			insert(&big, s->slot[i]);
	free(s->slot);
	*s = big;
}

bool
seen_add(struct seen *s, const uint8_t *p, size_t n)
{
	if (2 * (s->n + 1) > s->cap)
		grow(s);
	return insert(s, hash(p, n));
}

bool
seen_has(const struct seen *s, const uint8_t *p, size_t n)
{
	uint64_t h = hash(p, n);
	size_t i = s->cap > 0 ? h & (s->cap - 1) : 0;

	while (s->cap > 0 && s->slot[i] != 0 && s->slot[i] != h)
		i = (i + 1) & (s->cap - 1);
	return s->cap > 0 && s->slot[i] == h;
}

void
seen_free(struct seen *s)
{
	free(s->slot);
	memset(s, 0, sizeof *s);
}
