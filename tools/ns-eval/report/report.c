#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
scores_add(struct scores *s, const double v[METRICS_MAX])
{
	for (size_t i = 0; i < n_metrics; i++) {
		double d = v[i] - s->mean[i];

		if (isnan(v[i]))
			continue;
		s->n[i]++;
		s->mean[i] += d / s->n[i];
		s->squares[i] += d * (v[i] - s->mean[i]);
	}
}

double
scores_mean(const struct scores *s, size_t i)
{
	return s->n[i] > 0 ? s->mean[i] : NAN;
}

double
scores_deviation(const struct scores *s, size_t i)
{
	return s->n[i] > 1 ? sqrt(s->squares[i] / (s->n[i] - 1)) : NAN;
}

struct result *
report_result(struct report *r, const char *name)
{
	struct result *x;

	for (size_t k = 0; k < r->n; k++)
		if (strcmp(r->results[k].name, name) == 0)
			return &r->results[k];
	xgrow(&r->results, &r->cap, r->n + 1, sizeof *r->results);
	x = &r->results[r->n++];
	memset(x, 0, sizeof *x);
	x->name = xstrdup(name);
	return x;
}

void
report_free(struct report *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->results[i].name);
	free(r->results);
	figures_free(&r->figures);
}

/* Overlap alone proves nothing: only a bound that chance keeps tells copying. */
static enum verdict
leakage_verdict(double value, double bound)
{
	if (isnan(value))
		return VERDICT_UNDEFINED;
	if (isnan(bound))
		return VERDICT_UNTOLD;
	return value > bound ? VERDICT_LEAKS : VERDICT_CLEAR;
}

enum verdict
verdict(const struct metric *m, double value, double floor, double independent)
{
	double d = metric_distance(m, value), i = metric_distance(m, independent);

	if (m->group == GROUP_LEAKAGE)
		return leakage_verdict(value, floor);
	if (isnan(value))
		return VERDICT_UNDEFINED;
	if (!isnan(floor) && d <= FLOOR_MARGIN * metric_distance(m, floor) + m->slack)
		return VERDICT_FLOOR;
	if (isnan(independent))
		return VERDICT_ALONE;
	if (d < i)
		return VERDICT_BETTER;
	return d > i ? VERDICT_WORSE : VERDICT_SAME;
}

enum verdict
verdict_of(const struct result *x, size_t i)
{
	return verdict(&metrics[i], scores_mean(&x->value, i),
	    scores_mean(&x->floor, i), scores_mean(&x->independent, i));
}

const char *
verdict_text(enum verdict v)
{
	static const char *const text[VERDICTS] = {
	    [VERDICT_FLOOR] = "at the floor",
	    [VERDICT_BETTER] = "better than independent columns",
	    [VERDICT_SAME] = "as independent columns",
	    [VERDICT_WORSE] = "worse than no learning",
	    [VERDICT_ALONE] = "no baseline",
	    [VERDICT_CLEAR] = "no sign of copying",
	    [VERDICT_LEAKS] = "copies its training data",
	    [VERDICT_UNTOLD] = "cannot be told",
	    [VERDICT_UNDEFINED] = "not defined",
	};

	return text[v];
}

bool
group_defined(const struct report *r, const struct result *x, enum group g)
{
	for (size_t i = 0; i < n_metrics; i++)
		if (metrics[i].group == g && r->show.show[i] && x->value.n[i] > 0)
			return true;
	return false;
}
