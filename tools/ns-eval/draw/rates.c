/* rates.c: how traffic comes over time. */
#include <stdlib.h>

#include "base/mem.h"
#include "fidelity/rate.h"
#include "parts.h"

static void
draw_rate(const struct brush *b, bool new_flows, const char *name, const char *title,
    const char *caption)
{
	struct figure *f = brush_figure(b, FIGURE_LINES, name, "Flows and time", title,
	    caption, "seconds since the first record",
	    new_flows ? "flows a second" : "records a second");
	uint64_t bin = b->p->scale->bin_ns;
	double *x, *y, width = (double)bin * 1e-9;
	int64_t *count;
	size_t n;

	count = rate_bins(b->s, new_flows, bin, &n);
	x = xmalloc(size_mul(n, sizeof *x));
	y = xmalloc(size_mul(n, sizeof *y));
	for (size_t i = 0; i < n; i++) {
		x[i] = ((double)i + .5) * width;
		y[i] = (double)count[i] / width;
	}
	f->y_min = 0;
	series_add(f, b->label, b->role, x, y, n, NULL);
	free(x);
	free(y);
	free(count);
}

void
draw_rates(const struct brush *b)
{
	draw_rate(b, false, "rate_records", "Rate over time",
	    "Records a second in 100 equal spans of the real trace.");
	draw_rate(b, true, "rate_flows", "New flows over time",
	    "First records of flows a second, in the same spans.");
}
