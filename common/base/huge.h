/*
 * huge.h: memory for large arrays that are walked over and over.  Where the system has
 * large pages for those who ask (Linux, transparent ones) it comes in them: with small
 * ones the processor spends a tenth of its time looking up where pages are.
 */
#ifndef BASE_HUGE_H
#define BASE_HUGE_H

#include <stddef.h>

/* huge_calloc: count * size zero bytes; pages that are never touched cost nothing.
 * huge_free: with the same numbers; p may be NULL. */
void *huge_calloc(size_t count, size_t size);
void huge_free(void *p, size_t count, size_t size);

#endif
