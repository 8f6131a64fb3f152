/* One line of values, tab-separated or as a JSON object. */
#include <string.h>

#include "base/json.h"
#include "cat.h"

/* Tabs, line ends and other control characters would break the columns. */
static void
put_tsv(struct buf *b, const struct buf *cell)
{
	size_t i;

	for (i = 0; i < cell->len; i++)
		if (cell->p[i] < 0x20 || cell->p[i] == 0x7f || cell->p[i] == '\\')
			buf_printf(b, "\\x%02x", cell->p[i]);
		else
			buf_put(b, &cell->p[i], 1);
}

/* JSON has no word for what is not a number. */
static void
put_number(struct buf *b, const struct buf *cell)
{
	if (cell->len == 0 || memchr(cell->p, 'n', cell->len) != NULL ||
	    (cell->len == 1 && cell->p[0] == '-'))
		buf_put(b, "null", 4);
	else
		buf_put(b, cell->p, cell->len);
}

static void
put_json(struct buf *b, const struct column *c, const struct buf *cell)
{
	json_string(b, c->name, strlen(c->name));
	buf_put(b, ":", 1);
	if (c->quoted) {
		json_string(b, cell->p, cell->len);
	} else if (c->list) {
		buf_put(b, "[", 1);
		buf_put(b, cell->p, cell->len);
		buf_put(b, "]", 1);
	} else {
		put_number(b, cell);
	}
}

int
line_put(struct view *v, const struct line *l, struct ns_err *e)
{
	const struct column *c;
	size_t i;
	int rc;

	v->line.len = 0;
	if (v->json)
		buf_put(&v->line, "{", 1);
	for (i = 0; i < v->columns.n; i++) {
		c = &v->columns.v[i];
		v->cell.len = 0;
		rc = column_text(c, l, &v->cell, e);
		if (rc < 0)
			return rc;
		if (i > 0)
			buf_put(&v->line, v->json ? "," : "\t", 1);
		if (v->json)
			put_json(&v->line, c, &v->cell);
		else
			put_tsv(&v->line, &v->cell);
	}
	buf_put(&v->line, v->json ? "}\n" : "\n", v->json ? 2 : 1);
	return out_write(v->o, v->line.p, v->line.len, e);
}
