/* leaks.c: how close the candidate's flows are to what it was learnt from. */
#include <math.h>
#include <stdio.h>

#include "leak/leakage.h"
#include "parts.h"

static void
draw_attack(const struct brush *b, const struct leak_detail *d)
{
	struct figure *f = brush_figure(b, FIGURE_LINES, "leak_roc", "Leakage",
	    "Membership inference",
	    "How many flows of the training half an attacker finds, by the share of "
	    "false alarms that is accepted. On the diagonal the attacker is guessing.",
	    "false alarms", "members found");
	double x[LEAK_POINTS];

	for (int i = 0; i < LEAK_POINTS; i++)
		x[i] = i / (LEAK_POINTS - 1.);
	f->y_min = 0;
	f->y_max = 1;
	if (f->n == 0)
		series_add(f, "guessing", ROLE_LIMIT, x, x, LEAK_POINTS, NULL);
	series_add(f, b->label, b->role, x, d->roc, LEAK_POINTS, NULL);
}

/* Gap between the two distributions of distances, at equal shares of flows. */
static void
draw_distance(const struct brush *b, const struct leak_detail *d)
{
	struct figure *f = brush_figure(b, FIGURE_LINES, "leak_distance", "Leakage",
	    "Distance to the closest flow",
	    "Each point is a share of the synthetic flows: its distance to the closest "
	    "flow of the hold-out (across) and of the training half (up). Below the "
	    "diagonal the training half is closer.",
	    "to the hold-out", "to the training half");
	double end = d->to_held[LEAK_POINTS - 1];

	if (d->to_train[LEAK_POINTS - 1] > end)
		end = d->to_train[LEAK_POINTS - 1];
	f->y_min = 0;
	if (f->n == 0)
		series_add(f, "no preference", ROLE_LIMIT, (double[]){0, end},
		    (double[]){0, end}, 2, NULL);
	series_add(f, b->label, b->role, d->to_held, d->to_train, LEAK_POINTS, NULL);
}

void
draw_leakage(const struct brush *b)
{
	const struct leak_detail *d = leak_detail_of(b->s);

	if (d == NULL || isnan(d->to_held[0]))
		return;
	draw_attack(b, d);
	draw_distance(b, d);
}
