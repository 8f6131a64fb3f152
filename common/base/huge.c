#define _DEFAULT_SOURCE /* anonymous mappings and madvise(2) */

#include "base/huge.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/mem.h"

#ifdef MADV_HUGEPAGE

#define PAGE ((size_t)2 << 20)

/* Whole large pages, or 0 for what would hardly fill one. */
static size_t
mapped_length(size_t count, size_t size)
{
	size_t n = size_mul(count, size);

	return n < PAGE / 2 ? 0 : size_add(n, PAGE - 1) / PAGE * PAGE;
}

/* n bytes from an address that is a multiple of PAGE; what is mapped around is let go.
 */
static void *
map_aligned(size_t n)
{
	uint8_t *p = mmap(NULL, size_add(n, PAGE), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before;

	if (p == MAP_FAILED)
		return NULL;
	before = (PAGE - (uintptr_t)p % PAGE) % PAGE;
	if (before > 0)
		munmap(p, before);
	if (before < PAGE)
		munmap(p + before + n, PAGE - before);
	return p + before;
}

void *
huge_calloc(size_t count, size_t size)
{
	size_t n = mapped_length(count, size);
	void *p;

	if (n == 0)
		return xcalloc(count, size);
	p = map_aligned(n);
	if (p == NULL)
		out_of_memory();
	madvise(p, n, MADV_HUGEPAGE); /* a wish: small pages do as well */
	return p;
}

void
huge_free(void *p, size_t count, size_t size)
{
	size_t n = mapped_length(count, size);

	if (p == NULL)
		return;
	if (n == 0)
		free(p);
	else
		munmap(p, n);
}

#else

void *
huge_calloc(size_t count, size_t size)
{
	return xcalloc(count, size);
}

void
huge_free(void *p, size_t count, size_t size)
{
	(void)count;
	(void)size;
	free(p);
}

#endif
