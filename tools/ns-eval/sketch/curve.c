#include "curve.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "countmin.h"
#include "stats/sort.h"

/* Work space for n keys. */
struct ranking {
	uint64_t *value;
	uint32_t *row;
};

/* in[i] = whether i is one of the k greatest of the n values; destroys them. */
static void
mark_top(uint8_t *in, struct ranking *w, size_t n, size_t k)
{
	for (size_t i = 0; i < n; i++) {
		w->value[i] = ~w->value[i]; /* the sort is rising and stable */
		w->row[i] = (uint32_t)i;
	}
	sort_rows(w->value, w->row, n);
	memset(in, 0, n);
	for (size_t i = 0; i < k; i++)
		in[w->row[i]] = 1;
}

/* What a sketch of the width makes of all keys. */
static void
estimate_all(uint64_t *value, const struct tally *t, size_t width, uint64_t seed)
{
	struct countmin *s = countmin_new(CURVE_DEPTH, width, seed);

	for (uint32_t i = 0; i < t->n; i++)
		countmin_update(s, t->key[i], t->count[i]);
	for (uint32_t i = 0; i < t->n; i++)
		value[i] = countmin_estimate(s, t->key[i]);
	countmin_free(s);
}

/* 100 (1 - |A and B| / |A or B|) of two sets of k. */
static double
distance(const uint8_t *a, const uint8_t *b, size_t n, size_t k)
{
	size_t both = 0;

	for (size_t i = 0; i < n; i++)
		both += a[i] & b[i];
	return 100 * (1 - (double)both / (double)(2 * k - both));
}

static size_t
width_at(int point, size_t n)
{
	size_t width = ((size_t)point + 1) * n / 10;

	return width > 0 ? width : 1;
}

void
curve_errors(double error[CURVE_POINTS], const struct tally *t, uint64_t seed, int n)
{
	size_t keys = t->n, k = (keys + 9) / 10;
	uint8_t *a = xmalloc(keys + 1), *b = xmalloc(keys + 1);
	struct ranking w = {
	    .value = xcalloc(keys + 1, sizeof *w.value),
	    .row = xcalloc(keys + 1, sizeof *w.row),
	};

	assert(n >= 1);
	memcpy(w.value, t->count, keys * sizeof *w.value);
	mark_top(a, &w, keys, k);
	for (int i = 0; i < CURVE_POINTS; i++) {
		double sum = keys > 0 ? 0 : NAN;

		for (int j = 0; j < n && keys > 0; j++) {
			estimate_all(w.value, t, width_at(i, keys), seed + (uint64_t)j);
			mark_top(b, &w, keys, k);
			sum += distance(a, b, keys, k);
		}
		error[i] = sum / n;
	}
	free(w.row);
	free(w.value);
	free(b);
	free(a);
}
