/*
 * pairs.h: which series of a chunk answer which.
 *
 * Two series that both start in the chunk and have reverse five-tuples are a pair: the
 * one whose first record is earlier opens the conversation, the other answers.  Of two
 * that start at once the one opens whose destination port is lower, as those of
 * services are, then the one whose source address is.  Of a flow that was cut into
 * several series the first counts.
 *
 * Series of one unit alone make a pair: what is said of one must not depend on another
 * unit's.
 */
#ifndef NS_ENCODE_PAIRS_H
#define NS_ENCODE_PAIRS_H

#include <stddef.h>

#include "trace/rstream.h"

/* One series of a pair; of an answer what struct series has of it. */
struct paired {
	int64_t delay_ns; /* -1: it opens */
	uint32_t series;  /* number in the chunk, from 0 */
	uint32_t opener_steps;
};

/* Those of a chunk, by their numbers. */
struct pairs {
	struct paired *v;
	size_t n;
};

/* pairs_allowed: not where units are other than conversations (META privacy.unit). */
bool pairs_allowed(const struct trace_reader *t);

/* The search: some 50 bytes for each series that starts.  Five-tuples are told apart by
 * 63 bits of their hash, those of units by these. */
struct pairing;
/* pairing_new: units: series have units, each a five-tuple and its reverse. */
struct pairing *pairing_new(bool units);
/* pairing_add: the next series of the chunk. */
void pairing_add(struct pairing *p, const struct series *s);
/* pairing_end: what there is, for pairs_free; p is gone. */
void pairing_end(struct pairing *p, struct pairs *found);
void pairs_free(struct pairs *p);

/* pairs_tell: sets what s, of that number in its chunk, is to another.  *at: 0 at
 * first, then lent from call to call of ascending numbers. */
void pairs_tell(const struct pairs *p, size_t *at, uint64_t number, struct series *s);
/* pairs_from: that *at for a series in the middle of the chunk. */
size_t pairs_from(const struct pairs *p, uint64_t number);

#endif
