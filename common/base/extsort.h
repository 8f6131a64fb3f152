/*
 * extsort.h: sort any number of records in bounded memory.  Records beyond the bound
 * are written as sorted runs to unlinked files in TMPDIR and merged.
 *
 * A record begins with a uint64_t, its key.  The order is that of the keys, of equal
 * keys that of cmp (NULL: they are equal); equal records come out as they went in.
 * Records are of one size, or of size 0: then a uint32_t behind the key says how many
 * bytes this record has.  In memory and on disk each takes whole units of 8 bytes; what
 * a record is copied from must have that many.
 *
 *   s = extsort_new(sizeof rec, cmp, memory);
 *   while (...) extsort_put(s, &rec, e);
 *   extsort_start(s, e);
 *   while ((rc = extsort_next(s, &p, e)) > 0) ...      p lives until the next call
 *   extsort_free(s);
 *
 * Memory: at most the bound given (at least 1 MiB, or the two largest records, is used)
 * plus the C library's own.
 */
#ifndef BASE_EXTSORT_H
#define BASE_EXTSORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct extsort;
typedef int extsort_cmp(const void *a, const void *b);

/* extsort_key_i64: a key that keeps the order of signed numbers. */
static inline uint64_t
extsort_key_i64(int64_t v)
{
	return (uint64_t)v ^ UINT64_C(1) << 63;
}
static inline int64_t
extsort_i64_of_key(uint64_t key)
{
	return (int64_t)(key ^ UINT64_C(1) << 63);
}

struct extsort *extsort_new(size_t size, extsort_cmp *cmp, size_t memory);
/* extsort_concurrent: before the first record; runs are sorted and written on a thread
 * of their own while extsort_put goes on, in the same memory and with the same result.
 */
void extsort_concurrent(struct extsort *s);
int extsort_put(struct extsort *s, const void *rec, struct ns_err *e);
int extsort_start(struct extsort *s, struct ns_err *e);
int extsort_next(struct extsort *s, const void **rec, struct ns_err *e);
void extsort_free(struct extsort *s);

#endif
