#include "model/hyper.h"

#include <stdio.h>
#include <string.h>

double
hyper_value(const struct hyper *h, const void *cfg)
{
	const char *p = (const char *)cfg + h->offset;

	return h->is_int ? *(const int *)(const void *)p
			 : *(const double *)(const void *)p;
}

void
hyper_set(const struct hyper *h, void *cfg, double v)
{
	char *p = (char *)cfg + h->offset;

	if (h->is_int)
		*(int *)(void *)p = (int)v;
	else
		*(double *)(void *)p = v;
}

size_t
hyper_place(const struct hypers *t, const char *name)
{
	size_t i = 0;

	while (strcmp(t->v[i].name, name) != 0)
		i++;
	return i;
}

void
hyper_suggest(const struct hypers *t, void *cfg, const bool *given, const char *name,
    double v)
{
	size_t i = hyper_place(t, name);

	if (!given[i])
		hyper_set(&t->v[i], cfg, v);
}

void
hypers_default(const struct hypers *t, void *cfg)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		hyper_set(&t->v[i], cfg, t->v[i].def);
}

int
hypers_check(const struct hypers *t, const void *cfg, struct ns_err *e)
{
	const struct hyper *h;
	size_t i;
	double v;

	for (i = 0; i < t->n; i++) {
		h = &t->v[i];
		v = hyper_value(h, cfg);
		if (!(v >= h->min && v <= h->max))
			return ns_fail(e, NS_EUSAGE, "%s is %g, must be %g to %g",
			    h->name, v, h->min, h->max);
	}
	return NS_OK;
}

const char *
hypers_same_shape(const struct hypers *t, const void *a, const void *b)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (!t->v[i].is_shape)
			continue;
		if (hyper_value(&t->v[i], a) != hyper_value(&t->v[i], b))
			return t->v[i].name;
	}
	return NULL;
}

void
hypers_text(const struct hypers *t, const void *cfg, struct buf *b)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		buf_printf(b, "%s=%.17g\n", t->v[i].name, hyper_value(&t->v[i], cfg));
}

int
hypers_put(const struct hypers *t, const void *cfg, struct nsr_writer *w,
    struct ns_err *e)
{
	char key[64];
	size_t i;
	int rc;

	for (i = 0; i < t->n; i++) {
		snprintf(key, sizeof key, "model.%s", t->v[i].name);
		rc = nsr_put_meta(w, e, key, "%.15g", hyper_value(&t->v[i], cfg));
		if (rc < 0)
			return rc;
	}
	return NS_OK;
}

int
hypers_get(const struct hypers *t, void *cfg, const struct nsr_reader *r,
    struct ns_err *e)
{
	const struct hyper *h;
	char key[64];
	double v;
	size_t i;
	int rc;

	for (i = 0; i < t->n; i++) {
		h = &t->v[i];
		snprintf(key, sizeof key, "model.%s", h->name);
		rc = nsr_meta_f64(r, key, &v, e);
		if (rc < 0)
			return rc;
		if (!(v >= h->min && v <= h->max) || (h->is_int && v != (double)(int)v))
			return ns_fail(e, NS_ECORRUPT, "%s: %s is %g, must be %g to %g",
			    nsr_name(r), key, v, h->min, h->max);
		hyper_set(h, cfg, v);
	}
	return NS_OK;
}
