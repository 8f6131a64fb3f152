/* heat.c: two fields together, as a map of shares. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "parts.h"
#include "stream/schema.h"
#include "top.h"

#define CLASSES (CUTS + 1)
#define CELLS_MAX (CLASSES * CLASSES)

/* What a record is sorted by along one axis: a class of the scale or a top value. */
struct axis {
	enum sample sample; /* SAMPLE_MAX: by top */
	enum col col;
	struct top top;
	size_t n;
};

static void
axis_of_sample(struct axis *a, enum sample sample, enum col col)
{
	a->sample = sample;
	a->col = col;
	a->n = CLASSES;
}

static void
axis_of_top(struct axis *a, const struct trace *ref, enum col col)
{
	a->sample = SAMPLE_MAX;
	a->col = col;
	top_find(&a->top, ref, col);
	a->n = a->top.n + 1;
}

static size_t
axis_index(const struct axis *a, const struct scale *sc, const struct trace *t,
    size_t i)
{
	if (a->sample == SAMPLE_MAX)
		return top_index(&a->top, t->narrow[a->col][i]);
	return (size_t)scale_class(sc, a->sample, trace_at(t, a->col, i));
}

/* Classes are named by their upper cut, only every fourth, so that they can be read. */
static void
axis_names(const struct axis *a, const struct scale *sc, char text[CLASSES][TOP_TEXT],
    const char *label[CLASSES])
{
	for (size_t k = 0; k < a->n; k++) {
		text[k][0] = '\0';
		if (a->sample == SAMPLE_MAX)
			snprintf(text[k], TOP_TEXT, "%s",
			    k < a->top.n ? a->top.text[k] : "others");
		else if (k % 4 == 1)
			snprintf(text[k], TOP_TEXT, "%lld",
			    (long long)sc->cut[a->sample][k]);
		label[k] = text[k];
	}
}

static void
draw_map(const struct brush *b, const char *name, const char *title,
    const char *caption, const char *x_title, const struct axis *x, const char *y_title,
    const struct axis *y)
{
	struct figure *f = brush_figure(b, FIGURE_HEAT, name, "Fields together", title,
	    caption, x_title, y_title);
	const struct scale *sc = b->p->scale;
	char text[CLASSES][TOP_TEXT];
	const char *label[CLASSES];
	double share[CELLS_MAX] = {0};

	axis_names(x, sc, text, label);
	figure_categories(f, label, x->n);
	axis_names(y, sc, text, label);
	figure_rows(f, label, y->n);
	for (size_t i = 0; i < b->s->t->n; i++)
		share[axis_index(y, sc, b->s->t, i) * x->n +
		    axis_index(x, sc, b->s->t, i)] += 1 / (double)b->s->t->n;
	series_add(f, b->label, b->role, NULL, share, x->n * y->n, NULL);
}

void
draw_heat_maps(const struct brush *b)
{
	bool packets = b->s->t->kind == NSR_PACKET;
	struct axis port, size, other;

	axis_of_top(&port, b->p->ref->t, COL_DST_PORT);
	axis_of_sample(&size, packets ? SAMPLE_IP_LEN : SAMPLE_BYTES,
	    packets ? COL_IP_LEN : COL_BYTES);
	draw_map(b, "heat_port_size", "Destination port and size",
	    "Share of records with a port (column) and a size (row). Sizes are in "
	    "twenty classes that hold equal shares of the real trace.",
	    "destination port", &port, "size, bytes", &size);
	if (packets) {
		axis_of_top(&other, b->p->ref->t, COL_PROTO);
		draw_map(b, "heat_proto_size", "Protocol and size",
		    "The same for the protocol.", "protocol", &other, "size, bytes",
		    &size);
	} else {
		axis_of_sample(&other, SAMPLE_PKTS, COL_PKTS);
		draw_map(b, "heat_packets_bytes", "Packets and bytes",
		    "Share of flow records with so many packets (column) and bytes "
		    "(row), in classes that hold equal shares of the real trace.",
		    "packets", &other, "bytes", &size);
	}
}
