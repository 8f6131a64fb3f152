#include "telemetry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/rank.h"
#include "stats/sort.h"

#define MEMORY_MIN 100
#define MEMORY_MAX 5000
#define KEYS_PER_CELL 4

/* The packets of a side by one kind of key, and their exact counts. */
struct counted {
	struct stream stream;
	struct tally tally;
	uint32_t *key; /* owned; NULL: those of the flows */
};

static void
counted_init(struct counted *c, const struct side *side, enum sketch_key by)
{
	static const enum col col[] = {[BY_DST] = COL_DST_IP, [BY_SRC] = COL_SRC_IP};

	memset(c, 0, sizeof *c);
	c->stream.n = side->t->n;
	c->stream.weight = (const uint64_t *)side->t->wide[COL_PKTS];
	if (by == BY_TUPLE) {
		c->stream.key = side->f.id;
		c->stream.n_keys = (uint32_t)side->f.n;
	} else {
		c->key = side_numbers(side, col[by], &c->stream.n_keys);
		c->stream.key = c->key;
	}
	tally_init(&c->tally, &c->stream);
}

static void
counted_free(struct counted *c)
{
	tally_free(&c->tally);
	free(c->key);
}

static size_t
memory_for(size_t keys)
{
	size_t cells = keys / KEYS_PER_CELL;

	if (cells < MEMORY_MIN)
		return MEMORY_MIN;
	return cells > MEMORY_MAX ? MEMORY_MAX : cells;
}

/* One key definition, with all kinds of sketches at all seeds as jobs of their own. */
struct work {
	const struct tally *tally;
	size_t memory;
	uint64_t seed;
	double error[SKETCHES * SKETCH_SEEDS];
};

static void
one_error(void *arg, int job)
{
	struct work *w = arg;

	w->error[job] = heavy_error(w->tally, (enum sketch_kind)(job / SKETCH_SEEDS),
	    w->memory, w->seed * SKETCH_SEEDS + (uint64_t)(job % SKETCH_SEEDS));
}

static void
measure_key(struct telemetry *t, const struct pair *p, const struct side *side,
    enum sketch_key by)
{
	struct counted c;
	struct work w;

	counted_init(&c, side, by);
	w.tally = &c.tally;
	t->keys[by] = c.tally.n;
	t->memory[by] = side == p->ref ? memory_for(c.tally.n)
				       : telemetry_of(p, p->ref)->memory[by];
	w.memory = t->memory[by];
	w.seed = p->seed;
	pool_run(p->pool, one_error, &w, SKETCHES * SKETCH_SEEDS);
	for (int k = 0; k < SKETCHES; k++) {
		double sum = 0;

		for (int i = 0; i < SKETCH_SEEDS; i++)
			sum += w.error[k * SKETCH_SEEDS + i];
		t->error[by][k] = sum / SKETCH_SEEDS;
	}
	t->heavy[by] = (double)heavy_count(&c.tally);
	curve_errors(t->curve[by], &c.tally, p->seed, 1);
	counted_free(&c);
}

const struct telemetry *
telemetry_of(const struct pair *p, struct side *s)
{
	struct telemetry *t = s->kept[KEEP_TELEMETRY];

	if (t != NULL)
		return t;
	t = xcalloc(1, sizeof *t);
	for (enum sketch_key by = 0; by < SKETCH_KEYS; by++)
		measure_key(t, p, s, by);
	side_keep(s, KEEP_TELEMETRY, t, free);
	return t;
}

uint64_t *
telemetry_counts(const struct side *side, enum sketch_key by, size_t *n)
{
	struct counted c;
	uint64_t *count;

	counted_init(&c, side, by);
	*n = c.tally.n;
	count = xmalloc(size_mul(*n + 1, sizeof *count));
	for (size_t i = 0; i < *n; i++)
		count[i] = ~c.tally.count[i];
	sort_u64(count, *n);
	for (size_t i = 0; i < *n; i++)
		count[i] = ~count[i];
	counted_free(&c);
	return count;
}

/* |c - r| / r; equal zeros are no error. */
static double
relative(double c, double r)
{
	if (c == r)
		return 0;
	return r > 0 ? fabs(c - r) / r : NAN;
}

/* Whether the sketches are in the same order; NAN if one has no error to rank. */
static double
rank_correlation(const double c[SKETCHES], const double r[SKETCHES])
{
	for (int k = 0; k < SKETCHES; k++)
		if (isnan(c[k]) || isnan(r[k]))
			return NAN;
	return spearman(c, r, SKETCHES);
}

void
telemetry_battery(const struct pair *p, double *v)
{
	const struct telemetry *r = telemetry_of(p, p->ref);
	const struct telemetry *c = telemetry_of(p, p->cand);
	double sum = 0;
	int n = 0;

	for (int by = 0; by < SKETCH_KEYS; by++) {
		double gap = 0;

		if (r->keys[by] < SKETCH_KEYS_MIN)
			continue;
		for (int k = 0; k < SKETCHES; k++) {
			double e = relative(c->error[by][k], r->error[by][k]);

			v[TELEMETRY_ERROR + by * SKETCHES + k] = e;
			if (!isnan(e)) {
				sum += e;
				n++;
			}
		}
		for (int i = 0; i < CURVE_POINTS; i++)
			gap += fabs(c->curve[by][i] - r->curve[by][i]);
		v[TELEMETRY_RANK + by] = rank_correlation(c->error[by], r->error[by]);
		v[TELEMETRY_HEAVY + by] = relative(c->heavy[by], r->heavy[by]);
		v[TELEMETRY_CURVE + by] = gap / CURVE_POINTS;
	}
	v[TELEMETRY_MEAN] = n > 0 ? sum / n : NAN;
}
