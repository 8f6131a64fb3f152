#include "sketch.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "countmin.h"
#include "nitro.h"
#include "univmon.h"

struct sketch {
	enum sketch_kind kind;
	union {
		struct countmin *cm;
		struct countsketch *cs;
		struct univmon *um;
		struct nitro *ns;
	} of;
};

bool
sketch_linear(enum sketch_kind kind)
{
	return kind != SKETCH_NS;
}

static struct countsketch *
new_countsketch(int depth, size_t width, uint64_t seed)
{
	struct rng r;

	rng_init(&r, seed, HASH_STREAM_CS);
	return countsketch_new(depth, width, &r);
}

struct sketch *
sketch_new(enum sketch_kind kind, size_t memory, int depth, uint64_t seed, double p)
{
	struct sketch *s = xcalloc(1, sizeof *s);
	size_t width;

	assert(kind < SKETCHES && depth >= 1);
	width = memory / (size_t)depth;
	assert(width >= 3);
	s->kind = kind;
	if (kind == SKETCH_CM)
		s->of.cm = countmin_new(depth, width, seed);
	else if (kind == SKETCH_CS)
		s->of.cs = new_countsketch(depth, width, seed);
	else if (kind == SKETCH_UM)
		s->of.um = univmon_new(depth, width * (size_t)depth, seed);
	else
		s->of.ns = nitro_new(depth, width, p, seed);
	return s;
}

void
sketch_free(struct sketch *s)
{
	if (s == NULL)
		return;
	if (s->kind == SKETCH_CM)
		countmin_free(s->of.cm);
	else if (s->kind == SKETCH_CS)
		countsketch_free(s->of.cs);
	else if (s->kind == SKETCH_UM)
		univmon_free(s->of.um);
	else
		nitro_free(s->of.ns);
	free(s);
}

static size_t
cells(const struct countsketch *s)
{
	return (size_t)s->depth * s->width;
}

size_t
sketch_memory(const struct sketch *s)
{
	if (s->kind == SKETCH_CM)
		return (size_t)s->of.cm->depth * s->of.cm->width;
	if (s->kind == SKETCH_CS)
		return cells(s->of.cs);
	if (s->kind == SKETCH_UM)
		return univmon_memory(s->of.um);
	return cells(s->of.ns->rows);
}

void
sketch_update(struct sketch *s, uint64_t key, uint64_t weight)
{
	if (s->kind == SKETCH_CM)
		countmin_update(s->of.cm, key, weight);
	else if (s->kind == SKETCH_CS)
		countsketch_update(s->of.cs, key, weight);
	else if (s->kind == SKETCH_UM)
		univmon_update(s->of.um, key, weight);
	else
		nitro_update(s->of.ns, key, weight);
}

double
sketch_estimate(const struct sketch *s, uint64_t key)
{
	if (s->kind == SKETCH_CM)
		return (double)countmin_estimate(s->of.cm, key);
	if (s->kind == SKETCH_CS)
		return countsketch_estimate(s->of.cs, key);
	if (s->kind == SKETCH_UM)
		return univmon_estimate(s->of.um, key);
	return nitro_estimate(s->of.ns, key);
}
