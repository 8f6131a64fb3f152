/* table.c: the numbers of figures as rows, for other programs to plot. */
#include <math.h>

#include "base/mem.h"
#include "figure.h"
#include "tsv.h"

#define DIGITS 9

/* Where the i-th value of c stands: a number, a category, or a column and a row. */
static void
put_place(struct buf *b, const struct figure *f, const struct curve *c, size_t i)
{
	if (f->kind == FIGURE_HEAT) {
		buf_printf(b, "\t");
		tsv_text(b, f->category[i % f->n_categories]);
		buf_printf(b, "/");
		tsv_text(b, f->row[i / f->n_categories]);
	} else if (f->kind == FIGURE_BARS) {
		buf_printf(b, "\t");
		tsv_text(b, f->category[(size_t)c->x[i]]);
	} else {
		tsv_number(b, c->x[i], DIGITS);
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
				tsv_text(b, f->v[k].name);
				buf_printf(b, "\t");
				tsv_text(b, c->label);
				put_place(b, &f->v[k], c, i);
				tsv_number(b, c->y[i], DIGITS);
				tsv_number(b, c->dev != NULL ? c->dev[i] : NAN, DIGITS);
				buf_printf(b, "\n");
			}
		}
}
