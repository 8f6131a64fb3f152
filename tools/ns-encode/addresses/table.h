/* table.h: a hash table from addresses to addresses, which grows; nothing goes out. */
#ifndef ADDRESSES_TABLE_H
#define ADDRESSES_TABLE_H

#include <stddef.h>

#include "addr.h"

struct table_entry {
	struct addr key, val;
};

/* Zero-initialised is empty; some 70 bytes an entry. */
struct table {
	struct table_entry *e;
	size_t n, cap;
	/* index + 1, 0 = empty, and above it the upper half of the hash, so that what
	 * is another address is mostly seen without looking at it */
	uint64_t *slot;
	size_t n_slots; /* a power of two, at least twice n */
};
void table_free(struct table *t);
/* table_find: NULL if it is not there; lends until the next table_put. */
struct table_entry *table_find(const struct table *t, struct addr key);
/* table_put: the key must not be there; no more than UINT32_MAX - 1 entries. */
void table_put(struct table *t, struct addr key, struct addr val);

#endif
