#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

void
out_of_memory(void)
{
	log_error("out of memory");
	exit(ns_exit_status(NS_ENOMEM));
}

void *
xmalloc(size_t n)
{
	void *p = malloc(n != 0 ? n : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *
xcalloc(size_t count, size_t size)
{
	void *p = calloc(count != 0 ? count : 1, size != 0 ? size : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *
xrealloc(void *p, size_t n)
{
	p = realloc(p, n != 0 ? n : 1);
	if (p == NULL)
		out_of_memory();
	return p;
}

char *
xstrdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(xmalloc(n), s, n);
}

size_t
size_mul(size_t a, size_t b)
{
	if (b != 0 && a > SIZE_MAX / b)
		out_of_memory();
	return a * b;
}

size_t
size_add(size_t a, size_t b)
{
	if (a > SIZE_MAX - b)
		out_of_memory();
	return a + b;
}

void
xgrow(void *p, size_t *cap, size_t want, size_t size)
{
	size_t n = *cap;
	void *old, *new;

	if (want <= n)
		return;
	n = size_add(n, n / 2);
	if (n < want)
		n = want;
	if (n < 16)
		n = 16;
	/* p is a pointer to some object pointer; memcpy keeps aliasing rules. */
	memcpy(&old, p, sizeof old);
	new = xrealloc(old, size_mul(n, size));
	memcpy(p, &new, sizeof new);
	*cap = n;
}

void
buf_put(struct buf *b, const void *p, size_t n)
{
	if (n != 0)
		memcpy(buf_room(b, n), p, n);
}

unsigned char *
buf_room(struct buf *b, size_t n)
{
	unsigned char *at;

	xgrow(&b->p, &b->cap, size_add(b->len, n), 1);
	at = b->p + b->len;
	b->len += n;
	return at;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	xgrow(&b->p, &b->cap, size_add(b->len, (size_t)n + 1), 1);
	va_start(ap, fmt);
	vsnprintf((char *)b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buf_free(struct buf *b)
{
	free(b->p);
	memset(b, 0, sizeof *b);
}
