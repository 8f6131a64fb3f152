/* What the lines of a ledger cost one unit. */
#include <stdlib.h>
#include <string.h>

#include "dp/ledger/ledger.h"

static int
by_number(double a, double b)
{
	return (a > b) - (a < b);
}

/* Lines of one release stand together, those of nets that are alike next to each other:
 * the same but for net and steps. */
static int
by_mechanism(const struct dp_entry *a, const struct dp_entry *b)
{
	int c = strcmp(a->run, b->run);

	if (c == 0)
		c = strcmp(a->data, b->data);
	if (c == 0)
		c = strcmp(a->unit, b->unit);
	if (c == 0)
		c = strcmp(a->what, b->what);
	if (c == 0)
		c = by_number(a->q, b->q);
	if (c == 0)
		c = by_number(a->sigma, b->sigma);
	return c != 0 ? c : (a->net >= 0) - (b->net >= 0);
}

static int
by_net(const void *a, const void *b)
{
	const struct dp_entry *x = a, *y = b;
	int c = by_mechanism(x, y);

	if (c == 0)
		c = (x->net > y->net) - (x->net < y->net);
	return c != 0 ? c : (x->steps < y->steps) - (x->steps > y->steps);
}

static int
by_steps(const void *a, const void *b)
{
	const struct dp_entry *x = a, *y = b;
	int c = by_mechanism(x, y);

	return c != 0 ? c : (x->steps < y->steps) - (x->steps > y->steps);
}

/* Of lines sorted by net the first of each, which has most steps; chunks is the most
 * that any of them names. */
static size_t
keep_farthest(struct dp_entry *v, size_t n)
{
	size_t i, kept = 0;
	struct dp_entry *last;

	for (i = 0; i < n; i++) {
		last = kept > 0 ? &v[kept - 1] : NULL;
		if (last == NULL || by_mechanism(last, &v[i]) != 0 ||
		    last->net != v[i].net)
			v[kept++] = v[i];
		else if (v[i].chunks > last->chunks)
			last->chunks = v[i].chunks;
	}
	return kept;
}

/* Nets from i on that are alike; *chunks, how many of them can have one unit. */
static size_t
alike(const struct dp_entry *v, size_t i, size_t n, size_t *chunks)
{
	size_t j;
	int most = 1;

	for (j = i; j < n && by_mechanism(&v[i], &v[j]) == 0; j++)
		if (v[j].chunks > most)
			most = v[j].chunks;
	*chunks = v[i].net < 0 ? j - i : (size_t)most;
	return j - i;
}

size_t
dp_ledger_mechanisms(const struct dp_ledger *l, struct dp_mechanism **m)
{
	struct dp_entry *v = xcalloc(l->n + 1, sizeof *v);
	size_t n, i, j, count, chunks, made = 0;

	*m = xcalloc(l->n + 1, sizeof **m);
	if (l->n > 0)
		memcpy(v, l->v, l->n * sizeof *v);
	qsort(v, l->n, sizeof *v, by_net);
	n = keep_farthest(v, l->n);
	qsort(v, n, sizeof *v, by_steps);
	for (i = 0; i < n; i += count) {
		count = alike(v, i, n, &chunks);
		for (j = i; j < i + count && j < i + chunks; j++)
			if (v[j].steps > 0)
				(*m)[made++] = (struct dp_mechanism){v[j].q, v[j].sigma,
				    v[j].steps};
	}
	free(v);
	return made;
}
