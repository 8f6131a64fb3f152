#include "gate.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/schema.h"

static const char *
option(const struct gate *g)
{
	return g->is_max ? "--max" : "--min";
}

/* One NAME=VALUE of len bytes. */
static int
add_one(struct gates *g, const char *text, size_t len, bool is_max, struct ns_err *e)
{
	const char *eq = memchr(text, '=', len), *name = is_max ? "--max" : "--min";
	struct gate *new;
	char *end;

	if (eq == NULL)
		return ns_fail(e, NS_EUSAGE, "%s: '%.*s' is not NAME=VALUE", name,
		    (int)len, text);
	if (g->n == GATES_MAX)
		return ns_fail(e, NS_EUSAGE, "%s: more than %d limits", name,
		    GATES_MAX);
	new = &g->v[g->n];
	new->is_max = is_max;
	new->metric = metric_find(text, (size_t)(eq - text));
	if (new->metric < 0)
		return ns_fail(e, NS_EUSAGE, "%s: no metric '%.*s'", name,
		    (int)(eq - text), text);
	errno = 0;
	new->limit = strtod(eq + 1, &end);
	if (end == eq + 1 || end != text + len || errno != 0 || !isfinite(new->limit))
		return ns_fail(e, NS_EUSAGE, "%s: the limit in '%.*s' is not a number",
		    name, (int)len, text);
	g->n++;
	return NS_OK;
}

int
gates_add(struct gates *g, const char *text, bool is_max, struct ns_err *e)
{
	int rc;

	for (;;) {
		size_t len;

		text += strspn(text, " ");
		len = strcspn(text, ",");
		rc = add_one(g, text, len, is_max, e);

		if (rc < 0 || text[len] == '\0')
			return rc;
		text += len + 1;
	}
}

int
gates_check_selection(const struct gates *g, const struct selection *s, int kind,
    struct ns_err *e)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct metric *m = &metrics[g->v[i].metric];

		if (!(m->kinds & 1u << kind))
			return ns_fail(e, NS_EUSAGE,
			    "%s: %s traces have no metric '%s'", option(&g->v[i]),
			    nsr_kind_name(kind), m->name);
		if (!s->show[g->v[i].metric] && metric_needs(m->group) != NULL &&
		    !select_shows(s, m->group))
			return ns_fail(e, NS_EUSAGE, "%s: metric '%s' needs %s",
			    option(&g->v[i]), m->name, metric_needs(m->group));
		if (!s->show[g->v[i].metric])
			return ns_fail(e, NS_EUSAGE,
			    "%s: metric '%s' is left out by -m", option(&g->v[i]),
			    m->name);
	}
	return NS_OK;
}

static bool
holds(const struct gate *g, double value)
{
	return g->is_max ? value <= g->limit : value >= g->limit;
}

int
gates_check(const struct gates *g, const double *v, const char *trace, struct ns_err *e)
{
	const struct gate *first = NULL;
	char more[64] = "";
	size_t broken = 0;

	for (size_t i = 0; i < g->n; i++) {
		if (holds(&g->v[i], v[g->v[i].metric]))
			continue;
		if (broken++ == 0)
			first = &g->v[i];
	}
	if (first == NULL)
		return NS_OK;
	if (broken > 1)
		snprintf(more, sizeof more, ", and %zu more limit%s broken", broken - 1,
		    broken > 2 ? "s are" : " is");
	if (isnan(v[first->metric]))
		return ns_fail(e, NS_ENO,
		    "%s of '%s' is not defined, which breaks %s %.6g%s",
		    metrics[first->metric].name, trace, option(first), first->limit,
		    more);
	return ns_fail(e, NS_ENO, "%s of '%s' is %.6g, %s %s %.6g%s",
	    metrics[first->metric].name, trace, v[first->metric],
	    first->is_max ? "above" : "below", option(first), first->limit, more);
}
