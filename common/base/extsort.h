/*
 * extsort.h: sort any number of fixed-size records in bounded memory.  Records beyond
 * the bound are written as sorted runs to unlinked files in TMPDIR and merged.  The
 * sort is stable: equal records come out in the order they went in.
 *
 *   s = extsort_new(sizeof rec, cmp, arg, memory);
 *   while (...) extsort_put(s, &rec, e);
 *   extsort_start(s, e);
 *   while ((rc = extsort_next(s, &p, e)) > 0) ...      p lives until the next call
 *   extsort_free(s);
 *
 * Memory: at most the bound given (at least 1 MiB is used) plus the C library's own.
 */
#ifndef BASE_EXTSORT_H
#define BASE_EXTSORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct extsort;
typedef int extsort_cmp(const void *a, const void *b, const void *arg);

struct extsort *extsort_new(size_t size, extsort_cmp *cmp, const void *arg,
    size_t memory);
int extsort_put(struct extsort *s, const void *rec, struct ns_err *e);
int extsort_start(struct extsort *s, struct ns_err *e);
int extsort_next(struct extsort *s, const void **rec, struct ns_err *e);
uint64_t extsort_count(const struct extsort *s);
void extsort_free(struct extsort *s);

#endif
