/* Ledgers and texts in, entries out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "base/io.h"
#include "base/log.h"

#define INPUT_MAX ((size_t)256 << 20)
#define PIECE ((size_t)64 << 10)

static int
read_all(const char *path, struct buf *b, struct ns_err *e)
{
	int fd = in_open(path, e);
	ssize_t n;

	if (fd < 0)
		return fd;
	do {
		n = io_read(fd, buf_room(b, PIECE), PIECE, e);
		b->len -= PIECE - (n > 0 ? (size_t)n : 0);
	} while (n == (ssize_t)PIECE && b->len <= INPUT_MAX);
	if (fd != STDIN_FILENO)
		close(fd);
	if (n < 0)
		return e->code;
	if (b->len > INPUT_MAX)
		return ns_fail(e, NS_ECORRUPT, "more than any ledger holds");
	return NS_OK;
}

/* An entry's first words: "run=" and sixteen digits, " data=". */
static bool
is_entry(const char *p, size_t n)
{
	return n > 26 && memcmp(p, "run=", 4) == 0 && memcmp(p + 20, " data=", 6) == 0;
}

/* How far an entry that begins at p goes: to the end of the line, or to a backslash, as
 * control characters are shown. */
static size_t
entry_length(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && p[i] != '\n' && p[i] != '\\'; i++)
		;
	return i;
}

static int
take_entries(struct dp_ledger *l, const char *p, size_t n, struct ns_err *e)
{
	size_t at, len, line = 1, before = l->n;
	char where[40];

	for (at = 0; at < n; at += len) {
		len = 1;
		line += p[at] == '\n';
		if (p[at] != 'r' || !is_entry(p + at, n - at))
			continue;
		len = entry_length(p + at, n - at);
		if (dp_ledger_read(l, p + at, len, e) == NS_OK)
			continue;
		snprintf(where, sizeof where, "line %zu", line);
		ns_fail(e, NS_ECORRUPT, "no whole entry of a ledger");
		return ns_fail_in(e, where);
	}
	return l->n > before ? NS_OK : ns_fail(e, NS_EKIND, "no entries of a ledger");
}

int
intake(struct dp_ledger *l, const char *path, struct ns_err *e)
{
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	const char head[] = "netshare-ledger ";
	struct buf b = {0};
	int rc = read_all(path, &b, e);

	if (rc < 0) {
		buf_free(&b);
		return rc;
	}
	if (b.len >= sizeof head - 1 && memcmp(b.p, head, sizeof head - 1) == 0)
		rc = dp_ledger_read(l, (const char *)b.p, b.len, e);
	else
		rc = take_entries(l, (const char *)b.p, b.len, e);
	buf_free(&b);
	if (rc < 0)
		return ns_fail_in(e, name);
	if (rc > 0)
		log_warn("%s: the last line is cut short and left out", name);
	return NS_OK;
}

/* ---- Names of data ---- */

static bool
named(const struct dp_entry *x)
{
	return strcmp(x->data, x->run) != 0;
}

/* Of one run those first whose data has a name. */
static int
by_run(const void *a, const void *b)
{
	const struct dp_entry *x = *(const struct dp_entry *const *)a;
	const struct dp_entry *y = *(const struct dp_entry *const *)b;
	int c = strcmp(x->run, y->run);

	return c != 0 ? c : named(y) - named(x);
}

void
intake_names(struct dp_ledger *l)
{
	struct dp_entry **at = xcalloc(l->n + 1, sizeof *at);
	size_t i;

	for (i = 0; i < l->n; i++)
		at[i] = &l->v[i];
	qsort(at, l->n, sizeof *at, by_run);
	for (i = 1; i < l->n; i++)
		if (strcmp(at[i]->run, at[i - 1]->run) == 0 && !named(at[i]))
			memcpy(at[i]->data, at[i - 1]->data, sizeof at[i]->data);
	free(at);
}
