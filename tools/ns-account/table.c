/* Tables as text in columns, or separated by tabs. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "base/io.h"

void
table_begin(struct table *t, const char *names)
{
	memset(t, 0, sizeof *t);
	table_row(t);
	for (; *names != '\0'; names += strcspn(names, " ")) {
		names += *names == ' ';
		table_put(t, "%.*s", (int)strcspn(names, " "), names);
	}
}

void
table_row(struct table *t)
{
	xgrow(&t->cell, &t->cap, t->n + 1, sizeof *t->cell);
	memset(t->cell[t->n++], 0, sizeof *t->cell);
	t->columns = 0;
}

void
table_put(struct table *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->cell[t->n - 1][t->columns++], sizeof **t->cell, fmt, ap);
	va_end(ap);
}

static void
put_epsilon(struct table *t, double epsilon)
{
	if (isinf(epsilon))
		table_put(t, "inf");
	else
		table_put(t, "%.3f", dp_round_up(epsilon));
}

void
table_put_spent(struct table *t, const struct spent *s)
{
	put_epsilon(t, s->epsilon);
	put_epsilon(t, s->rdp);
	table_put(t, "%g", s->order);
	table_put(t, "%g", s->delta);
	table_put(t, "add-remove");
}

static void
put_line(const struct table *t, size_t row, bool tsv, const size_t *width,
    struct buf *b)
{
	size_t c;

	for (c = 0; c < t->columns; c++) {
		if (tsv)
			buf_printf(b, "%s%s", c > 0 ? "\t" : "", t->cell[row][c]);
		else if (c + 1 == t->columns)
			buf_printf(b, "%s", t->cell[row][c]);
		else
			buf_printf(b, "%-*s  ", (int)width[c], t->cell[row][c]);
	}
	buf_printf(b, "\n");
}

int
table_write(struct table *t, bool tsv, const char *output, struct ns_err *e)
{
	size_t width[TABLE_COLUMNS] = {0}, row, c;
	struct buf b = {0};
	int rc;

	for (row = 0; row < t->n; row++)
		for (c = 0; c < t->columns; c++)
			if (strlen(t->cell[row][c]) > width[c])
				width[c] = strlen(t->cell[row][c]);
	for (row = 0; row < t->n; row++)
		put_line(t, row, tsv, width, &b);
	rc = out_whole(output, b.p, b.len, e);
	buf_free(&b);
	free(t->cell);
	return rc;
}
