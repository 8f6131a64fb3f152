#include "private/units.h"

#include <stdlib.h>

#include "base/mem.h"

struct member {
	uint64_t unit;
	uint32_t series;
};

static int
by_unit(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	return (x->series > y->series) - (x->series < y->series);
}

static struct member *
members(const struct lesson *l, uint32_t *n)
{
	struct member *m;
	size_t all = 0, i;
	uint32_t j;

	for (i = 0; i < l->n; i++)
		all += l->chunk[i].n;
	m = xcalloc(all + 1, sizeof *m);
	*n = 0;
	for (i = 0; i < l->n; i++)
		for (j = 0; j < l->chunk[i].n; j++, ++*n) {
			m[*n].unit = feed_unit(l->feed, &l->chunk[i], j);
			m[*n].series = *n;
		}
	qsort(m, *n, sizeof *m, by_unit);
	return m;
}

struct units *
units_of(const struct lesson *l, int max_series, struct ns_err *e)
{
	struct units *u = xcalloc(1, sizeof *u);
	struct member *m;
	uint32_t n, i, of_one = 0;
	int rc = NS_OK;

	m = members(l, &n);
	u->first = xcalloc((size_t)n + 1, sizeof *u->first);
	u->series = xcalloc((size_t)n + 1, sizeof *u->series);
	for (i = 0; i < n && rc >= 0; i++) {
		if (i == 0 || m[i].unit != m[i - 1].unit) {
			u->first[u->n++] = i;
			of_one = 0;
		}
		u->series[i] = m[i].series;
		if (++of_one > (uint32_t)max_series)
			rc = ns_fail(e, NS_ECORRUPT,
			    "a unit has more than the %d series that "
			    "privacy.max_series says",
			    max_series);
	}
	u->first[u->n] = n;
	free(m);
	if (rc >= 0)
		return u;
	units_free(u);
	return NULL;
}

void
units_free(struct units *u)
{
	if (u == NULL)
		return;
	free(u->first);
	free(u->series);
	free(u);
}
