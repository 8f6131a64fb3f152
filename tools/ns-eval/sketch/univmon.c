#include "univmon.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

/* As many levels as an eighth of the memory has heaps for. */
static int
count_levels(size_t memory, size_t depth)
{
	size_t n = memory / 8 / (HEAP_CELLS * depth);

	return n > UNIVMON_LEVELS ? UNIVMON_LEVELS : n > 0 ? (int)n : 1;
}

/* Keys of each heap: a multiple of depth, so that whole columns are left. */
static size_t
heap_size(size_t memory, size_t depth, size_t levels)
{
	size_t n = memory / 8 / (HEAP_CELLS * depth * levels);

	return depth * (n > 0 ? n : 1);
}

/* 2^h times the width of a level, in widths of level 0. */
static size_t
share(int level)
{
	const int h = UNIVMON_HALVINGS;

	return (size_t)1 << (h - (level < h ? level : h));
}

/* The width of level 0 if all were in proportion, times 2^-h. */
static size_t
unit_width(size_t columns, int levels)
{
	size_t sum = 0;

	for (int i = 0; i < levels; i++)
		sum += share(i);
	return columns / sum;
}

struct univmon *
univmon_new(int depth, size_t memory, uint64_t seed)
{
	struct univmon *s = xcalloc(1, sizeof *s);
	size_t d = (size_t)depth, keys, left, unit;
	struct rng r;

	assert(depth >= 1 && memory % d == 0 && memory / d > HEAP_CELLS);
	s->levels = count_levels(memory, d);
	keys = heap_size(memory, d, (size_t)s->levels);
	left = (memory - HEAP_CELLS * keys * (size_t)s->levels) / d;
	unit = unit_width(left, s->levels);
	rng_init(&r, seed, HASH_STREAM_UM);
	for (int i = s->levels - 1; i >= 0; i--) {
		size_t width = i > 0 ? share(i) * unit : left;

		hash2_draw(&s->level[i].bit, &r);
		s->level[i].sketch = countsketch_new(depth, width, &r);
		heap_init(&s->level[i].heap, keys);
		left -= width;
	}
	return s;
}

void
univmon_free(struct univmon *s)
{
	if (s == NULL)
		return;
	for (int i = 0; i < s->levels; i++) {
		countsketch_free(s->level[i].sketch);
		heap_free(&s->level[i].heap);
	}
	free(s);
}

size_t
univmon_memory(const struct univmon *s)
{
	size_t n = 0;

	for (int i = 0; i < s->levels; i++) {
		const struct univmon_level *l = &s->level[i];

		n += (size_t)l->sketch->depth * l->sketch->width;
		n += HEAP_CELLS * l->heap.cap;
	}
	return n;
}

/* Whether a key that reaches level l - 1 reaches l; none goes below the last. */
static bool
goes_on(const struct univmon *s, int l, uint64_t key)
{
	return l < s->levels && hash_bit(hash2_of(&s->level[l].bit, key)) != 0;
}

void
univmon_update(struct univmon *s, uint64_t key, uint64_t weight)
{
	int i = 0;

	s->total += (double)weight;
	do {
		struct univmon_level *l = &s->level[i];

		countsketch_update(l->sketch, key, weight);
		heap_offer(&l->heap, key, countsketch_estimate(l->sketch, key));
	} while (goes_on(s, ++i, key));
}

double
univmon_estimate(const struct univmon *s, uint64_t key)
{
	return countsketch_estimate(s->level[0].sketch, key);
}

/* The count of a key of the heap, which was seen, so is 1 at least. */
static double
count_of(const struct univmon_level *l, uint64_t key)
{
	double v = countsketch_estimate(l->sketch, key);

	return v > 1 ? v : 1;
}

/* The sum of g over all keys, see the header. */
static double
g_sum(const struct univmon *s, double (*g)(double))
{
	double y = 0;

	for (int i = s->levels - 1; i >= 0; i--) {
		const struct univmon_level *l = &s->level[i];

		y *= 2;
		for (size_t k = 0; k < l->heap.n; k++) {
			uint64_t key = l->heap.at[k].key;
			double v = g(count_of(l, key));

			y += goes_on(s, i + 1, key) ? -v : v;
		}
	}
	return y;
}

static double
x_log_x(double x)
{
	return x * log(x);
}

static double
one(double x)
{
	(void)x;
	return 1;
}

static double
square(double x)
{
	return x * x;
}

double
univmon_entropy(const struct univmon *s)
{
	if (s->total <= 0)
		return 0;
	return fmax(0, log(s->total) - g_sum(s, x_log_x) / s->total);
}

double
univmon_distinct(const struct univmon *s)
{
	return fmax(0, g_sum(s, one));
}

double
univmon_l2(const struct univmon *s)
{
	return sqrt(fmax(0, g_sum(s, square)));
}
