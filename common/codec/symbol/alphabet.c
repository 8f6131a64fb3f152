#include "codec/symbol/alphabet.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SLOTS 512 /* a table that values fill by half at most */

static uint32_t
first_slot(struct value v)
{
	return (
	    uint32_t)((v.lo ^ v.hi * 0xff51afd7ed558ccdu) * 0x9e3779b97f4a7c15u >> 55);
}

void
alphabet_set(struct alphabet *a, const struct value *v, uint32_t n)
{
	uint32_t i, k;

	a->n = n;
	a->v = xcalloc((size_t)n + 1, sizeof *a->v);
	a->slots = xcalloc(SLOTS, sizeof *a->slots);
	for (i = 0; i < n; i++) {
		a->v[i] = v[i];
		for (k = first_slot(v[i]); a->slots[k] != 0;)
			k = (k + 1) % SLOTS;
		a->slots[k] = (uint16_t)(i + 1);
	}
}

void
alphabet_free(struct alphabet *a)
{
	free(a->v);
	free(a->slots);
	memset(a, 0, sizeof *a);
}

int
alphabet_find(const struct alphabet *a, struct value v)
{
	uint32_t k = first_slot(v);

	while (a->slots[k] != 0 && value_cmp(a->v[a->slots[k] - 1], v) != 0)
		k = (k + 1) % SLOTS;
	return (int)a->slots[k] - 1;
}
