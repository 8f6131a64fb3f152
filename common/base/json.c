#include "base/json.h"

/* Bytes of the character at p, n >= 1 of them at hand; 0 if it is none.  RFC 3629: no
 * overlong forms, no surrogates, nothing above 10ffff. */
static size_t
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

void
json_string(struct buf *b, const void *text, size_t n)
{
	const unsigned char *p = text;
	size_t i, len;

	buf_put(b, "\"", 1);
	for (i = 0; i < n; i += len) {
		len = utf8_len(p + i, n - i);
		if (len == 0)
			buf_printf(b, "\\ufffd");
		else if (p[i] < 0x20 || p[i] == 0x7f)
			buf_printf(b, "\\u%04x", p[i]);
		else if (p[i] == '"' || p[i] == '\\')
			buf_printf(b, "\\%c", p[i]);
		else
			buf_put(b, p + i, len);
		len += len == 0;
	}
	buf_put(b, "\"", 1);
}
