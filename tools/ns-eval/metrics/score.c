/* score.c: the values of the metrics of one comparison. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "fidelity/fidelity.h"
#include "metrics/metrics.h"
#include "stream/schema.h"

#define OF_MAX 16

/* Steps of the meter for each metric of a group: tenths of a second at a million
 * records, roughly, so that the time left can be told. */
static const int steps_of_group[GROUPS] = {
    [GROUP_FIELDS] = 1,
    [GROUP_JOINT] = 2,
    [GROUP_FLOW] = 1,
    [GROUP_CLASSIFIER] = 20,
    [GROUP_RULES] = 1,
    [GROUP_LEAKAGE] = 2,
    [GROUP_COMPLIANCE] = 0,
    [GROUP_TELEMETRY] = 2,
    [GROUP_ANOMALY] = 5,
    [GROUP_TYPES] = 6,
    [GROUP_BOTNET] = 6,
};

static int
steps_of(const struct selection *s, size_t i)
{
	return s->need[i] ? steps_of_group[metrics[i].group] : 0;
}

uint64_t
score_steps(const struct selection *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < n_metrics; i++)
		n += (uint64_t)steps_of(s, i);
	return n;
}

static void
step(struct meter *t, int steps)
{
	if (t == NULL)
		return;
	t->done += (uint64_t)steps;
	progress_at(&t->shown, t->done);
}

static double
one_value(const struct pair *p, const struct metric *m, const double *v)
{
	const char *s = m->of != NULL ? m->of : "";
	double of[OF_MAX];
	int n = 0;

	while (*s != '\0') {
		size_t len = strcspn(s, " ");
		int i = metric_find(s, len);

		assert(i >= 0 && n < OF_MAX);
		if (metrics[i].kinds & 1u << p->ref->t->kind)
			of[n++] = v[i];
		s += len;
		s += strspn(s, " ");
	}
	return m->fn(p, m, of, n);
}

/* The rows of the battery of row i, which are neighbours in the table: first and
 * number.
 */
static size_t
rows_of_battery(size_t i, size_t *n)
{
	battery_fn *b = metrics[i].battery;
	size_t first = i;

	while (first > 0 && metrics[first - 1].battery == b)
		first--;
	for (*n = 0; first + *n < n_metrics && metrics[first + *n].battery == b;)
		++*n;
	return first;
}

/* All values of a battery, the needed ones into v; returns the row behind it. */
static size_t
run_battery(const struct pair *p, const struct selection *s, size_t i,
    double v[METRICS_MAX], struct meter *t)
{
	double all[METRICS_MAX];
	size_t n, first = rows_of_battery(i, &n);
	int steps = 0;

	for (size_t k = 0; k < METRICS_MAX; k++)
		all[k] = NAN;
	metrics[i].battery(p, all);
	for (size_t k = 0; k < n; k++) {
		if (s->need[first + k])
			v[first + k] = all[k];
		steps += steps_of(s, first + k);
	}
	step(t, steps);
	return first + n;
}

void
score(const struct pair *p, const struct selection *s, double v[METRICS_MAX],
    struct meter *t)
{
	size_t i = 0;

	assert(p->ref->t->kind == p->cand->t->kind);
	for (size_t k = 0; k < METRICS_MAX; k++)
		v[k] = NAN;
	while (i < n_metrics) {
		const struct metric *m = &metrics[i];

		if (!s->need[i] || !(m->kinds & 1u << p->ref->t->kind)) {
			i++;
		} else if (m->battery != NULL) {
			i = run_battery(p, s, i, v, t);
		} else if (m->fn != NULL) {
			v[i] = one_value(p, m, v);
			step(t, steps_of(s, i));
			i++;
		} else {
			i++; /* filled by others */
		}
	}
}

bool
metric_of_training(const struct metric *m)
{
	return m->fn == distinct_share || m->fn == entropy_share;
}

double
metric_distance(const struct metric *m, double v)
{
	double d = m->higher ? m->best - v : v - m->best;

	/* an area below .5 is as far from guessing as one above */
	if (m->group == GROUP_CLASSIFIER)
		return fabs(d);
	return d < 0 ? 0 : d;
}
