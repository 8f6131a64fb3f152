/* netml.c: flows as NetML cuts them, and the scale that comes of the reference's. */
#include "netml.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "quantile.h"
#include "stats/sort.h"
#include "stream/schema.h"

#define IDLE_NS 600e9
#define Q_INTERVAL 0.9
#define Q_WINDOW 0.3

static bool
counts(const struct trace *t, size_t i)
{
	uint32_t proto = t->narrow[COL_PROTO][i];

	return (proto == PROTO_TCP || proto == PROTO_UDP) &&
	    t->narrow[COL_FRAG_OFF][i] == 0;
}

/* Where the packets of each five-tuple end in an array of them one by one: (flows of
 * the side) numbers, each at first the place where they begin. */
static size_t *
places(const struct side *s)
{
	size_t *at = xcalloc(s->f.n, sizeof *at), sum = 0;

	for (size_t i = 0; i < s->t->n; i++)
		if (counts(s->t, i))
			at[s->f.id[i]]++;
	for (size_t k = 0; k < s->f.n; k++) {
		size_t size = at[k];

		at[k] = sum;
		sum += size;
	}
	return at;
}

/* The packets by five-tuple and time.  Returns where those of each one end. */
static size_t *
gather(struct netml_flows *f, const struct side *s)
{
	const struct trace *t = s->t;
	size_t *end = places(s);

	f->at = xmalloc(size_mul(t->n, sizeof *f->at));
	f->len = xmalloc(size_mul(t->n, sizeof *f->len));
	for (size_t r = 0; r < t->n; r++) {
		size_t i = s->f.row[r], to;

		if (!counts(t, i))
			continue;
		to = end[s->f.id[i]]++;
		f->at[to] = t->wide[COL_TIME][i];
		f->len[to] = t->narrow[COL_IP_LEN][i];
	}
	/* a flow takes two packets */
	f->first = xmalloc(size_mul(t->n / 2 + 1, sizeof *f->first));
	f->size = xmalloc(size_mul(t->n / 2 + 1, sizeof *f->size));
	return end;
}

static void
put(struct netml_flows *f, size_t first, size_t end)
{
	if (end - first < 2)
		return;
	f->first[f->n] = first;
	f->size[f->n++] = end - first;
}

/* The last point before t of a grid from start in steps of pause. */
static double
on_grid(double start, double t, double pause)
{
	return pause > 0 ? start + floor((t - start) / pause) * pause : t;
}

/* Cut the packets first .. end - 1 behind each longer pause. */
static void
cut_range(struct netml_flows *f, size_t first, size_t end, double pause, bool grid)
{
	double start = 0, last = 0; /* since the first packet, as is t */
	size_t from = first;

	for (size_t i = first + 1; i < end; i++) {
		double t = (double)since(f->at[i], f->at[first]);

		if (t - last <= pause) {
			last = t;
			continue;
		}
		put(f, from, i);
		from = i;
		start = on_grid(start, t, pause);
		last = grid ? start : t;
	}
	put(f, from, end);
}

/* The flows as the idle timeout leaves them. */
static void
cut_idle(struct netml_flows *f, const struct side *s)
{
	size_t *end, from = 0;

	memset(f, 0, sizeof *f);
	if (s->t->kind != NSR_PACKET)
		return;
	end = gather(f, s);
	for (size_t k = 0; k < s->f.n; k++) {
		if (end[k] > from)
			cut_range(f, from, end[k], IDLE_NS, false);
		from = end[k];
	}
	free(end);
}

/* Cut every flow again by pauses longer than the interval. */
static void
cut_interval(struct netml_flows *f, double interval_ns)
{
	size_t n = f->n, *first = f->first, *size = f->size;
	size_t packets = n > 0 ? first[n - 1] + size[n - 1] : 0;

	f->n = 0;
	f->first = xmalloc(size_mul(packets / 2 + 1, sizeof *f->first));
	f->size = xmalloc(size_mul(packets / 2 + 1, sizeof *f->size));
	for (size_t k = 0; k < n; k++)
		cut_range(f, first[k], first[k] + size[k], interval_ns, true);
	free(first);
	free(size);
}

/* Sorted; of n flows, to be freed. */
static int64_t *
durations(const struct netml_flows *f)
{
	int64_t *d = xmalloc(size_mul(f->n + 1, sizeof *d));

	for (size_t k = 0; k < f->n; k++)
		d[k] = since(f->at[f->first[k] + f->size[k] - 1], f->at[f->first[k]]);
	sort_i64(d, f->n);
	return d;
}

static double
duration_quantile(const struct netml_flows *f, double q)
{
	int64_t *d = durations(f);
	double v = quantile_sorted(d, f->n, q);

	free(d);
	return v;
}

static double
window_of(const struct netml_flows *f)
{
	int64_t *d = durations(f);
	double v = quantile_sorted(d, f->n, Q_WINDOW);

	for (size_t k = 0; v <= 0 && k < f->n; k++)
		v = (double)d[k];
	free(d);
	return v > 0 ? v : 1e9;
}

static int
dim_of(const struct netml_flows *f)
{
	int64_t *size = xmalloc(size_mul(f->n, sizeof *size));
	double q;

	for (size_t k = 0; k < f->n; k++)
		size[k] = (int64_t)f->size[k];
	sort_i64(size, f->n);
	q = quantile_sorted(size, f->n, Q_INTERVAL);
	free(size);
	return q < NETML_DIM_MAX ? (int)q : NETML_DIM_MAX;
}

bool
netml_scale_of(struct netml_scale *sc, const struct side *ref)
{
	struct netml_flows f;
	bool some;

	cut_idle(&f, ref);
	some = f.n > 0;
	if (some) {
		sc->interval_ns = duration_quantile(&f, Q_INTERVAL);
		/* leaves some: those that last no longer than the interval */
		cut_interval(&f, sc->interval_ns);
		assert(f.n > 0);
		sc->window_ns = window_of(&f);
		sc->dim = dim_of(&f);
	}
	netml_free(&f);
	return some;
}

void
netml_cut(struct netml_flows *f, const struct side *s, const struct netml_scale *sc)
{
	cut_idle(f, s);
	cut_interval(f, sc->interval_ns);
}

void
netml_free(struct netml_flows *f)
{
	free(f->first);
	free(f->size);
	free(f->at);
	free(f->len);
}
