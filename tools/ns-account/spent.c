/* What entries and mechanisms cost, and whether that is too much. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "base/log.h"

double
delta_of(const struct request *q, const struct dp_ledger *l)
{
	double delta = q->delta;
	size_t i;

	if (delta > 0)
		return delta;
	for (i = 0; i < l->n; i++)
		delta = fmax(delta, l->v[i].delta);
	return delta > 0 ? delta : DELTA_DEFAULT;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t
runs_of(const struct dp_ledger *l)
{
	const char **run = xcalloc(l->n + 1, sizeof *run);
	size_t i, runs = 0;

	for (i = 0; i < l->n; i++)
		run[i] = l->v[i].run;
	qsort(run, l->n, sizeof *run, by_text);
	for (i = 0; i < l->n; i++)
		runs += i == 0 || strcmp(run[i], run[i - 1]) != 0;
	free(run);
	return runs;
}

int
one_unit(const struct dp_ledger *l, struct ns_err *e)
{
	size_t i;

	for (i = 1; i < l->n; i++)
		if (strcmp(l->v[i].unit, l->v[0].unit) != 0)
			return ns_fail(e, NS_EKIND,
			    "no total: units differ, '%s' and '%s', and what protects "
			    "one says nothing of the other",
			    l->v[0].unit, l->v[i].unit);
	return NS_OK;
}

void
spend(struct spent *s, const struct dp_mechanism *m, size_t n, double delta)
{
	s->delta = delta;
	s->epsilon = dp_pld_epsilon(m, n, delta);
	s->rdp = dp_rdp_epsilon(m, n, delta, &s->order);
}

int
judge(const struct request *q, const struct spent *s, struct ns_err *e)
{
	if (s->epsilon > EPSILON_WEAK)
		log_warn("epsilon %.3f is weak: above %d it promises little",
		    dp_round_up(s->epsilon), EPSILON_WEAK);
	if (q->max > 0 && s->epsilon > q->max)
		return ns_fail(e, NS_ENO,
		    "epsilon %.3f at delta %g is more than --max %g",
		    dp_round_up(s->epsilon), s->delta, q->max);
	return NS_OK;
}
