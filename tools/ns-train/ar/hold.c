#include "ar/hold.h"

#include <stdlib.h>
#include <string.h>

#include "ar/streams.h"
#include "base/mem.h"

#define STEPS_MAX 4096 /* of series, of windows: all are judged in a moment */
#define LONG_WINDOWS 4 /* longer series are never held out as a whole */
#define GROUP_MAX 8    /* series that go together */
#define LONGS_LEAST 4
#define LONGS_SHARE 16 /* one more for so many that are held out */

static bool
is_long(const struct ar_series *s, uint32_t window)
{
	return s->length > LONG_WINDOWS * window;
}

/* ---- Connections ---- */

static bool
is_port(const char *name)
{
	return strncmp(name, "service", 7) == 0 || strncmp(name, "client", 6) == 0;
}

/* By the codes of both ports; FNV-1a. */
static uint64_t
connection(const struct ar *m, const struct ar_series *s, uint16_t *code)
{
	uint64_t h = 14695981039346656037u;
	int i;

	symbols_read(m->sym.sym, m->P, s->rec, code);
	for (i = 0; i < m->P; i++)
		if (is_port(m->schema->attr[m->sym.sym[i].field].name))
			h = (h ^ code[i]) * 1099511628211u;
	return h;
}

struct member {
	uint64_t of;
	size_t at;
};

static int
by_connection(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* A number for each series (n); those of one connection have the same. */
static uint64_t *
draw_numbers(const struct ar *m, const struct ar_series *s, size_t n, uint64_t seed)
{
	struct member *v = xcalloc(n + 1, sizeof *v);
	uint64_t *number = xcalloc(n + 1, sizeof *number);
	uint16_t *code = xcalloc((size_t)m->P + 1, sizeof *code);
	size_t i, end, k;
	struct rng r;

	for (i = 0; i < n; i++)
		v[i] = (struct member){connection(m, &s[i], code), i};
	qsort(v, n, sizeof *v, by_connection);
	rng_init(&r, seed, ar_stream(AR_HOLD, 0));
	for (i = 0; i < n; i = end) {
		for (end = i + 1; end < n && v[end].of == v[i].of;)
			end++;
		number[v[i].at] = rng_u64(&r);
		for (k = i + 1; k < end; k++)
			number[v[k].at] =
			    end - i <= GROUP_MAX ? number[v[i].at] : rng_u64(&r);
	}
	free(v);
	free(code);
	return number;
}

static bool
below(uint64_t number, double share)
{
	return (double)(number >> 11) * 0x1p-53 < share;
}

/* ---- Windows ---- */

bool
hold_window(const struct ar_series *s, uint32_t first, uint32_t window, double share,
    uint64_t seed)
{
	struct rng r;

	if (first == 0 || !is_long(s, window))
		return false;
	rng_init(&r, seed,
	    ar_stream(AR_HOLD_WINDOW, (uint64_t)s->number << 20 | first));
	return below(rng_u64(&r), share);
}

static void
hold_windows(struct held *h, const struct ar_series *s, uint32_t window, uint64_t seed)
{
	uint32_t first, left;

	for (first = window; first < s->length; first += window) {
		if (!hold_window(s, first, window, h->share, seed))
			continue;
		left = s->length - first;
		xgrow(&h->windows, &h->cap_windows, h->n_windows + 1,
		    sizeof *h->windows);
		h->windows[h->n_windows++] = (struct lane){.series = s,
		    .first = first,
		    .n = left < window ? left : window};
	}
}

static int
longest_first(const void *a, const void *b)
{
	const struct ar_series *x = a, *y = b;

	if (x->length != y->length)
		return x->length > y->length ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* So few that what is held out still decides. */
static void
keep_longest(struct held *h)
{
	size_t most = LONGS_LEAST + h->n_series / LONGS_SHARE;

	qsort(h->longs, h->n_longs, sizeof *h->longs, longest_first);
	if (h->n_longs > most)
		h->n_longs = most;
}

/* The share that is asked for, or what can be judged in a moment. */
static double
bounded(double share, uint64_t steps)
{
	return (double)steps * share > STEPS_MAX ? STEPS_MAX / (double)steps : share;
}

/* ---- All ---- */

void
hold_out(struct held *h, const struct ar *m, const struct ar_series *series, size_t n,
    uint64_t seed)
{
	uint64_t *number = draw_numbers(m, series, n, seed), steps[2] = {0, 0};
	uint32_t window = (uint32_t)m->cfg.window;
	double share;
	size_t i;

	memset(h, 0, sizeof *h);
	h->learnt = xcalloc(n + 1, sizeof *h->learnt);
	h->series = xcalloc(n + 1, sizeof *h->series);
	h->longs = xcalloc(n + 1, sizeof *h->longs);
	for (i = 0; i < n; i++)
		steps[is_long(&series[i], window)] += series[i].length;
	share = bounded(m->cfg.hold_out, steps[0]);
	h->share = bounded(m->cfg.hold_out, steps[1]);
	for (i = 0; i < n; i++) {
		if (below(number[i], share) && !is_long(&series[i], window))
			h->series[h->n_series++] = series[i];
		else
			h->learnt[h->n_learnt++] = series[i];
		if (is_long(&series[i], window))
			h->longs[h->n_longs++] = series[i];
	}
	keep_longest(h);
	if (h->n_learnt == 0) /* nothing judges what was not learnt */
		h->learnt[h->n_learnt++] = h->series[--h->n_series];
	for (i = 0; i < h->n_learnt; i++)
		hold_windows(h, &h->learnt[i], window, seed);
	free(number);
}

void
hold_free(struct held *h)
{
	free(h->learnt);
	free(h->series);
	free(h->longs);
	free(h->windows);
	memset(h, 0, sizeof *h);
}
