#include "adv/codes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static uint16_t *
matrix(size_t rows, int cols)
{
	return xcalloc(size_mul(rows, (size_t)cols) + 1, sizeof(uint16_t));
}

void
codes_init(struct codes *c, const struct ar *m, int lanes, int window)
{
	size_t n = (size_t)lanes;

	*c = (struct codes){.lanes = lanes, .window = window, .P = m->P, .M = m->M};
	c->chunk = matrix(n, 1);
	c->length = matrix(n, 1);
	c->first = matrix(n, 1);
	c->n = xcalloc(n + 1, sizeof *c->n);
	c->attr = matrix(n, m->P);
	c->step = matrix(size_mul(n, (size_t)window), m->M);
}

void
codes_free(struct codes *c)
{
	free(c->chunk);
	free(c->length);
	free(c->first);
	free(c->n);
	free(c->attr);
	free(c->step);
	memset(c, 0, sizeof *c);
}

void
codes_place(struct codes *c, int i, const struct lane *a)
{
	c->chunk[i] = a->series->chunk;
	c->length[i] = (uint16_t)length_code(a->series->length);
	c->first[i] = (uint16_t)place_code(a->first);
	c->n[i] = a->held ? 0 : (int)a->n;
}

void
codes_read(struct codes *c, const struct ar *m, int i, const struct lane *a)
{
	const struct tensor_schema *s = m->schema;
	const uint8_t *steps = a->series->rec + s->attr_bytes + 4;
	int t;

	codes_place(c, i, a);
	symbols_read(m->sym.sym, m->P, a->series->rec, codes_attr(c, i));
	for (t = 0; t < c->n[i]; t++)
		symbols_read(m->sym.sym + m->P, m->M,
		    steps + (a->first + (size_t)t) * s->feat_bytes,
		    codes_step(c, i, t));
}

/* "src_ip.0": the octets of a value have the field's name and a number. */
bool
codes_spell(const struct ar *m, int i)
{
	const struct symbol *y = &m->sym.sym[i];
	const char *dot =
	    strrchr(tensor_field_at(m->schema, (uint32_t)y->field)->name, '.');

	return dot != NULL && dot[1] >= '0' && dot[1] <= '9';
}
