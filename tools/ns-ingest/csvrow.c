/* Lines of a text file and the fields in them: RFC 4180 without line breaks in fields.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "csv.h"

static int
damaged(const struct csv *c, const char *what, struct ns_err *e)
{
	return ns_fail(e, NS_ECORRUPT, "%s: line %llu: %s", c->in->name,
	    (unsigned long long)c->line_no, what);
}

/* The bytes of the next line, its line feed included where it has one: 1, 0 at the end.
 */
static int
find_line(struct csv *c, const uint8_t **p, size_t *n, struct ns_err *e)
{
	struct input *in = c->in;
	size_t seen = 0;
	const uint8_t *nl;

	for (;;) {
		*p = in->buf + in->at;
		*n = in->end - in->at;
		nl = *n > seen ? memchr(*p + seen, '\n', *n - seen) : NULL;
		if (nl != NULL) {
			*n = (size_t)(nl - *p) + 1;
			break;
		}
		if (in->eof)
			break;
		seen = *n;
		if (seen > CSV_LINE_MAX)
			break;
		if (input_fill(in, seen + 1, e) < 0)
			return e->code;
	}
	if (*n > CSV_LINE_MAX)
		return damaged(c, "longer than 65536 bytes", e);
	return *n > 0;
}

/* The next line as a text of our own, without its end. */
static int
get_line(struct csv *c, struct ns_err *e)
{
	const uint8_t *p;
	size_t n, len;
	int rc;

	c->line_no++;
	rc = find_line(c, &p, &n, e);
	if (rc <= 0)
		return rc;
	len = n;
	while (len > 0 && (p[len - 1] == '\n' || p[len - 1] == '\r'))
		len--;
	if (memchr(p, '\0', len) != NULL)
		return damaged(c, "not text", e);
	xgrow(&c->line, &c->cap_line, len + 1, 1);
	memcpy(c->line, p, len);
	c->line[len] = '\0';
	input_take(c->in, n);
	return 1;
}

/* A field in quotes, s behind the first one; two quotes stand for one.  Returns what
 * follows the closing quote, NULL if there is none. */
static char *
unquote(char *s, char **field)
{
	char *out = s;

	*field = s;
	for (; *s != '\0'; s++) {
		if (*s == '"' && s[1] != '"') {
			*out = '\0';
			return s + 1;
		}
		s += *s == '"';
		*out++ = *s;
	}
	return NULL;
}

static void
trim(char **field, char *end)
{
	while (**field == ' ' || **field == '\t')
		++*field;
	while (end > *field && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
}

/* One field at s; *last says that none follows. */
static char *
split_field(char *s, char **field, bool *last)
{
	char *end;

	if (*s == '"') {
		end = unquote(s + 1, field);
		if (end == NULL || (*end != ',' && *end != '\0'))
			return NULL;
		*last = *end == '\0';
		return end + 1;
	}
	*field = s;
	end = s + strcspn(s, ",");
	*last = *end == '\0';
	s = end + 1;
	trim(field, end);
	return s;
}

int
csv_row(struct csv *c, struct ns_err *e)
{
	bool last = false;
	int rc, n = 0;
	char *s;

	do {
		rc = get_line(c, e);
		if (rc <= 0)
			return rc;
	} while (c->line[0] == '\0');
	s = c->line;
	while (!last) {
		if (n == CSV_FIELDS_MAX)
			return damaged(c, "more than 256 fields", e);
		s = split_field(s, &c->field[n++], &last);
		if (s == NULL)
			return damaged(c, "a quote is not closed", e);
	}
	return n;
}
