#include "adv/sight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "nn/gemm.h"

/* ---- Layout ---- */

struct place {
	real *block;
	struct params *list;
	const char *name;
	size_t off;
};

static real *
lay(struct place *p, const char *what, int i, int rows, int cols)
{
	real *at = p->block != NULL ? p->block + p->off : NULL;
	char name[PARAM_NAME];

	if (i >= 0)
		snprintf(name, sizeof name, "%s.%s.%d", p->name, what, i);
	else
		snprintf(name, sizeof name, "%s.%s", p->name, what);
	if (p->list != NULL)
		params_add(p->list, name, rows, cols);
	p->off += size_mul((size_t)rows, (size_t)cols);
	return at;
}

size_t
sight_layout(struct sight *s, const struct ar *m, bool steps, real *block,
    struct params *list, const char *name)
{
	struct place p = {block, list, name, 0};
	int n = steps ? m->P + m->M : m->P, i;

	*s = (struct sight){.m = m, .steps = steps};
	s->table = xcalloc((size_t)n + 1, sizeof *s->table);
	s->chunk = lay(&p, "chunk", -1, m->chunks, CHUNK_E);
	s->length = lay(&p, "length", -1, LENGTH_CODES, LENGTH_E);
	if (steps)
		s->first = lay(&p, "first", -1, PLACE_CODES, PLACE_E);
	for (i = 0; i < n; i++)
		if (!codes_spell(m, i))
			s->table[i] =
			    lay(&p, "embed", i, m->sym.sym[i].k, m->sym.sym[i].e);
	s->attr = CHUNK_E + LENGTH_E + (steps ? PLACE_E : 0) + m->sym.attr_width;
	s->block = steps ? m->R : 0;
	return p.off;
}

void
sight_free(struct sight *s)
{
	free(s->table);
	memset(s, 0, sizeof *s);
}

static void
unit_rows(real *w, int rows, int e, struct rng *r)
{
	double sum;
	int i, j;

	for (i = 0; i < rows; i++, w += e) {
		for (sum = 0, j = 0; j < e; j++) {
			w[j] = (real)rng_normal(r);
			sum += (double)w[j] * (double)w[j];
		}
		for (j = 0; j < e; j++)
			w[j] /= (real)sqrt(sum + 1e-12);
	}
}

void
sight_init(const struct sight *s, struct rng *r)
{
	const struct ar *m = s->m;
	int n = s->steps ? m->P + m->M : m->P, i;

	unit_rows(s->chunk, m->chunks, CHUNK_E, r);
	unit_rows(s->length, LENGTH_CODES, LENGTH_E, r);
	if (s->steps)
		unit_rows(s->first, PLACE_CODES, PLACE_E, r);
	for (i = 0; i < n; i++)
		if (s->table[i] != NULL)
			unit_rows(s->table[i], m->sym.sym[i].k, m->sym.sym[i].e, r);
}

/* ---- Rows ---- */

/* The embedding of a code, and back; all a row is made of, in its order. */
typedef void one_code(real *x, real *table, int e);

static void
take(real *x, real *table, int e)
{
	memcpy(x, table, (size_t)e * sizeof *x);
}

static void
give(real *x, real *table, int e)
{
	int j;

	for (j = 0; j < e; j++)
		table[j] += x[j];
}

static real *
entry(real *table, uint16_t code, int e)
{
	return table + (size_t)code * (size_t)e;
}

/* Symbols first .. end - 1 of a row, their codes and embeddings behind one another. */
static void
walk_codes(const struct sight *s, int first, int end, const uint16_t *code, real *x,
    one_code *f)
{
	const struct symbol *y = s->m->sym.sym;
	int i;

	for (i = first; i < end; i++)
		if (s->table[i] != NULL)
			f(x + y[i].x, entry(s->table[i], code[i - first], y[i].e),
			    y[i].e);
}

static void
walk_row(const struct sight *s, const struct codes *c, int i, real *x, one_code *f)
{
	const struct ar *m = s->m;
	int t;

	f(x, entry(s->chunk, c->chunk[i], CHUNK_E), CHUNK_E);
	f(x += CHUNK_E, entry(s->length, c->length[i], LENGTH_E), LENGTH_E);
	x += LENGTH_E;
	if (s->steps) {
		f(x, entry(s->first, c->first[i], PLACE_E), PLACE_E);
		x += PLACE_E;
	}
	walk_codes(s, 0, m->P, codes_attr(c, i), x, f);
	x += m->sym.attr_width + s->gap;
	for (t = 0; s->steps && t < c->n[i]; t++, x += m->R)
		walk_codes(s, m->P, m->P + m->M, codes_step(c, i, t), x, f);
}

void
sight_row(const struct sight *s, const struct codes *c, int i, real *x)
{
	walk_row(s, c, i, x, take);
}

void
sight_row_backward(const struct sight *grad, const struct codes *c, int i, real *dx)
{
	walk_row(grad, c, i, dx, give);
}

/* ---- To the codes ---- */

static int
column(const struct sight *s, int i, int at)
{
	const struct symbol *y = &s->m->sym.sym[i];

	return i < s->m->P ? s->attr - s->m->sym.attr_width + y->x
			   : s->attr + s->gap + at * s->block + y->x;
}

void
sight_codes(const struct sight *s, int i, int at, const real *const *x, int n, real *d,
    real *scratch)
{
	const struct symbol *y = &s->m->sym.sym[i];
	int col = column(s, i, at), r;

	if (s->table[i] == NULL)
		return;
	for (r = 0; r < n; r++)
		memcpy(scratch + (long)r * y->e, x[r] + col,
		    (size_t)y->e * sizeof *scratch);
	gemm_nt(NULL, n, y->k, y->e, scratch, y->e, s->table[i], y->e, 1, d, y->k);
}
