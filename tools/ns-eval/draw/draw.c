#include "draw.h"

#include "base/mem.h"
#include "parts.h"

/* Which family is drawn for which group of metrics. */
static const struct {
	enum group group;
	draw_fn *fn;
} families[] = {
    {GROUP_FIELDS, draw_distributions},
    {GROUP_FIELDS, draw_shares},
    {GROUP_FLOW, draw_rates},
    {GROUP_JOINT, draw_heat_maps},
    {GROUP_TELEMETRY, draw_telemetry},
    {GROUP_ANOMALY, draw_anomaly},
    {GROUP_BOTNET, draw_botnet},
    {GROUP_LEAKAGE, draw_leakage},
};

static void
draw_side(struct report *r, const struct pair *p, struct side *s, const char *label,
    int role)
{
	struct brush b = {&r->figures, p, s, label, role};

	for (size_t i = 0; i < LEN(families); i++)
		if (select_shows(&r->show, families[i].group))
			families[i].fn(&b);
}

void
draw_reference(struct report *r, const struct pair *p)
{
	draw_side(r, p, p->ref, p->held_out ? "real (held out)" : "real", ROLE_REAL);
}

void
draw_candidate(struct report *r, const struct pair *p, struct side *cand,
    const char *label, int role)
{
	draw_side(r, p, cand, label, role);
}

struct figure *
brush_figure(const struct brush *b, enum figure_kind kind, const char *name,
    const char *section, const char *title, const char *caption, const char *x_title,
    const char *y_title)
{
	struct figure *f = figures_find(b->f, name);

	if (f == NULL)
		f = figure_add(b->f, kind, name, section, title, caption, x_title,
		    y_title);
	return f;
}
