#include "scale.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/emd.h"
#include "stats/sort.h"

/* The cut below class k + 1 of n sorted values: the least value with a share of at
 * least (k + 1) / 20 at or below it. */
static size_t
cut_at(size_t n, size_t k)
{
	return ((k + 1) * n + CUTS) / (CUTS + 1) - 1;
}

/* The lower median of the gaps between records that follow each other. */
static int64_t
median_gap(const struct side *s)
{
	size_t n = s->t->n - 1;
	int64_t *gap = xmalloc(size_mul(n + 1, sizeof *gap)), median;

	gap[0] = 0;
	for (size_t i = 0; i < n; i++)
		gap[i] = since(s->t->wide[COL_TIME][s->f.row[i + 1]],
		    s->t->wide[COL_TIME][s->f.row[i]]);
	sort_i64(gap, n);
	median = gap[n > 0 ? (n - 1) / 2 : 0];
	free(gap);
	return median;
}

/* Classes of the ports that have none of their own, by the quantiles of their records.
 */
static void
class_rare_ports(uint8_t *class, const uint32_t *count, size_t n_rare, int frequent)
{
	size_t seen = 0;
	int k = 0;

	for (size_t port = 0; port < PORTS; port++) {
		if (class[port] > 0)
			continue;
		/* a value equal to a cut belongs below it */
		while (k < CUTS && n_rare > 0 && seen > cut_at(n_rare, (size_t)k))
			k++;
		class[port] = (uint8_t)(frequent + 1 + k);
		seen += count[port];
	}
}

static uint8_t *
port_classes(const struct trace *t, enum col c)
{
	uint32_t *count = xcalloc(PORTS, sizeof *count);
	uint8_t *class = xcalloc(PORTS, 1);
	size_t n_rare = 0;
	int frequent = 0;

	for (size_t i = 0; i < t->n; i++)
		count[t->narrow[c][i]]++;
	for (size_t port = 0; port < PORTS; port++)
		if (count[port] > 0 && (uint64_t)count[port] * 100 >= t->n)
			class[port] = (uint8_t)++frequent;
		else
			n_rare += count[port];
	class_rare_ports(class, count, n_rare, frequent);
	free(count);
	return class;
}

void
scale_init(struct scale *sc, const struct side *real)
{
	memset(sc, 0, sizeof *sc);
	sc->bin_ns = real->span / RATE_BINS + 1;
	for (int w = 0; w < SAMPLE_MAX; w++) {
		int64_t *v;
		size_t n;

		if (!side_has(real, w))
			continue;
		v = side_sample(real, w, &n);
		if (n > 0) {
			sc->range[w] = (double)((uint64_t)v[n - 1] - (uint64_t)v[0]);
			sc->log_deviation[w] = log_deviation(v, n, sample_unit(w));
		}
		for (size_t k = 0; k < CUTS && n > 0; k++)
			sc->cut[w][k] = v[cut_at(n, k)];
		if (w == SAMPLE_IAT && n > 0)
			sc->flow_gap_ns = v[(n - 1) / 2];
		free(v);
	}
	sc->gap_ns = median_gap(real);
	sc->port_class[0] = port_classes(real->t, COL_SRC_PORT);
	sc->port_class[1] = port_classes(real->t, COL_DST_PORT);
}

void
scale_free(struct scale *sc)
{
	free(sc->port_class[0]);
	free(sc->port_class[1]);
}

int
scale_class(const struct scale *sc, enum sample which, int64_t v)
{
	int lo = 0, hi = CUTS;

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (sc->cut[which][mid] < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}
