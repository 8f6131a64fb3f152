/* curves.c: heavy hitters and what a Count-Min sketch makes of them. */
#include <stdlib.h>

#include "base/mem.h"
#include "parts.h"
#include "task/telemetry.h"

/* A curve of heavy hitters has a point where the number of keys grows so much. */
#define POINTS_MAX 200
#define GROWTH 1.05

static const struct {
	const char *curve, *curve_title, *heavy, *heavy_title;
} keys[SKETCH_KEYS] = {
    [BY_DST] = {"countmin_dst", "Count-Min error by destination address", "heavy_dst",
	"Heavy hitters by destination address"},
    [BY_SRC] = {"countmin_src", "Count-Min error by source address", "heavy_src",
	"Heavy hitters by source address"},
    [BY_TUPLE] = {"countmin_tuple", "Count-Min error by five-tuple", "heavy_tuple",
	"Heavy hitters by five-tuple"},
};

static void
draw_count_min(const struct brush *b, int key, const struct telemetry *t)
{
	struct figure *f = brush_figure(b, FIGURE_LINES, keys[key].curve, "Telemetry",
	    keys[key].curve_title,
	    "How many of the top tenth of keys the sketch gets wrong, by its width as "
	    "a "
	    "share of the number of keys.",
	    "width / keys", "error, %");
	double x[CURVE_POINTS];

	for (int i = 0; i < CURVE_POINTS; i++)
		x[i] = (i + 1) / 10.;
	f->y_min = 0;
	series_add(f, b->label, b->role, x, t->curve[key], CURVE_POINTS, NULL);
}

static void
draw_heavy(const struct brush *b, int key)
{
	struct figure *f = brush_figure(b, FIGURE_LINES, keys[key].heavy, "Telemetry",
	    keys[key].heavy_title,
	    "The share of all packets that the most frequent keys carry together.",
	    "most frequent keys", "share of packets");
	double x[POINTS_MAX], y[POINTS_MAX], sum = 0, total = 0, next = 1;
	size_t n, k = 0;
	uint64_t *count = telemetry_counts(b->s, (enum sketch_key)key, &n);

	for (size_t i = 0; i < n; i++)
		total += (double)count[i];
	for (size_t i = 0; i < n; i++) {
		sum += (double)count[i];
		if ((double)(i + 1) < next && i + 1 < n)
			continue;
		if (k == POINTS_MAX)
			break;
		x[k] = (double)(i + 1);
		y[k++] = sum / total;
		next = (double)(i + 1) * GROWTH;
	}
	f->log_x = true;
	f->y_min = 0;
	f->y_max = 1;
	series_add(f, b->label, b->role, x, y, k, NULL);
	free(count);
}

void
draw_telemetry(const struct brush *b)
{
	const struct telemetry *t = telemetry_of(b->p, b->s);

	const struct telemetry *ref = telemetry_of(b->p, b->p->ref);

	for (int key = 0; key < SKETCH_KEYS; key++)
		if (ref->keys[key] >= SKETCH_KEYS_MIN)
			draw_count_min(b, key, t);
	for (int key = 0; key < SKETCH_KEYS; key++)
		if (ref->keys[key] >= SKETCH_KEYS_MIN)
			draw_heavy(b, key);
}
