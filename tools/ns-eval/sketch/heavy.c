#include "heavy.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

static uint64_t
weight_of(const struct stream *s, size_t i)
{
	return s->weight != NULL ? s->weight[i] : 1;
}

/* The weight of each key, of those that do not occur too; to be freed. */
static uint64_t *
count_keys(const struct stream *s)
{
	uint64_t *count = xcalloc((size_t)s->n_keys + 1, sizeof *count);

	for (size_t i = 0; i < s->n; i++) {
		assert(s->key[i] < s->n_keys);
		count[s->key[i]] += weight_of(s, i);
	}
	return count;
}

void
tally_init(struct tally *t, const struct stream *s)
{
	t->stream = s;
	t->n = 0;
	t->total = 0;
	t->count = count_keys(s);
	t->key = xmalloc(size_mul((size_t)s->n_keys + 1, sizeof *t->key));
	for (uint32_t k = 0; k < s->n_keys; k++) {
		if (t->count[k] == 0)
			continue;
		t->total += t->count[k];
		t->key[t->n] = k;
		t->count[t->n++] = t->count[k];
	}
}

void
tally_free(struct tally *t)
{
	free(t->key);
	free(t->count);
}

static bool
heavy(const struct tally *t, uint32_t i)
{
	return (double)t->count[i] >= HEAVY_SHARE * (double)t->total;
}

size_t
heavy_count(const struct tally *t)
{
	size_t n = 0;

	for (uint32_t i = 0; i < t->n; i++)
		n += heavy(t, i);
	return n;
}

static void
feed(struct sketch *sk, enum sketch_kind kind, const struct tally *t)
{
	const struct stream *s = t->stream;

	if (sketch_linear(kind))
		for (uint32_t i = 0; i < t->n; i++)
			sketch_update(sk, t->key[i], t->count[i]);
	else
		for (size_t i = 0; i < s->n; i++)
			sketch_update(sk, s->key[i], weight_of(s, i));
}

double
heavy_error(const struct tally *t, enum sketch_kind kind, size_t memory, uint64_t seed)
{
	struct sketch *sk = sketch_new(kind, memory, SKETCH_DEPTH, seed, SKETCH_P);
	double sum = 0;
	size_t n = 0;

	feed(sk, kind, t);
	for (uint32_t i = 0; i < t->n; i++) {
		double c = (double)t->count[i];

		if (!heavy(t, i))
			continue;
		sum += fabs(sketch_estimate(sk, t->key[i]) - c) / c;
		n++;
	}
	sketch_free(sk);
	return n > 0 ? sum / (double)n : NAN;
}
