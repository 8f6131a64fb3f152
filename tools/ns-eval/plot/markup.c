#include "markup.h"

#include <stdbool.h>
#include <string.h>

/* Bytes of the character at s, 0 where they are not UTF-8 (RFC 3629, section 4). */
static size_t
utf8_length(const unsigned char *s)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t n = s[0] < 0x80            ? 1
	    : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
	    : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
	    : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
					  : 0;

	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i < n; i++) {
		if (s[i] < low || s[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return n;
}

/* The next character of *s, or what stands for it, into c; its bytes, 0 at the end. */
static size_t
next_char(const char **s, char c[5])
{
	const unsigned char *p = (const unsigned char *)*s;
	size_t n = utf8_length(p);

	if (*p == '\0')
		return 0;
	if (n == 0 || (n == 1 && (*p < ' ' || *p == 127))) {
		*s += 1;
		strcpy(c, n == 0 ? "?" : " ");
		return 1;
	}
	memcpy(c, p, n);
	c[n] = '\0';
	*s += n;
	return n;
}

void
put_line(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

static const char *
html_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
put_html(struct buf *b, const char *s)
{
	char c[5];
	size_t n;

	while ((n = next_char(&s, c)) > 0) {
		const char *entity = html_entity(c[0]);

		if (entity != NULL)
			put_line(b, entity);
		else
			buf_put(b, c, n);
	}
}

size_t
text_chars(const char *s)
{
	char c[5];
	size_t n = 0;

	while (next_char(&s, c) > 0)
		n++;
	return n;
}

static void
put_quoted(struct buf *b, const char *s, size_t most, bool is_format)
{
	size_t left = text_chars(s), n;
	char c[5];

	left = left > most ? most - 1 : left;
	put_line(b, "'");
	for (; left > 0 && (n = next_char(&s, c)) > 0; left--) {
		buf_put(b, c, n);
		if (c[0] == '\'' || (is_format && c[0] == '%'))
			buf_put(b, c, 1);
	}
	put_line(b, *s != '\0' ? "…'" : "'");
}

void
put_gnuplot(struct buf *b, const char *s, size_t most)
{
	put_quoted(b, s, most, false);
}

void
put_gnuplot_tick(struct buf *b, const char *s, size_t most)
{
	put_quoted(b, s, most, true);
}
