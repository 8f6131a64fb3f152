/*
 * parts.h: one function a family of figures.  Each is called for the reference first,
 * which makes the figures, and then for each candidate: s is the trace to add.
 */
#ifndef EVAL_PARTS_H
#define EVAL_PARTS_H

#include "data/metric.h"
#include "figure/figure.h"

struct brush {
	struct figures *f;
	const struct pair *p; /* its cand is not looked at */
	struct side *s;
	const char *label;
	int role;
};

typedef void draw_fn(const struct brush *b);
draw_fn draw_distributions; /* cdf.c */
draw_fn draw_shares;        /* shares.c: protocols and ports */
draw_fn draw_rates;         /* rates.c */
draw_fn draw_heat_maps;     /* heat.c */
draw_fn draw_telemetry;     /* curves.c */
draw_fn draw_anomaly;       /* tasks.c */
draw_fn draw_botnet;        /* tasks.c */
draw_fn draw_leakage;       /* leaks.c: nothing for the reference */

/* brush_figure: the figure of that name, made if the brush is at the reference. */
struct figure *brush_figure(const struct brush *b, enum figure_kind kind,
    const char *name, const char *section, const char *title, const char *caption,
    const char *x_title, const char *y_title);

#endif
