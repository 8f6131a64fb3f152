#include "figure.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool
is_file_name(const char *s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return *s != '\0' && *s != '-' && strspn(s, allowed) == strlen(s);
}

struct figure *
figure_add(struct figures *f, enum figure_kind kind, const char *name,
    const char *section, const char *title, const char *caption, const char *x_title,
    const char *y_title)
{
	struct figure *g;

	assert(is_file_name(name) && figures_find(f, name) == NULL);
	xgrow(&f->v, &f->cap, f->n + 1, sizeof *f->v);
	g = &f->v[f->n++];
	memset(g, 0, sizeof *g);
	g->name = xstrdup(name);
	g->section = xstrdup(section);
	g->title = xstrdup(title);
	g->caption = xstrdup(caption);
	g->x_title = xstrdup(x_title);
	g->y_title = xstrdup(y_title);
	g->kind = kind;
	g->y_min = g->y_max = NAN;
	return g;
}

struct figure *
figures_find(struct figures *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0)
			return &f->v[i];
	return NULL;
}

static void
texts_free(char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i]);
	free(v);
}

static char **
texts_copy(const char *const *v, size_t n)
{
	char **copy = xcalloc(n > 0 ? n : 1, sizeof *copy);

	for (size_t i = 0; i < n; i++)
		copy[i] = xstrdup(v[i]);
	return copy;
}

void
figure_categories(struct figure *f, const char *const *label, size_t n)
{
	texts_free(f->category, f->n_categories);
	f->category = texts_copy(label, n);
	f->n_categories = n;
}

void
figure_rows(struct figure *f, const char *const *label, size_t n)
{
	texts_free(f->row, f->n_rows);
	f->row = texts_copy(label, n);
	f->n_rows = n;
}

static double *
numbers_copy(const double *v, size_t n)
{
	double *copy = xmalloc(size_mul(n > 0 ? n : 1, sizeof *copy));

	if (n > 0)
		memcpy(copy, v, n * sizeof *copy);
	return copy;
}

static double *
counting(size_t n)
{
	double *v = xmalloc(size_mul(n > 0 ? n : 1, sizeof *v));

	for (size_t i = 0; i < n; i++)
		v[i] = (double)i;
	return v;
}

struct curve *
series_add(struct figure *f, const char *label, int role, const double *x,
    const double *y, size_t n, const double *dev)
{
	struct curve *s;

	assert(x != NULL || f->kind == FIGURE_HEAT || f->kind == FIGURE_BARS || n == 0);
	xgrow(&f->series, &f->cap, f->n + 1, sizeof *f->series);
	s = &f->series[f->n++];
	memset(s, 0, sizeof *s);
	s->label = xstrdup(label);
	s->role = role;
	s->n = n;
	s->y = numbers_copy(y, n);
	if (dev != NULL)
		s->dev = numbers_copy(dev, n);
	if (f->kind == FIGURE_HEAT)
		s->x = NULL;
	else
		s->x = x != NULL ? numbers_copy(x, n) : counting(n);
	return s;
}

static void
series_free(struct curve *s)
{
	free(s->label);
	free(s->x);
	free(s->y);
	free(s->dev);
}

static void
figure_free(struct figure *g)
{
	free(g->name);
	free(g->section);
	free(g->title);
	free(g->caption);
	free(g->x_title);
	free(g->y_title);
	texts_free(g->category, g->n_categories);
	texts_free(g->row, g->n_rows);
	for (size_t i = 0; i < g->n; i++)
		series_free(&g->series[i]);
	free(g->series);
}

void
figures_free(struct figures *f)
{
	for (size_t i = 0; i < f->n; i++)
		figure_free(&f->v[i]);
	free(f->v);
	memset(f, 0, sizeof *f);
}
