/* scores.c: figures of what the report says. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "draw.h"
#include "leak/leakage.h"
#include "task/types.h"

/* The label of a trace and how its classifiers are in order; to be freed. */
static char *
ranked_label(const struct result *x)
{
	struct buf b = {0};
	double rank =
	    result_mean(x, SCORE_VALUE, (size_t)metric_first(GROUP_TYPES) + TYPES_RANK);

	buf_printf(&b, "%s", x->name);
	if (!isnan(rank))
		buf_printf(&b, ", Spearman %.2f", rank);
	buf_put(&b, "", 1);
	return (char *)b.p;
}

/* Accuracies on real traffic, learnt from the real trace or from a synthetic one. */
static void
draw_types(struct report *r)
{
	size_t first = (size_t)metric_first(GROUP_TYPES) + TYPES_ACCURACY;
	const char *name[TYPES_LEARNERS];
	double y[TYPES_LEARNERS], dev[TYPES_LEARNERS];
	struct figure *f;

	if (isnan(result_mean(&r->results[0], SCORE_FLOOR, first)))
		return;
	f = figure_add(&r->figures, FIGURE_BARS, "type_accuracy",
	    "Traffic type prediction",
	    "Learnt from the trace, asked about real traffic",
	    "Accuracy on the last fifth of the real trace, of classifiers that learnt "
	    "from real or from synthetic traffic. Spearman: are the classifiers in the "
	    "order that they have when they learn the real trace?",
	    "", "accuracy");
	for (int i = 0; i < TYPES_LEARNERS; i++) {
		name[i] = learner_name(types_learner(i));
		y[i] = result_mean(&r->results[0], SCORE_FLOOR, first + (size_t)i);
	}
	figure_categories(f, name, TYPES_LEARNERS);
	f->y_min = 0;
	f->y_max = 1;
	series_add(f, r->hold_out != NULL ? "training half" : "half of the real trace",
	    ROLE_REAL, NULL, y, TYPES_LEARNERS, NULL);
	for (size_t k = 0; k < r->n; k++) {
		const struct result *x = &r->results[k];
		char *label;

		for (int i = 0; i < TYPES_LEARNERS; i++) {
			y[i] = result_mean(x, SCORE_VALUE, first + (size_t)i);
			dev[i] = result_deviation(x, SCORE_VALUE, first + (size_t)i);
		}
		label = ranked_label(x);
		series_add(f, label, ROLE_SYNTHETIC + (int)k, NULL, y, TYPES_LEARNERS,
		    r->repeats ? dev : NULL);
		free(label);
	}
}

void
draw_scores(struct report *r)
{
	if (select_shows(&r->show, GROUP_TYPES))
		draw_types(r);
}
