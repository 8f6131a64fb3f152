/*
 * carried.h: attribute codes of flows that go on in later chunks, in memory up to a
 * bound, then in an unlinked file of TMPDIR.  Order is kept.
 */
#ifndef NS_SAMPLE_CARRIED_H
#define NS_SAMPLE_CARRIED_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct carried;

/* carried_new: records of size bytes for chunks 0 .. chunks-1. */
struct carried *carried_new(int chunks, size_t size, size_t memory);
void carried_free(struct carried *c);
int carried_put(struct carried *c, int chunk, const uint8_t *rec, struct ns_err *e);
uint64_t carried_count(const struct carried *c, int chunk);
/* carried_next: 1 = the next record of chunk is in rec; 0 = no more.  Reading a chunk
 * begins when nothing more is put to it. */
int carried_next(struct carried *c, int chunk, uint8_t *rec, struct ns_err *e);

#endif
