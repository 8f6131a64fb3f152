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

/* RFC 3629: no overlong forms, no surrogates, nothing above 10ffff. */
size_t
utf8_len(const unsigned char *p, size_t n)
{
	size_t len = p[0] < 0x80 ? 1
	    : p[0] < 0xc2        ? 0
	    : p[0] < 0xe0        ? 2
	    : p[0] < 0xf0        ? 3
				 : 4;
	size_t i;

	if (p[0] > 0xf4 || len == 0 || len > n)
		return 0;
	for (i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}
