#include "addrs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"

#define FIRST_SLOTS 1024

void
addrs_init(struct addrs *a)
{
	memset(a, 0, sizeof *a);
	a->n_slots = FIRST_SLOTS;
	a->slot = xcalloc(a->n_slots, sizeof *a->slot);
}

void
addrs_free(struct addrs *a)
{
	free(a->addr);
	free(a->slot);
}

/* The slot that holds addr, or the free one where it belongs. */
static size_t
find(const struct addrs *a, const uint8_t addr[16])
{
	uint64_t h = mix64(mix64(get_le64(addr)) ^ get_le64(addr + 8));
	size_t i = h & (a->n_slots - 1);

	while (a->slot[i] != 0 && memcmp(a->addr[a->slot[i] - 1], addr, 16) != 0)
		i = (i + 1) & (a->n_slots - 1);
	return i;
}

static void
rehash(struct addrs *a)
{
	free(a->slot);
	a->n_slots = size_mul(a->n_slots, 2);
	a->slot = xcalloc(a->n_slots, sizeof *a->slot);
	for (size_t k = 0; k < a->n; k++)
		a->slot[find(a, a->addr[k])] = (uint32_t)(k + 1);
}

uint32_t
addrs_intern(struct addrs *a, const uint8_t addr[16])
{
	size_t i = find(a, addr);

	if (a->slot[i] != 0)
		return a->slot[i] - 1;
	assert(a->n < UINT32_MAX - 1);
	xgrow(&a->addr, &a->cap, a->n + 1, sizeof *a->addr);
	memcpy(a->addr[a->n], addr, 16);
	a->slot[i] = (uint32_t)++a->n;
	if (a->n > a->n_slots / 2)
		rehash(a);
	return (uint32_t)(a->n - 1);
}
