/*
 * map.h: addresses that are not the trace's own: by a key, into one's own prefixes, or
 * both one after the other.  Series are mapped as they are read, so that nothing behind
 * it ever holds an address of the trace.
 *
 * A mapping takes different addresses to different ones and depends on nothing but the
 * options and, with prefixes, on the order in which addresses first occur.  Series with
 * units are for private training, where no unit may have a say in what others become:
 * they are mapped by key alone, and so are the numbers of the units.
 */
#ifndef ADDRESSES_MAP_H
#define ADDRESSES_MAP_H

#include "trace/rstream.h"

struct map_opts {
	const char *key;    /* file, NULL = none */
	const char *prefix; /* as prefixes_new has it, NULL = none */
};

struct address_map;
/* address_map_new: NULL with e filled: NS_EUSAGE for the text of prefixes and where
 * this build has no cipher, NS_EIO or NS_ECORRUPT for the key file. */
struct address_map *address_map_new(const struct map_opts *o, struct ns_err *e);
void address_map_free(struct address_map *m); /* NULL is allowed */

/*
 * address_map_chunk: before the series of a chunk.  With prefixes chunks must come in
 * the order of their numbers, from 0 on (NS_EKIND), so that -F and -A find the same
 * places, and have no units (NS_EUSAGE).  m may be NULL.
 */
int address_map_chunk(struct address_map *m, const struct trace_reader *t,
    const struct chunk_info *k, struct ns_err *e);

/*
 * address_map_next: trace_next_series, mapped; m may be NULL, which maps nothing.
 *
 * An address of a version that there is neither prefix nor key for is NS_EKIND.  When
 * the prefixes are full, all streams are read to their ends to count addresses, but
 * give no more series; address_map_end then fails.
 */
int address_map_next(struct address_map *m, struct trace_reader *t,
    const struct series **s, struct ns_err *e);

/* address_map_end: NS_EKIND if there was not room for all, with how many there were. */
int address_map_end(const struct address_map *m, struct ns_err *e);

/* address_map_one: one address, in place; for address_map_next and tests. */
int address_map_one(struct address_map *m, uint8_t a[16], struct ns_err *e);

#endif
