#include "private/guard.h"

#include <stdlib.h>
#include <string.h>

#include "private/units.h"

static int
mark_number(const struct carry *c, const char *key, int *v, struct ns_err *e)
{
	const char *text = carry_get(c, key);
	char *end;
	long n;

	if (text == NULL)
		return ns_fail(e, NS_ECORRUPT, "%s is missing", key);
	n = strtol(text, &end, 10);
	if (*text == '\0' || *end != '\0' || n < 1 || n > 1 << 20)
		return ns_fail(e, NS_ECORRUPT, "%s is '%s'", key, text);
	*v = (int)n;
	return NS_OK;
}

int
guard_alike(const struct carry *first, const struct carry *c, const char *name,
    struct ns_err *e)
{
	static const struct {
		const char *key, *by;
	} mark[] = {{"privacy.unit", "ns-chunk --unit"},
	    {"privacy.max_series", "ns-chunk --max-series-per-unit"},
	    {"privacy.max_chunks", "ns-chunk --max-chunks-per-unit"},
	    {"privacy.max_steps", "ns-chunk --max-steps"},
	    {"privacy.codec", "ns-encode -P"}};
	const char *all, *one;
	size_t i;

	for (i = 0; i < LEN(mark); i++) {
		all = carry_get(first, mark[i].key);
		one = carry_get(c, mark[i].key);
		if (strcmp(all != NULL ? all : "", one != NULL ? one : "") != 0)
			return ns_fail(e, NS_EUSAGE,
			    "'%s': chunk %d has %s %s, the others have %s: make all by "
			    "the same %s",
			    name, c->index, mark[i].key, one != NULL ? one : "none",
			    all != NULL ? all : "none", mark[i].by);
	}
	return NS_OK;
}

int
guard_input(struct guard_marks *m, const struct feed *f, struct ns_err *e)
{
	const struct carry *c = &f->chunk[0].carry;
	const char *codec = carry_get(c, "privacy.codec");
	size_t i;
	int rc;

	m->unit = carry_get(c, "privacy.unit");
	if (m->unit == NULL || !f->schema.has_unit)
		return ns_fail(e, NS_EUSAGE,
		    "private training needs units: make the series by "
		    "ns-chunk --unit flow (or src_ip)");
	if (codec == NULL ||
	    (strcmp(codec, "constants") != 0 && strcmp(codec, "public") != 0))
		return ns_fail(e, NS_EUSAGE,
		    "the codec was fitted to the data, and would tell of it: encode by "
		    "ns-encode -P, by constants or by a public codec");
	for (i = 0; i < f->n_chunks; i++)
		if (carry_get(&f->chunk[i].carry, "privacy.public") != NULL)
			return ns_fail(e, NS_EUSAGE,
			    "the trace was declared public, and its codec is its own: "
			    "encode it by ns-encode -P, or train with --public");
	if ((rc = mark_number(c, "privacy.max_series", &m->max_series, e)) < 0 ||
	    (rc = mark_number(c, "privacy.max_chunks", &m->max_chunks, e)) < 0)
		return rc;
	return units_bounded(f, m->max_series, m->max_chunks, e);
}

int
guard_warm(const struct carry *c, const char *name, struct ns_err *e)
{
	const char *mark = carry_get(c, "privacy.public");

	if (mark == NULL || strcmp(mark, "yes") != 0)
		return ns_fail(e, NS_EUSAGE,
		    "'%s' was not trained with --public: what it learnt of its data "
		    "would be given away without being accounted for",
		    name);
	return NS_OK;
}

int
guard_options(const struct run_options *o, struct ns_err *e)
{
	const struct privacy_options *p = &o->privacy;

	if (p->is_public)
		return ns_fail(e, NS_EUSAGE,
		    "--public declares data that nobody needs to be protected in: "
		    "not with --epsilon or --sigma");
	if (o->ops->releases == NULL)
		return ns_fail(e, NS_EUSAGE,
		    "kind '%s' cannot be learnt privately: series that are held out "
		    "choose its weights, and no noise covers that",
		    o->ops->kind->name);
	if (o->budget_ns > 0)
		return ns_fail(e, NS_EUSAGE,
		    "-T: how many steps fit into a time depends on the data; say "
		    "--steps");
	if (o->epochs > 0)
		return ns_fail(e, NS_EUSAGE,
		    "-e: how many steps an epoch has tells how many series there are; "
		    "say --steps");
	if (o->seed_given && !p->insecure)
		return ns_fail(e, NS_EUSAGE,
		    "-s: noise that can be made again protects nothing; "
		    "--insecure-test allows it, and says so in the model");
	return NS_OK;
}

int
guard_config(const struct run_options *o, struct ns_err *e)
{
	const char *why =
	    o->ops->unprivate != NULL ? o->ops->unprivate(o->config, o->given) : NULL;

	return why == NULL ? NS_OK
			   : ns_fail(e, NS_EUSAGE, "not in private training: %s", why);
}
