#include "private/units.h"

#include <stdlib.h>

#include "base/mem.h"

struct member {
	uint64_t unit;
	uint32_t series; /* or chunk */
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

/* One unit's series, n of them, in the order of their chunks. */
static int
check_unit(const struct member *m, uint32_t n, int max_series, int max_chunks,
    struct ns_err *e)
{
	uint32_t i, chunks = 1;

	for (i = 1; i < n; i++)
		chunks += m[i].series != m[i - 1].series;
	if (n > (uint32_t)max_series)
		return ns_fail(e, NS_ECORRUPT,
		    "a unit has more than the %d series that privacy.max_series says",
		    max_series);
	if (chunks > (uint32_t)max_chunks)
		return ns_fail(e, NS_ECORRUPT,
		    "a unit is in more than the %d chunks that privacy.max_chunks "
		    "says: chunks of one ns-chunk go together",
		    max_chunks);
	return NS_OK;
}

int
units_bounded(const struct feed *f, int max_series, int max_chunks, struct ns_err *e)
{
	struct member *m;
	size_t all = 0, i, at = 0, n;
	uint32_t j;
	int rc = NS_OK;

	for (i = 0; i < f->n_chunks; i++)
		all += f->chunk[i].n;
	m = xcalloc(all + 1, sizeof *m);
	for (i = 0; i < f->n_chunks; i++)
		for (j = 0; j < f->chunk[i].n; j++)
			m[at++] =
			    (struct member){feed_unit(f, &f->chunk[i], j), (uint32_t)i};
	qsort(m, all, sizeof *m, by_unit);
	for (at = 0; at < all && rc >= 0; at += n) {
		for (n = 1; at + n < all && m[at + n].unit == m[at].unit; n++)
			;
		rc = check_unit(m + at, (uint32_t)n, max_series, max_chunks, e);
	}
	free(m);
	return rc;
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
