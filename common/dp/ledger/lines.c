#include "dp/ledger/lines.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

/* A head is this, 64 digits and a checksum. */
static const char name[] = "netshare-ledger ";
static const char head[] = "netshare-ledger 1 secret=";

enum { NAME = sizeof name - 1, HEAD = sizeof head - 1, DIGITS = 64 };

void
line_put_head(const uint8_t secret[32], struct buf *b)
{
	char digits[DIGITS + 1];
	size_t from = b->len;

	sodium_bin2hex(digits, sizeof digits, secret, 32);
	buf_printf(b, "%s%s", head, digits);
	line_put_crc(b, from);
}

static bool
begins(const char *line, size_t n, const char *with, size_t len)
{
	return n >= len && memcmp(line, with, len) == 0;
}

static int
get_head(uint8_t secret[32], const char *line, size_t n, struct ns_err *e)
{
	size_t body, got = 0;
	int rc;

	if (n > NAME + 1 && !begins(line + NAME, n - NAME, "1 ", 2))
		return ns_fail(e, NS_EVERSION, "a ledger of another version");
	rc = line_check_crc(line, n, &body, e);
	if (rc < 0)
		return rc;
	if (body != HEAD + DIGITS || !begins(line, n, head, HEAD) ||
	    sodium_hex2bin(secret, 32, line + HEAD, DIGITS, NULL, &got, NULL) != 0 ||
	    got != 32)
		return ns_fail(e, NS_ECORRUPT, "no head of a ledger");
	return NS_OK;
}

static int
get_line(struct dp_ledger *l, struct lines *of, bool first, const char *line, size_t n,
    struct ns_err *e)
{
	struct dp_entry x;
	int rc;

	if (begins(line, n, name, NAME)) {
		rc = get_head(l->secret, line, n, e);
		if (rc == NS_OK) {
			of->heads++;
			of->first = of->first || first;
		}
		return rc;
	}
	rc = dp_entry_get(&x, line, n, e);
	if (rc < 0)
		return rc;
	xgrow(&l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = x;
	return NS_OK;
}

/* Whether a line that is not whole is the beginning of one that could be: begins like
 * one and has not got as far as all of its checksum. */
static bool
is_beginning(const char *line, size_t n)
{
	size_t i;

	if (memcmp(line, "run=", n < 4 ? n : 4) != 0 &&
	    memcmp(line, head, n < HEAD ? n : HEAD) != 0)
		return false;
	for (i = 0; i + LINE_CRC <= n; i++)
		if (memcmp(line + i, " crc=", 5) == 0)
			return false;
	return true;
}

int
lines_read(struct dp_ledger *l, const char *text, size_t n, struct lines *of,
    struct ns_err *e)
{
	const char *end;
	size_t at, len, number = 1;
	char where[40];
	int rc;

	memset(of, 0, sizeof *of);
	for (at = 0; at < n; at += len + 1, number++) {
		end = memchr(text + at, '\n', n - at);
		len = end != NULL ? (size_t)(end - text) - at : n - at;
		if (end == NULL && is_beginning(text + at, len)) {
			of->cut = true;
			of->first = of->first || (number == 1 && text[0] == head[0]);
			return NS_OK;
		}
		rc = get_line(l, of, number == 1, text + at, len, e);
		if (rc < 0) {
			snprintf(where, sizeof where, "line %zu", number);
			return ns_fail_in(e, where);
		}
		of->open = end == NULL;
		of->whole = at + len + !of->open;
	}
	return NS_OK;
}

int
dp_ledger_read(struct dp_ledger *l, const char *text, size_t n, struct ns_err *e)
{
	struct lines of;
	int rc = lines_read(l, text, n, &of, e);

	return rc < 0 ? rc : of.cut;
}

void
dp_ledger_free(struct dp_ledger *l)
{
	free(l->v);
	memset(l, 0, sizeof *l);
}
