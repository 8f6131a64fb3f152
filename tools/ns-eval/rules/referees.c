#include "referees.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

#define TABLE_MAX ((size_t)1 << 20)
#define FIELDS 4
#define CAPTURES_MAX 1000

static const char *const names[REFEREE_MAX] = {
    [REFEREE_TSHARK] = "tshark",
    [REFEREE_ZEEK] = "zeek",
};

/* The whole file as text, to be freed; NULL on failure. */
static char *
read_text(const char *path, size_t *len, struct ns_err *e)
{
	int fd = in_open(path, e);
	char *text;
	ssize_t got;

	if (fd < 0)
		return NULL;
	text = xmalloc(TABLE_MAX + 2);
	got = io_read(fd, text, TABLE_MAX + 1, e);
	if (fd != STDIN_FILENO)
		close(fd);
	if (got >= 0 && (size_t)got > TABLE_MAX) {
		ns_fail(e, NS_EKIND, "'%.100s' has more than %zu bytes", path,
		    TABLE_MAX);
		got = -1;
	}
	if (got < 0) {
		free(text);
		return NULL;
	}
	text[got] = '\0';
	*len = (size_t)got;
	return text;
}

/* Cut a line at its tabs, in place; the number of fields, one more than there are
 * places for if so. */
static int
cut_fields(char *line, char *field[FIELDS])
{
	int n = 0;

	for (char *s = line; s != NULL; n++) {
		char *tab = strchr(s, '\t');

		if (n == FIELDS)
			return n + 1;
		field[n] = s;
		if (tab != NULL)
			*tab++ = '\0';
		s = tab;
	}
	return n;
}

static int
get_count(const char *text, uint64_t *v, struct ns_err *e)
{
	char *end;

	errno = 0;
	*v = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0)
		return ns_fail(e, NS_ECORRUPT, "'%.100s' is not a count", text);
	return NS_OK;
}

static int
get_referee(const char *text, struct ns_err *e)
{
	for (int k = 0; k < REFEREE_MAX; k++)
		if (strcmp(text, names[k]) == 0)
			return k;
	return ns_fail(e, NS_ECORRUPT, "'%.100s' is no referee: tshark, zeek", text);
}

/* The row of a capture, a new one if need be; NULL if there are too many. */
static struct referee_row *
row_of(struct referees *r, const char *capture)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->v[i].capture, capture) == 0)
			return &r->v[i];
	if (r->n == CAPTURES_MAX)
		return NULL;
	xgrow(&r->v, &r->cap, r->n + 1, sizeof *r->v);
	memset(&r->v[r->n], 0, sizeof *r->v);
	r->v[r->n].capture = xstrdup(capture);
	return &r->v[r->n++];
}

static int
take_line(struct referees *r, char *line, struct ns_err *e)
{
	char *field[FIELDS];
	uint64_t packets, complaints;
	struct referee_row *row;
	int who;

	if (cut_fields(line, field) != FIELDS || field[0][0] == '\0')
		return ns_fail(e, NS_ECORRUPT,
		    "not CAPTURE, REFEREE, PACKETS, COMPLAINTS with tabs between");
	who = get_referee(field[1], e);
	if (who < 0)
		return who;
	if (get_count(field[2], &packets, e) < 0 ||
	    get_count(field[3], &complaints, e) < 0)
		return e->code;
	row = row_of(r, field[0]);
	if (row == NULL)
		return ns_fail(e, NS_ECORRUPT, "more than %d captures", CAPTURES_MAX);
	if (row->has[who])
		return ns_fail(e, NS_ECORRUPT, "%s on '%.100s' comes a second time",
		    names[who], field[0]);
	row->has[who] = true;
	row->packets[who] = packets;
	row->complaints[who] = complaints;
	return NS_OK;
}

static int
fail_at(struct ns_err *e, const char *path, size_t line)
{
	char where[150];

	snprintf(where, sizeof where, "'%.100s', line %zu", path, line);
	return ns_fail_in(e, where);
}

int
referees_parse(struct referees *r, const char *path, char *text, size_t len,
    struct ns_err *e)
{
	size_t line = 1;

	for (char *s = text, *end; s < text + len; s = end + 1, line++) {
		end = s + strcspn(s, "\n");
		if (end == text + len)
			ns_fail(e, NS_ECORRUPT, "the line does not end");
		else if (*end == '\0')
			ns_fail(e, NS_ECORRUPT, "a byte of 0");
		else {
			*end = '\0';
			if (take_line(r, s, e) == NS_OK)
				continue;
		}
		return fail_at(e, path, line);
	}
	return NS_OK;
}

int
referees_read(const char *path, struct referees *r, struct ns_err *e)
{
	size_t len;
	char *text;
	int rc;

	memset(r, 0, sizeof *r);
	text = read_text(path, &len, e);
	if (text == NULL)
		return e->code;
	rc = referees_parse(r, path, text, len, e);
	free(text);
	return rc;
}

void
referees_free(struct referees *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i].capture);
	free(r->v);
}

double
referees_rate(const struct referee_row *row, enum referee who)
{
	if (!row->has[who] || row->packets[who] == 0)
		return NAN;
	return 1e4 * (double)row->complaints[who] / (double)row->packets[who];
}
