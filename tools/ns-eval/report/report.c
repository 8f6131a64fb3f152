#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
scores_add(struct scores *s, const double v[METRICS_MAX])
{
	s->repeats++;
	for (size_t i = 0; i < n_metrics; i++) {
		double d = v[i] - s->mean[i];

		if (isnan(v[i]))
			continue;
		s->n[i]++;
		s->mean[i] += d / s->n[i];
		s->squares[i] += d * (v[i] - s->mean[i]);
	}
}

void
scores_set(struct scores *s, size_t i, double v)
{
	s->n[i] = isnan(v) ? 0 : s->repeats;
	s->mean[i] = v;
	s->squares[i] = 0;
}

double
scores_mean(const struct scores *s, size_t i)
{
	return s->n[i] > 0 && s->n[i] == s->repeats ? s->mean[i] : NAN;
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

struct run *
result_run(struct result *x)
{
	xgrow(&x->runs, &x->cap, x->n + 1, sizeof *x->runs);
	memset(&x->runs[x->n], 0, sizeof *x->runs);
	return &x->runs[x->n++];
}

void
report_free(struct report *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->results[i].name);
		free(r->results[i].runs);
		guarantee_free(&r->results[i].guarantee);
	}
	free(r->results);
	figures_free(&r->figures);
}

double
result_mean(const struct result *x, enum score which, size_t i)
{
	double sum = 0;

	for (size_t k = 0; k < x->n; k++)
		sum += scores_mean(&x->runs[k].scores[which], i);
	return sum / (double)x->n;
}

double
result_deviation(const struct result *x, enum score which, size_t i)
{
	const struct scores *s = &x->runs[0].scores[which];
	double mean = result_mean(x, which, i), squares = 0;

	if (x->n == 1)
		return s->n[i] > 1 ? sqrt(s->squares[i] / (s->n[i] - 1)) : NAN;
	for (size_t k = 0; k < x->n; k++) {
		double d = scores_mean(&x->runs[k].scores[which], i) - mean;

		squares += d * d;
	}
	return sqrt(squares / (double)(x->n - 1));
}

bool
report_counts_differ(const struct report *r, const struct result *x)
{
	double ref = (double)r->ref_records;

	for (size_t k = 0; k < x->n; k++)
		if (fabs((double)x->runs[k].records - ref) > ref / 20)
			return true;
	return false;
}

bool
result_guarantee(const struct result *x, struct buf *b)
{
	struct claim all;

	guarantee_all(&x->guarantee, &all);
	if (!all.none)
		guarantee_text(&x->guarantee, b);
	return !all.none;
}

bool
report_leaks(const struct report *r)
{
	for (size_t k = 0; k < r->n; k++) {
		const struct guarantee *g = &r->results[k].guarantee;

		for (size_t i = 0; i < g->n; i++)
			if (!g->v[i].none)
				return true;
	}
	return false;
}

const char *const leaky_report[2] = {
    "This is a leaky report: its scores were computed against the private trace, and "
    "no epsilon of a synthetic trace covers them.",
    "They must not be published with that trace unless the owner of the private one "
    "wants it.",
};

/* Overlap alone proves nothing: only a bound that chance keeps tells copying. */
static enum verdict
leakage_verdict(double value, double bound)
{
	if (isnan(value) || isnan(bound))
		return VERDICT_UNTOLD;
	return value > bound ? VERDICT_LEAKS : VERDICT_CLEAR;
}

enum verdict
verdict(const struct metric *m, double value, double floor, double independent,
    bool fair)
{
	double d = metric_distance(m, value), i = metric_distance(m, independent);

	if (m->group == GROUP_LEAKAGE)
		return leakage_verdict(value, floor);
	if (isnan(value))
		return VERDICT_UNDEFINED;
	if (d == 0 && i == 0)
		return VERDICT_EASY;
	if (!fair && d > i && metric_distance(m, floor) > i + m->slack)
		return d <= FLOOR_MARGIN * metric_distance(m, floor) ? VERDICT_ROUGH
								     : VERDICT_WORSE;
	if (!isnan(floor) && d <= FLOOR_MARGIN * metric_distance(m, floor) + m->slack)
		return VERDICT_FLOOR;
	if (isnan(independent))
		return isnan(floor) ? VERDICT_ALONE : VERDICT_SHORT;
	if (d < i)
		return VERDICT_BETTER;
	return d > i ? VERDICT_WORSE : VERDICT_SAME;
}

/* One copy among the runs is a leak; what cannot be told of one is told of none. */
static enum verdict
worst_leakage(const struct result *x, size_t i)
{
	enum verdict worst = VERDICT_CLEAR;

	for (size_t k = 0; k < x->n; k++) {
		const struct scores *s = x->runs[k].scores;
		enum verdict v = leakage_verdict(scores_mean(&s[SCORE_VALUE], i),
		    scores_mean(&s[SCORE_FLOOR], i));

		if (v == VERDICT_LEAKS)
			return v;
		if (v != VERDICT_CLEAR)
			worst = v;
	}
	return worst;
}

enum verdict
verdict_of(const struct report *r, const struct result *x, size_t i)
{
	if (metrics[i].group == GROUP_LEAKAGE)
		return worst_leakage(x, i);
	return verdict(&metrics[i], result_mean(x, SCORE_VALUE, i),
	    result_mean(x, SCORE_FLOOR, i), result_mean(x, SCORE_INDEPENDENT, i),
	    r->hold_out != NULL);
}

const char *
verdict_text(enum verdict v)
{
	static const char *const text[VERDICTS] = {
	    [VERDICT_FLOOR] = "at the floor",
	    [VERDICT_BETTER] = "better than independent columns",
	    [VERDICT_SAME] = "as independent columns",
	    [VERDICT_WORSE] = "worse than no learning",
	    [VERDICT_EASY] = "nothing to get wrong",
	    [VERDICT_ROUGH] = "the floor is too rough to tell",
	    [VERDICT_SHORT] = "short of the floor",
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
		if (metrics[i].group == g && r->show.show[i] &&
		    !isnan(result_mean(x, SCORE_VALUE, i)))
			return true;
	return false;
}
