/* array.h: the payload of TNSR frames.  Used by array.c and reader.c alone. */
#ifndef STREAM_ARRAY_H
#define STREAM_ARRAY_H

#include "stream/stream.h"

#define ARRAY_NAME 256 /* room for a name */

/* array_parse: one part from a payload of n bytes, into t (but its name) and name; -1
 * if it is damaged.  t->data points into p. */
int array_parse(struct nsr_tensor *t, char name[ARRAY_NAME], const uint8_t *p,
    size_t n);

/* array_total: elements of the whole array; -1 if they are too many. */
int array_total(const struct nsr_tensor *t, uint64_t *total);

#endif
