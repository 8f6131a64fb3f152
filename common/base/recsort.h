/*
 * recsort.h: the order of records in memory; used by extsort.c alone.
 */
#ifndef BASE_RECSORT_H
#define BASE_RECSORT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/extsort.h"

/* Each record begins with its key, at a multiple of RECORD_UNIT bytes. */
#define RECORD_UNIT 8
struct recs {
	const unsigned char *p;
	size_t n;
	extsort_cmp *cmp; /* of equal keys; NULL = as they stand */
};
static inline const unsigned char *
recs_at(const struct recs *r, uint32_t at)
{
	return r->p + (size_t)at * RECORD_UNIT;
}
static inline uint64_t
rec_key(const unsigned char *rec)
{
	uint64_t key;

	memcpy(&key, rec, sizeof key);
	return key;
}

/* Where a record is, in units, and what its key says in 32 bits. */
struct place {
	uint32_t key, at;
};

/* recsort: brings the places in order (n), which come as the records stand, into the
 * order of the records; keys are written, scratch (n) is used. */
void recsort(struct place *order, struct place *scratch, const struct recs *r);

/* Records are visited all over memory, so each is asked for some steps ahead. */
#define RECSORT_AHEAD 16
#define CACHE_LINE 64
#if defined(__GNUC__)
#define RECSORT_FETCH(p) __builtin_prefetch(p)
#else
#define RECSORT_FETCH(p) ((void)(p))
#endif
static inline void
recs_fetch(const struct recs *r, const struct place *order, size_t i)
{
	const unsigned char *p;

	if (i + RECSORT_AHEAD >= r->n)
		return;
	p = recs_at(r, order[i + RECSORT_AHEAD].at);
	RECSORT_FETCH(p);
	RECSORT_FETCH(p + CACHE_LINE);
}

#endif
