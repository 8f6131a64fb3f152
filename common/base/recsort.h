/*
 * recsort.h: records in memory and their order; used by extsort.c alone.
 */
#ifndef BASE_RECSORT_H
#define BASE_RECSORT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/extsort.h"

/* Where a record is, in units, and what its key says in 32 bits. */
struct place {
	uint32_t key, at;
};

/* Each record begins with its key, at a multiple of RECORD_UNIT bytes. */
#define RECORD_UNIT 8
struct recs {
	unsigned char *p;
	size_t used, cap;
	struct place *order, *scratch; /* as the records stand, then in their order */
	size_t n, cap_order, cap_scratch;
	extsort_cmp *cmp; /* of equal keys; NULL = as they stand */
};
/* recs_put: bytes is a multiple of RECORD_UNIT. */
void recs_put(struct recs *r, const void *rec, size_t bytes);
/* recs_sort: once all are there. */
void recs_sort(struct recs *r);
/* recs_clear: empty again; the memory stays.  recs_free: empty, without memory. */
void recs_clear(struct recs *r);
void recs_free(struct recs *r);

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

/* Records are visited all over memory, so each is asked for some steps ahead. */
#define RECSORT_AHEAD 16
#define CACHE_LINE 64
#if defined(__GNUC__)
#define RECSORT_FETCH(p) __builtin_prefetch(p)
#else
#define RECSORT_FETCH(p) ((void)(p))
#endif
static inline void
recs_fetch(const struct recs *r, size_t i)
{
	const unsigned char *p;

	if (i + RECSORT_AHEAD >= r->n)
		return;
	p = recs_at(r, r->order[i + RECSORT_AHEAD].at);
	RECSORT_FETCH(p);
	RECSORT_FETCH(p + CACHE_LINE);
}
/* recs_sorted: the i-th record in order; those behind it are on their way. */
static inline const unsigned char *
recs_sorted(const struct recs *r, size_t i)
{
	recs_fetch(r, i);
	return recs_at(r, r->order[i].at);
}

#endif
