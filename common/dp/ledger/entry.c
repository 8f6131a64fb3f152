/* One line of a ledger: written in one way only, read in that way only. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "dp/ledger/lines.h"

/* No entry comes near; what is longer is none. */
#define LINE_MAX_BYTES 1024

/* ---- The checksum at the end of a line ---- */

void
line_put_crc(struct buf *b, size_t from)
{
	buf_printf(b, " crc=%08x", (unsigned)crc32c(0, b->p + from, b->len - from));
}

static bool
is_hex(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strchr("0123456789abcdef", p[i]) == NULL || p[i] == '\0')
			return false;
	return true;
}

int
line_check_crc(const char *line, size_t n, size_t *body, struct ns_err *e)
{
	char digits[9] = {0};

	if (n < LINE_CRC || memcmp(line + n - LINE_CRC, " crc=", 5) != 0)
		return ns_fail(e, NS_ECORRUPT, "no checksum at its end");
	memcpy(digits, line + n - 8, 8);
	if (!is_hex(digits, 8))
		return ns_fail(e, NS_ECORRUPT, "no checksum at its end");
	*body = n - LINE_CRC;
	if (strtoul(digits, NULL, 16) != crc32c(0, line, *body))
		return ns_fail(e, NS_ECORRUPT, "checksum does not match");
	return NS_OK;
}

/* ---- Writing ---- */

/* As few digits as come back as the same number. */
static void
put_real(struct buf *b, const char *name, double v)
{
	char text[40];

	snprintf(text, sizeof text, "%.15g", v);
	if (strtod(text, NULL) != v)
		snprintf(text, sizeof text, "%.17g", v);
	buf_printf(b, " %s=%s", name, text);
}

void
dp_entry_put(const struct dp_entry *x, struct buf *b)
{
	size_t from = b->len;

	buf_printf(b, "run=%s data=%s what=%s net=%d unit=%s", x->run, x->data, x->what,
	    x->net, x->unit);
	put_real(b, "q", x->q);
	put_real(b, "sigma", x->sigma);
	put_real(b, "clip", x->clip);
	buf_printf(b, " steps=%llu planned=%llu series=%d chunks=%d",
	    (unsigned long long)x->steps, (unsigned long long)x->planned, x->series,
	    x->chunks);
	put_real(b, "delta", x->delta);
	line_put_crc(b, from);
}

/* ---- Reading ---- */

/* The fields that are left, NUL behind them, and what was wrong with one. */
struct fields {
	char *at;
	bool bad;
};

/* The next field's text if it has this name, else empty. */
static char *
take(struct fields *f, const char *name)
{
	size_t n = strlen(name);
	char *value, *end;

	if (strncmp(f->at, name, n) != 0 || f->at[n] != '=') {
		f->bad = true;
		return f->at + strlen(f->at);
	}
	value = f->at + n + 1;
	end = value + strcspn(value, " ");
	f->at = end;
	if (*end == ' ')
		*f->at++ = '\0';
	return value;
}

static void
take_hex(struct fields *f, const char *name, char to[17])
{
	const char *text = take(f, name);

	if (strlen(text) != 16 || !is_hex(text, 16)) {
		f->bad = true;
		return;
	}
	memcpy(to, text, 17);
}

static void
take_word(struct fields *f, const char *name, char to[16])
{
	const char *text = take(f, name);
	size_t n = strlen(text);

	if (n < 1 || n > 15 ||
	    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") != n) {
		f->bad = true;
		return;
	}
	memcpy(to, text, n + 1);
}

static double
take_real(struct fields *f, const char *name, double most)
{
	const char *text = take(f, name);
	double v;
	char *end;

	if (!isdigit((unsigned char)*text) ||
	    strspn(text, "0123456789.e+-") != strlen(text)) {
		f->bad = true;
		return 0;
	}
	v = strtod(text, &end);
	if (*end != '\0' || !isfinite(v) || v > most)
		f->bad = true;
	return v;
}

static uint64_t
take_count(struct fields *f, const char *name, uint64_t most)
{
	const char *text = take(f, name);
	size_t n = strlen(text);
	unsigned long long v;

	if (n < 1 || n > 19 || strspn(text, "0123456789") != n) {
		f->bad = true;
		return 0;
	}
	v = strtoull(text, NULL, 10);
	if (v > most)
		f->bad = true;
	return v;
}

static int
take_net(struct fields *f)
{
	if (strncmp(f->at, "net=-1 ", 7) == 0) {
		f->at += 7;
		return -1;
	}
	return (int)take_count(f, "net", INT32_MAX);
}

static void
take_all(struct fields *f, struct dp_entry *x)
{
	take_hex(f, "run", x->run);
	take_hex(f, "data", x->data);
	take_word(f, "what", x->what);
	x->net = take_net(f);
	take_word(f, "unit", x->unit);
	x->q = take_real(f, "q", 1);
	x->sigma = take_real(f, "sigma", HUGE_VAL);
	x->clip = take_real(f, "clip", HUGE_VAL);
	x->steps = take_count(f, "steps", UINT64_MAX);
	x->planned = take_count(f, "planned", UINT64_MAX);
	x->series = (int)take_count(f, "series", INT32_MAX);
	x->chunks = (int)take_count(f, "chunks", INT32_MAX);
	x->delta = take_real(f, "delta", 1);
	if (*f->at != '\0' || x->series < 1 || x->chunks < 1 || x->delta >= 1)
		f->bad = true;
}

int
dp_entry_get(struct dp_entry *x, const char *line, size_t n, struct ns_err *e)
{
	char text[LINE_MAX_BYTES + 1];
	struct fields f = {text, false};
	size_t body;
	int rc;

	if (n > LINE_MAX_BYTES)
		return ns_fail(e, NS_ECORRUPT, "longer than any entry");
	rc = line_check_crc(line, n, &body, e);
	if (rc < 0)
		return rc;
	memcpy(text, line, body);
	text[body] = '\0';
	memset(x, 0, sizeof *x);
	take_all(&f, x);
	if (f.bad || f.at != text + body)
		return ns_fail(e, NS_ECORRUPT, "no entry of a ledger");
	return NS_OK;
}
