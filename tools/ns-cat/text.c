#include <string.h>

#include "cat.h"

void
put_safe(struct buf *b, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	for (; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f || *p == '\\')
			buf_printf(b, "\\x%02x", *p);
		else
			buf_put(b, p, 1);
}

void
put_u64(struct buf *b, uint64_t v)
{
	char text[20];
	size_t n = sizeof text;

	do {
		text[--n] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	buf_put(b, text + n, sizeof text - n);
}

void
put_i64(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_put(b, "-", 1);
	put_u64(b, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void
put_chunk(struct buf *b, const struct nsr_reader *r)
{
	const char *chunk = nsr_meta(r, "chunk.index");

	put_safe(b, chunk != NULL ? chunk : "-");
}
