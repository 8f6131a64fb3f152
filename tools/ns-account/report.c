/* What was spent, and what a mechanism costs or needs, as tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "base/log.h"

static int
by_group(const void *a, const void *b)
{
	const struct dp_entry *x = a, *y = b;
	int c = strcmp(x->unit, y->unit);

	if (c == 0)
		c = strcmp(x->data, y->data);
	return c != 0 ? c : strcmp(x->what, y->what);
}

/* "counts:1,sgd:2": kinds of mechanism and how many of each are paid for; entries are
 * sorted by kind within each group. */
static void
put_mechanisms(struct table *t, const struct dp_ledger *l)
{
	struct dp_ledger part = {0};
	struct dp_mechanism *m;
	struct buf b = {0};
	size_t i;

	for (i = 0; i < l->n; i += part.n) {
		part.v = l->v + i;
		for (part.n = 1; i + part.n < l->n &&
		     strcmp(part.v->what, part.v[part.n].what) == 0;
		     part.n++)
			;
		buf_printf(&b, "%s%s:%zu", i > 0 ? "," : "", part.v->what,
		    dp_ledger_mechanisms(&part, &m));
		free(m);
	}
	buf_put(&b, "", 1);
	table_put(t, "%s", b.len > 1 ? (const char *)b.p : "-");
	buf_free(&b);
}

static void
spend_entries(struct spent *s, const struct request *q, const struct dp_ledger *l)
{
	struct dp_mechanism *m;
	size_t n = dp_ledger_mechanisms(l, &m);

	spend(s, m, n, delta_of(q, l));
	free(m);
}

static void
put_group(struct table *t, const struct request *q, const struct dp_ledger *l)
{
	struct spent s;

	table_row(t);
	table_put(t, "%s", l->v->data);
	table_put(t, "%s", l->v->unit);
	table_put(t, "%zu", runs_of(l));
	put_mechanisms(t, l);
	spend_entries(&s, q, l);
	table_put_spent(t, &s);
}

static int
by_what(const void *a, const void *b)
{
	const struct dp_entry *x = a, *y = b;

	return strcmp(x->what, y->what);
}

static void
put_total(struct table *t, const struct request *q, struct dp_ledger *l,
    struct spent *s)
{
	qsort(l->v, l->n, sizeof *l->v, by_what);
	table_row(t);
	table_put(t, "total");
	table_put(t, "%s", l->n > 0 ? l->v->unit : "-");
	table_put(t, "%zu", runs_of(l));
	put_mechanisms(t, l);
	spend_entries(s, q, l);
	table_put_spent(t, s);
}

static void
put_groups(struct table *t, const struct request *q, struct dp_ledger *l)
{
	struct dp_ledger group = {0};
	size_t i;

	for (i = 0; i < l->n; i += group.n) {
		group.v = l->v + i;
		for (group.n = 1; i + group.n < l->n &&
		     strcmp(group.v->unit, group.v[group.n].unit) == 0 &&
		     strcmp(group.v->data, group.v[group.n].data) == 0;
		     group.n++)
			;
		put_group(t, q, &group);
	}
}

int
spent_report(const struct request *q, const struct dp_ledger *l, const char *output,
    struct ns_err *e)
{
	struct dp_ledger sorted = {.n = l->n};
	struct spent s = {0};
	struct table t;
	struct ns_err why;
	int rc, units = one_unit(l, &why);

	sorted.v = xcalloc(l->n + 1, sizeof *sorted.v);
	if (l->n > 0)
		memcpy(sorted.v, l->v, l->n * sizeof *sorted.v);
	qsort(sorted.v, sorted.n, sizeof *sorted.v, by_group);
	table_begin(&t, "data unit runs mechanisms epsilon rdp order delta neighbours");
	put_groups(&t, q, &sorted);
	if (units == NS_OK)
		put_total(&t, q, &sorted, &s);
	free(sorted.v);
	rc = table_write(&t, q->tsv, output, e);
	if (rc < 0)
		return rc;
	if (units == NS_OK)
		return judge(q, &s, e);
	if (q->max > 0) {
		*e = why;
		return units;
	}
	log_warn("%s", why.msg);
	return NS_OK;
}

static void
put_calculation(struct table *t, const struct request *q, const struct dp_ledger *l,
    const struct spent *s)
{
	table_begin(t, "q sigma steps runs epsilon rdp order delta neighbours");
	table_row(t);
	table_put(t, "%.10g", q->q);
	table_put(t, "%.10g", q->sigma);
	table_put(t, "%llu", (unsigned long long)q->steps);
	table_put(t, "%zu", runs_of(l));
	table_put_spent(t, s);
}

int
calculate(struct request *q, const struct dp_ledger *l, const char *output,
    struct ns_err *e)
{
	struct dp_mechanism *m;
	double delta = delta_of(q, l);
	struct spent s;
	struct table t;
	int rc = one_unit(l, e);
	size_t n;

	if (rc < 0)
		return rc;
	n = dp_ledger_mechanisms(l, &m);
	if (q->epsilon > 0)
		rc = dp_solve_sigma(q->q, q->steps, m, n, q->epsilon, delta, &q->sigma,
		    e);
	if (rc == NS_OK) {
		m = xrealloc(m, size_mul(n + 1, sizeof *m));
		m[n++] = (struct dp_mechanism){q->q, q->sigma, q->steps};
		spend(&s, m, n, delta);
		put_calculation(&t, q, l, &s);
		rc = table_write(&t, q->tsv, output, e);
	}
	free(m);
	return rc < 0 ? rc : judge(q, &s, e);
}
