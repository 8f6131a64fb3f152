/* cdf.c: cumulative distributions of sizes and times. */
#include <stdlib.h>

#include "base/mem.h"
#include "parts.h"
#include "stream/schema.h"

/* A plot shows no more steps than this. */
#define STEPS_MAX 400

static const struct {
	enum sample sample;
	unsigned kinds;
	const char *name, *section, *title, *caption, *x_title;
	double unit; /* of the axis */
	bool log_x;
} plots[] = {
    {SAMPLE_IP_LEN, 1u << NSR_PACKET, "cdf_length", "Sizes", "Packet length",
	"Share of packets at most so long. Steps are lengths that occur often.",
	"IP length, bytes", 1, false},
    {SAMPLE_BYTES, 1u << NSR_FLOW, "cdf_bytes", "Sizes", "Bytes of a flow record",
	"Share of flow records with at most so many bytes.", "bytes", 1, true},
    {SAMPLE_PKTS, 1u << NSR_FLOW, "cdf_packets", "Sizes", "Packets of a flow record",
	"Share of flow records with at most so many packets.", "packets", 1, true},
    {SAMPLE_DUR, 1u << NSR_FLOW, "cdf_duration", "Sizes", "Duration of a flow record",
	"Share of flow records that last at most so long.", "seconds", 1e-9, true},
    {SAMPLE_FLOW_SIZE, 1u << NSR_PACKET | 1u << NSR_FLOW, "cdf_flow_size",
	"Flows and time", "Flow size",
	"Share of flows (five-tuples) with at most so many records.", "records", 1,
	true},
    {SAMPLE_FLOW_BYTES, 1u << NSR_PACKET, "cdf_flow_bytes", "Flows and time",
	"Bytes of a flow", "Share of flows with at most so many bytes.", "bytes", 1,
	true},
    {SAMPLE_FLOW_DUR, 1u << NSR_PACKET | 1u << NSR_FLOW, "cdf_flow_duration",
	"Flows and time", "Flow duration",
	"Share of flows that last at most so long, first to last record.", "seconds",
	1e-9, true},
    {SAMPLE_IAT, 1u << NSR_PACKET | 1u << NSR_FLOW, "cdf_inter_arrival",
	"Flows and time", "Inter-arrival time",
	"Time between records that follow each other within a flow.", "seconds", 1e-9,
	true},
};

/* Add the cumulative shares of n sorted values, thinned where there are many. */
static void
add_steps(const struct brush *b, struct figure *f, const int64_t *v, size_t n,
    double unit)
{
	double *x = xmalloc(size_mul(n + 1, sizeof *x)), *y, last = -1;
	size_t k = 0;

	y = xmalloc(size_mul(n + 1, sizeof *y));
	for (size_t i = 0, j; i < n; i = j) {
		double share;

		for (j = i + 1; j < n && v[j] == v[i];)
			j++;
		share = (double)j / (double)n;
		/* a step too small to be seen waits for the next */
		if (share - last < 1. / STEPS_MAX && j < n && i > 0)
			continue;
		x[k] = (double)v[i] * unit;
		y[k++] = last = share;
	}
	series_add(f, b->label, b->role, x, y, k, NULL);
	free(x);
	free(y);
}

void
draw_distributions(const struct brush *b)
{
	for (size_t i = 0; i < LEN(plots); i++) {
		struct figure *f;
		int64_t *v;
		size_t n;

		if (!(plots[i].kinds & 1u << b->s->t->kind))
			continue;
		v = side_sample(b->s, plots[i].sample, &n);
		/* without flows of two records there are no times between */
		if (n == 0 && figures_find(b->f, plots[i].name) == NULL) {
			free(v);
			continue;
		}
		f = brush_figure(b, FIGURE_STEPS, plots[i].name, plots[i].section,
		    plots[i].title, plots[i].caption, plots[i].x_title,
		    "share at or below");
		f->log_x = plots[i].log_x;
		f->y_min = 0;
		f->y_max = 1;
		add_steps(b, f, v, n, plots[i].unit);
		free(v);
	}
}
