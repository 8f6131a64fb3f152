#include "table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

void
table_free(struct table *t)
{
	free(t->e);
	free(t->slot);
}

static uint64_t
slot_value(uint64_t hash, size_t i)
{
	return hash >> 32 << 32 | (i + 1);
}

static const struct table_entry *
entry_at(const struct table *t, uint64_t slot)
{
	return &t->e[(uint32_t)slot - 1];
}

/* Where the key is, or the empty slot where it would be. */
static size_t
slot_of(const struct table *t, struct addr key, uint64_t hash)
{
	size_t mask = t->n_slots - 1, i = (size_t)hash & mask;

	while (t->slot[i] != 0 &&
	    ((t->slot[i] ^ hash) >> 32 != 0 ||
		!addr_equal(entry_at(t, t->slot[i])->key, key)))
		i = (i + 1) & mask;
	return i;
}

struct table_entry *
table_find(const struct table *t, struct addr key)
{
	uint64_t slot;

	if (t->n == 0)
		return NULL;
	slot = t->slot[slot_of(t, key, addr_hash(key))];
	return slot != 0 ? &t->e[(uint32_t)slot - 1] : NULL;
}

static void
more_slots(struct table *t)
{
	uint64_t hash;
	size_t i;

	free(t->slot);
	t->n_slots = t->n_slots == 0 ? 64 : size_mul(t->n_slots, 2);
	t->slot = xcalloc(t->n_slots, sizeof *t->slot);
	for (i = 0; i < t->n; i++) {
		hash = addr_hash(t->e[i].key);
		t->slot[slot_of(t, t->e[i].key, hash)] = slot_value(hash, i);
	}
}

void
table_put(struct table *t, struct addr key, struct addr val)
{
	uint64_t hash = addr_hash(key);
	size_t at;

	assert(t->n < UINT32_MAX - 1);
	if (2 * (t->n + 1) > t->n_slots)
		more_slots(t);
	at = slot_of(t, key, hash);
	assert(t->slot[at] == 0);
	xgrow(&t->e, &t->cap, t->n + 1, sizeof *t->e);
	t->slot[at] = slot_value(hash, t->n);
	t->e[t->n++] = (struct table_entry){key, val};
}
