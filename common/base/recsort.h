/*
 * recsort.h: the order of records in memory; used by extsort.c alone.
 */
#ifndef BASE_RECSORT_H
#define BASE_RECSORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/extsort.h"

/* n records of size bytes each, n <= UINT32_MAX. */
struct recs {
	const unsigned char *p;
	size_t n, size;
	extsort_cmp *cmp;
	const void *arg;
};
static inline const unsigned char *
recs_at(const struct recs *r, uint32_t i)
{
	return r->p + (size_t)i * r->size;
}

/* recsort: order (n) is written with the places of the records from the least to the
 * greatest, equal ones as they stand; scratch (n) is used. */
void recsort(uint32_t *order, uint32_t *scratch, const struct recs *r);

#endif
