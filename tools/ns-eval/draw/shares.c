/* shares.c: bars of the most frequent values of a field in the reference. */
#include "base/mem.h"
#include "parts.h"
#include "top.h"

static void
draw_field(const struct brush *b, enum col c, const char *name, const char *title,
    const char *caption)
{
	struct figure *f = brush_figure(b, FIGURE_BARS, name, "Protocols and ports",
	    title, caption, "", "share of records");
	const char *label[TOP_MAX + 1];
	double y[TOP_MAX + 1] = {0};
	struct top top;

	top_find(&top, b->p->ref->t, c);
	for (size_t i = 0; i < top.n; i++)
		label[i] = top.text[i];
	label[top.n] = "others";
	figure_categories(f, label, top.n + 1);
	for (size_t i = 0; i < b->s->t->n; i++)
		y[top_index(&top, b->s->t->narrow[c][i])]++;
	for (size_t i = 0; i <= top.n; i++)
		y[i] /= (double)b->s->t->n;
	f->y_min = 0;
	series_add(f, b->label, b->role, NULL, y, top.n + 1, NULL);
}

void
draw_shares(const struct brush *b)
{
	draw_field(b, COL_PROTO, "share_proto", "Protocols",
	    "Share of records of each protocol.");
	draw_field(b, COL_DST_PORT, "share_dst_port", "Destination ports",
	    "The most frequent destination ports of the real trace.");
	draw_field(b, COL_SRC_PORT, "share_src_port", "Source ports",
	    "The most frequent source ports of the real trace.");
}
