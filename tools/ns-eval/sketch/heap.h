/*
 * heap.h: the keys with the greatest counts seen so far, a binary heap whose root is
 * the least of them.
 */
#ifndef EVAL_HEAP_H
#define EVAL_HEAP_H

#include <stddef.h>
#include <stdint.h>

/* Cells of memory that an entry counts for: its key and its count. */
#define HEAP_CELLS 2

struct heap {
	size_t n, cap;
	struct heap_entry {
		uint64_t key;
		double count; /* when it was offered last */
	} * at;               /* no entry is below its parent, (i - 1) / 2 */
};

/* heap_init: room for cap >= 1 keys. */
void heap_init(struct heap *h, size_t cap);
void heap_free(struct heap *h);

/* heap_offer: the key has the count now.  In a full heap a count not above the least
 * changes nothing, so a key whose estimate fell keeps its old one. */
void heap_offer(struct heap *h, uint64_t key, double count);

#endif
