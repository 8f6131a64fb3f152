/* netml_rows.c: one row of features a flow. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "netml.h"
#include "quantile.h"
#include "stats/sort.h"

#define SAMP_MAX 500 /* windows that a flow shows, and that a pause is worth */

/* One flow: n packets. */
struct view {
	const int64_t *at;
	const uint32_t *len;
	size_t n;
};

/* A row that is filled from the left; what does not fit is left out. */
struct row {
	float *v;
	size_t width, n;
};

static const char *const mode_names[NETML_MODES] = {
    [NETML_IAT] = "IAT",
    [NETML_SIZE] = "SIZE",
    [NETML_IAT_SIZE] = "IAT_SIZE",
    [NETML_STATS] = "STATS",
    [NETML_SAMP_NUM] = "SAMP_NUM",
    [NETML_SAMP_SIZE] = "SAMP_SIZE",
};

const char *
netml_mode_name(enum netml_mode m)
{
	return mode_names[m];
}

int
netml_width(enum netml_mode m, const struct netml_scale *sc)
{
	switch (m) {
	case NETML_SIZE:
		return sc->dim;
	case NETML_IAT_SIZE:
		return 2 * sc->dim - 1;
	case NETML_STATS:
		return 12;
	default:
		return sc->dim - 1;
	}
}

static void
push(struct row *r, double v)
{
	if (r->n < r->width)
		r->v[r->n] = (float)v;
	r->n++;
}

/* Nanoseconds from packet i to packet j. */
static double
between(const struct view *w, size_t i, size_t j)
{
	return (double)since(w->at[j], w->at[i]);
}

/* All but the last packet with the pause behind it, in the order asked for. */
static void
fill_packets(struct row *r, const struct view *w, bool iat, bool size)
{
	for (size_t i = 0; i + 1 < w->n && r->n < r->width; i++) {
		if (iat)
			push(r, between(w, i, i + 1) / 1e9);
		if (size)
			push(r, w->len[i]);
	}
	if (size)
		push(r, w->len[w->n - 1]);
}

/* The lengths of the flow, rising; to be freed. */
static int64_t *
sorted_lengths(const struct view *w)
{
	int64_t *v = xmalloc(size_mul(w->n, sizeof *v));

	for (size_t i = 0; i < w->n; i++)
		v[i] = w->len[i];
	sort_i64(v, w->n);
	return v;
}

static void
fill_stats(struct row *r, const struct view *w)
{
	int64_t *len = sorted_lengths(w);
	double n = (double)w->n, sum = 0, squares = 0;
	double s = between(w, 0, w->n - 1) / 1e9;

	for (size_t i = 0; i < w->n; i++)
		sum += (double)len[i];
	for (size_t i = 0; i < w->n; i++) {
		double d = (double)len[i] - sum / n;

		squares += d * d;
	}
	push(r, s);
	push(r, s > 0 ? n / s : 0);
	push(r, s > 0 ? sum / s : 0);
	push(r, sum / n);
	push(r, sqrt(squares / n));
	for (int q = 1; q <= 3; q++)
		push(r, quantile_sorted(len, w->n, q / 4.0));
	push(r, (double)len[0]);
	push(r, (double)len[w->n - 1]);
	push(r, n);
	push(r, sum);
	free(len);
}

/*
 * The sums of 1 or of the lengths over windows of time from the first packet.  A packet
 * on the edge belongs to the earlier window.  Empty windows are 0, SAMP_MAX at most for
 * one pause; a flow with more windows than SAMP_MAX ends there.
 */
static void
fill_windows(struct row *r, const struct view *w, double window, bool sizes)
{
	double start = 0, sum = sizes ? w->len[0] : 1;
	size_t shown = r->width;

	r->width = shown < SAMP_MAX ? shown : SAMP_MAX;
	for (size_t i = 1; i < w->n; i++) {
		double t = between(w, 0, i), add = sizes ? w->len[i] : 1, empty;

		if (t - start <= window) {
			sum += add;
			continue;
		}
		push(r, sum);
		start += window;
		empty = floor((t - start) / window);
		empty = empty < SAMP_MAX ? empty : SAMP_MAX;
		for (int k = 0; k < (int)empty; k++)
			push(r, 0);
		if (r->n > SAMP_MAX)
			return;
		start += empty * window;
		sum = add;
	}
	r->width = shown;
	push(r, sum);
}

static void
fill(struct row *r, const struct view *w, enum netml_mode m,
    const struct netml_scale *sc)
{
	switch (m) {
	case NETML_IAT:
		fill_packets(r, w, true, false);
		break;
	case NETML_SIZE:
		fill_packets(r, w, false, true);
		break;
	case NETML_IAT_SIZE:
		fill_packets(r, w, true, true);
		break;
	case NETML_STATS:
		fill_stats(r, w);
		break;
	default:
		fill_windows(r, w, sc->window_ns, m == NETML_SAMP_SIZE);
	}
}

float *
netml_features(const struct netml_flows *f, enum netml_mode m,
    const struct netml_scale *sc, const uint32_t *pick, size_t k)
{
	size_t d = (size_t)netml_width(m, sc);
	float *x = xcalloc(size_mul(k, d) + 1, sizeof *x);

	for (size_t i = 0; i < k; i++) {
		size_t first = f->first[pick[i]];
		struct view w = {f->at + first, f->len + first, f->size[pick[i]]};
		struct row r = {x + i * d, d, 0};

		assert(pick[i] < f->n);
		fill(&r, &w, m, sc);
	}
	return x;
}
