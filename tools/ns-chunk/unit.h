/*
 * unit.h: whom private training protects, and how much of each it may see.
 */
#ifndef NS_CHUNK_UNIT_H
#define NS_CHUNK_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/extsort.h"
#include "trace/rstream.h"

enum unit_kind {
	UNIT_NONE,
	UNIT_FLOW,  /* a five-tuple and its reverse, over the whole trace */
	UNIT_SRC_IP /* a source address */
};
enum { UNIT_KEY = RECORD_TUPLE };

/* unit_kind_of: by its name; UNIT_NONE for another text.  unit_kind_name: the name. */
enum unit_kind unit_kind_of(const char *name);
const char *unit_kind_name(enum unit_kind u);

/* unit_key: of the record with this five-tuple: equal for equal units alone. */
void unit_key(enum unit_kind u, const uint8_t *tuple, uint8_t key[UNIT_KEY]);
/* unit_hash: of that key. */
uint64_t unit_hash(const uint8_t key[UNIT_KEY]);

/* unit_order: of struct flow_rec of one unit_hash: unit by unit, in each flow by flow,
 * as hashes of the five-tuples have them, in each by time. */
extsort_cmp *unit_order(enum unit_kind u, bool of_flows);

/*
 * unit_number: the next unit's, in the order of their hashes: the hash, told apart
 * where two have the same one.  So a unit has the same number whatever other units
 * there are, unless hashes collide: then they have still different ones.
 */
struct unit_numbers {
	bool any;
	uint64_t last;
};
uint64_t unit_number(struct unit_numbers *n, uint64_t hash);

#endif
