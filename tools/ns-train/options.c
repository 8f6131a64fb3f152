#include "options.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static const struct hyper *
find_hyper(const struct hypers *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->v[i].name, name) == 0)
			return &t->v[i];
	return NULL;
}

static struct option *
find_option(struct options *o, const char *name)
{
	size_t i;

	for (i = 0; i < o->n; i++)
		if (strcmp(o->v[i].h->name, name) == 0)
			return &o->v[i];
	return NULL;
}

static void
add_option(struct options *o, const struct hyper *h)
{
	struct option *p = find_option(o, h->name);
	char *c;

	if (p != NULL) {
		assert(p->h->is_int == h->is_int);
		return;
	}
	assert(o->n < OPTIONS_MAX);
	p = &o->v[o->n++];
	p->h = h;
	snprintf(p->name, sizeof p->name, "%s", h->name);
	while ((c = strchr(p->name, '_')) != NULL)
		*c = '-';
}

/* All kinds have it, with one default. */
static bool
is_common(const struct learner_ops *const *kinds, const struct hyper *h)
{
	const struct hyper *other;
	size_t i;

	for (i = 0; kinds[i] != NULL; i++) {
		other = find_hyper(kinds[i]->kind->hypers, h->name);
		if (other == NULL || other->def != h->def)
			return false;
	}
	return true;
}

/* "words [default]", or "words [kind default, kind default]". */
static void
describe(const struct learner_ops *const *kinds, struct option *p)
{
	const struct hyper *h;
	struct buf b = {0};
	size_t i;

	if (is_common(kinds, p->h)) {
		buf_printf(&b, ", %g", p->h->def);
	} else {
		for (i = 0; kinds[i] != NULL; i++) {
			h = find_hyper(kinds[i]->kind->hypers, p->h->name);
			if (h != NULL)
				buf_printf(&b, ", %s %g", kinds[i]->kind->name, h->def);
		}
	}
	snprintf(p->help, sizeof p->help, "%s [%s]", p->h->help, (const char *)b.p + 2);
	buf_free(&b);
}

size_t
options_list(struct options *o, const struct learner_ops *const *kinds,
    struct opt_def *defs)
{
	const struct hypers *t;
	struct option *p;
	size_t i, j;

	memset(o, 0, sizeof *o);
	for (i = 0; kinds[i] != NULL; i++) {
		t = kinds[i]->kind->hypers;
		for (j = 0; j < t->n; j++)
			add_option(o, &t->v[j]);
	}
	for (i = 0; i < o->n; i++) {
		p = &o->v[i];
		describe(kinds, p);
		defs[i] = (struct opt_def){.name = p->name,
		    .arg = "N",
		    .help = p->help,
		    .type = p->h->is_int ? OPT_INT : OPT_F64,
		    .var = p->h->is_int ? (void *)&p->i : (void *)&p->d,
		    .given = &p->given};
	}
	return o->n;
}

void
options_take(struct options *o, const char *name, double *v)
{
	struct option *p = find_option(o, name);

	if (p == NULL || !p->given)
		return;
	*v = p->h->is_int ? p->i : p->d;
	p->given = false;
}

int
options_config(const struct options *o, const struct model_kind *kind, void *cfg,
    bool *given, struct ns_err *e)
{
	const struct hypers *t = kind->hypers;
	const struct option *p;
	const struct hyper *h;
	size_t i;

	hypers_default(t, cfg);
	memset(given, 0, t->n * sizeof *given);
	for (i = 0; i < o->n; i++) {
		p = &o->v[i];
		if (!p->given)
			continue;
		h = find_hyper(t, p->h->name);
		if (h == NULL)
			return ns_fail(e, NS_EUSAGE,
			    "--%s is no option of a model of kind '%s'", p->name,
			    kind->name);
		hyper_set(h, cfg, h->is_int ? p->i : p->d);
		given[h - t->v] = true;
	}
	return hypers_check(t, cfg, e);
}
