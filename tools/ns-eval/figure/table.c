/* table.c: the numbers of figures as rows, for other programs to plot. */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "figure.h"

/* Tabs and control characters would break the rows. */
static void
put_text(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		char c = (unsigned char)*s < ' ' || *s == 127 ? '?' : *s;

		buf_put(b, &c, 1);
	}
}

static void
put_number(struct buf *b, double v)
{
	if (isnan(v))
		buf_printf(b, "\tnan");
	else
		buf_printf(b, "\t%.9g", v);
}

/* Where the i-th value of c stands: a number, a category, or a column and a row. */
static void
put_place(struct buf *b, const struct figure *f, const struct curve *c, size_t i)
{
	if (f->kind == FIGURE_HEAT) {
		buf_printf(b, "\t");
		put_text(b, f->category[i % f->n_categories]);
		buf_printf(b, "/");
		put_text(b, f->row[i / f->n_categories]);
	} else if (f->kind == FIGURE_BARS) {
		buf_printf(b, "\t");
		put_text(b, f->category[(size_t)c->x[i]]);
	} else {
		put_number(b, c->x[i]);
	}
}

void
figures_table(struct buf *b, const struct figures *f)
{
	buf_printf(b, "figure\tseries\tx\ty\tdeviation\n");
	for (size_t k = 0; k < f->n; k++)
		for (size_t s = 0; s < f->v[k].n; s++) {
			const struct curve *c = &f->v[k].series[s];

			for (size_t i = 0; i < c->n; i++) {
				put_text(b, f->v[k].name);
				buf_printf(b, "\t");
				put_text(b, c->label);
				put_place(b, &f->v[k], c, i);
				put_number(b, c->y[i]);
				put_number(b, c->dev != NULL ? c->dev[i] : NAN);
				buf_printf(b, "\n");
			}
		}
}
