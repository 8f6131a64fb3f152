/*
 * mem.h: memory that cannot fail (the process dies with status 71 instead) and sizes
 * that cannot wrap.  Sizes read from outside are checked against the bytes at hand
 * before they come here.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#include "base/err.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* out_of_memory: how they die. */
NS_NORETURN void out_of_memory(void);
void *xmalloc(size_t n);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);

/* size_mul, size_add: product and sum; die with status 71 where they do not fit. */
size_t size_mul(size_t a, size_t b);
size_t size_add(size_t a, size_t b);

/*
 * xgrow: make room for at least want elements of the given size in *p, whose present
 * capacity is *cap elements; grows by half.  *p may move.
 */
void xgrow(void *p, size_t *cap, size_t want, size_t size);

/* struct buf: bytes that grow.  Zero-initialised is empty; buf_free releases. */
struct buf {
	unsigned char *p;
	size_t len, cap;
};
void buf_put(struct buf *b, const void *p, size_t n);
/* buf_room: n more bytes at the end, uninitialised; counts them in len. */
unsigned char *buf_room(struct buf *b, size_t n);
void buf_printf(struct buf *b, const char *fmt, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
void buf_free(struct buf *b);

#endif
