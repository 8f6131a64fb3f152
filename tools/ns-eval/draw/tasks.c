/* tasks.c: bars of anomaly ratios and of the classifiers of botnet detection. */
#include <math.h>
#include <stdio.h>

#include "learn/learner.h"
#include "parts.h"
#include "task/anomaly.h"
#include "task/detect.h"

void
draw_anomaly(const struct brush *b)
{
	const char *mode[NETML_MODES];
	const double *ratio = anomaly_ratios(b->s, b->p->ref, b->p->seed, b->p->pool);
	struct figure *f;

	if (ratio == NULL || isnan(ratio[0]))
		return;
	f = brush_figure(b, FIGURE_BARS, "anomaly_ratio", "Anomaly detection",
	    "Anomaly ratio",
	    "Share of flows that a one-class SVM takes for anomalies, by what it sees.",
	    "", "share of flows");
	for (int m = 0; m < NETML_MODES; m++)
		mode[m] = netml_mode_name((enum netml_mode)m);
	figure_categories(f, mode, NETML_MODES);
	f->y_min = 0;
	series_add(f, b->label, b->role, NULL, ratio, NETML_MODES, NULL);
}

/* The label, for a candidate with how its classifiers are in order. */
static void
ranked_label(char *text, size_t len, const struct brush *b)
{
	double rank = b->s == b->p->ref ? NAN : botnet_rank(b->p, b->s);

	if (isnan(rank))
		snprintf(text, len, "%s", b->label);
	else
		snprintf(text, len, "%s, Spearman %.2f", b->label, rank);
}

void
draw_botnet(const struct brush *b)
{
	const double *own = botnet_own(b->p, b->s);
	char label[300];
	const char *name[LEARNERS];
	struct figure *f;

	if (own == NULL)
		return;
	for (int w = 0; w < LEARNERS; w++)
		name[w] = learner_name((enum learner)w);
	f = brush_figure(b, FIGURE_BARS, "botnet_own", "Botnet detection",
	    "Telling attacks from benign traffic",
	    "Accuracy of classifiers that learn and are tested within one trace: real "
	    "attacks, or synthetic ones, against the same benign traffic.",
	    "", "accuracy");
	figure_categories(f, name, LEARNERS);
	f->y_min = 0;
	f->y_max = 1;
	ranked_label(label, sizeof label, b);
	series_add(f, label, b->role, NULL, own, LEARNERS, NULL);
}
