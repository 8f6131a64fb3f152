#include "ar/lanes.h"

#include <stdlib.h>
#include <string.h>

#include "ar/hold.h"
#include "ar/streams.h"
#include "base/mem.h"

static void
shuffle(struct lanes *l)
{
	struct rng r;
	size_t i;

	for (i = 0; i < l->n; i++)
		l->perm[i] = (uint32_t)i;
	rng_init(&r, l->seed, ar_stream(AR_SHUFFLE, l->epoch));
	rng_shuffle(&r, l->perm, l->n);
}

void
lanes_init(struct lanes *l, const struct ar_series *all, size_t n, uint64_t seed,
    int count, int window, double hold)
{
	memset(l, 0, sizeof *l);
	l->all = all;
	l->n = n;
	l->seed = seed;
	l->count = count;
	l->window = window;
	l->hold = hold;
	l->lane = xcalloc((size_t)count, sizeof *l->lane);
	l->perm = xcalloc(n, sizeof *l->perm);
	shuffle(l);
}

void
lanes_free(struct lanes *l)
{
	free(l->lane);
	free(l->perm);
	memset(l, 0, sizeof *l);
}

void
lanes_go(struct lanes *l, uint64_t epoch, size_t next)
{
	l->epoch = epoch;
	l->next = next;
	shuffle(l);
}

static const struct ar_series *
take(struct lanes *l)
{
	if (l->next == l->n) {
		l->next = 0;
		l->epoch++;
		shuffle(l);
	}
	return &l->all[l->perm[l->next++]];
}

void
lanes_next(struct lanes *l)
{
	struct lane *a;
	uint32_t left;
	int i;

	for (i = 0; i < l->count; i++) {
		a = &l->lane[i];
		a->first += a->n;
		if (a->series == NULL || a->first == a->series->length) {
			a->series = take(l);
			a->first = 0;
		}
		left = a->series->length - a->first;
		a->n = left < (uint32_t)l->window ? left : (uint32_t)l->window;
		a->held = hold_window(a->series, a->first, (uint32_t)l->window, l->hold,
		    l->seed);
	}
}

void
lanes_restart(struct lanes *l)
{
	memset(l->lane, 0, (size_t)l->count * sizeof *l->lane);
}
