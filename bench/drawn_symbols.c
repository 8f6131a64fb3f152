#include <stdlib.h>
#include <string.h>

#include "drawn.h"

static void
read_attributes(const struct drawn *d, size_t i, uint16_t *attr)
{
	const struct ar *m = d->model.net;

	symbols_read(m->sym.sym, m->P, d->bytes.p + d->series[i].at, attr);
}

/* Rows of products come in batches. */
static void
add_layer(struct products *q, long n, int out, int in)
{
	for (; n > 0; n -= BATCH)
		products_needed(q, NT, n < BATCH ? n : BATCH, out, in, 1);
}

/* ---- Attributes ---- */

/* A series' code of its length, then those of its attributes. */
struct key {
	uint8_t *code; /* (n), all are below 256 */
	size_t n;
};

static int
by_codes(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	return memcmp(x->code, y->code, x->n);
}

static struct key *
sorted_keys(const struct drawn *d)
{
	const struct ar *m = d->model.net;
	struct key *key = xcalloc(d->n + 1, sizeof *key);
	uint16_t *attr = xcalloc((size_t)m->P + 1, sizeof *attr);
	size_t r;
	int i;

	for (r = 0; r < d->n; r++) {
		key[r].n = (size_t)m->P + 1;
		key[r].code = xmalloc(key[r].n);
		read_attributes(d, r, attr);
		key[r].code[0] = (uint8_t)length_code(d->series[r].rows);
		for (i = 0; i < m->P; i++)
			key[r].code[1 + i] = (uint8_t)attr[i];
	}
	qsort(key, d->n, sizeof *key, by_codes);
	free(attr);
	return key;
}

/* Does attribute i have a choice behind these?  attr (P) is overwritten. */
static int
has_choice(const struct ar *m, int i, const struct key *k, uint16_t *attr)
{
	uint8_t allow[CHOICE_SET];
	uint16_t only;
	int j;

	for (j = 0; j < i; j++)
		attr[j] = k->code[1 + j];
	return symbols_allow(&m->sym, i, attr, NULL, false, allow, &only) != 1;
}

static void
add_attributes(struct products *q, const struct drawn *d)
{
	const struct ar *m = d->model.net;
	uint16_t *attr = xcalloc((size_t)m->P + 1, sizeof *attr);
	struct key *key = sorted_keys(d);
	const struct ar_pick *p;
	long n;
	size_t r;
	int i;

	for (i = 0; i < m->P; i++) {
		for (n = 0, r = 0; r < d->n; r++)
			if (r == 0 ||
			    memcmp(key[r].code, key[r - 1].code, (size_t)i + 1) != 0)
				n += has_choice(m, i, &key[r], attr);
		p = &m->net.pick[i];
		add_layer(q, n, p->l1.out, p->l1.in);
		add_layer(q, n, p->l2.out, p->l2.in);
		add_layer(q, n, p->out.out, p->out.in);
	}
	for (r = 0; r < d->n; r++)
		free(key[r].code);
	free(key);
	free(attr);
}

/* ---- Steps ---- */

static int
longest_first(const void *a, const void *b)
{
	const struct drawn_series *x = a, *y = b;

	if (x->rows != y->rows)
		return x->rows > y->rows ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* open[j]: symbols j of step at of series i that have a choice are counted. */
static void
count_choices(const struct drawn *d, size_t i, uint32_t at, const uint16_t *attr,
    uint16_t *code, int *open)
{
	const struct ar *m = d->model.net;
	const struct tensor_schema *s = &d->model.schema;
	uint8_t allow[CHOICE_SET];
	uint16_t only;
	int j;

	symbols_read(m->sym.sym + m->P, m->M,
	    d->bytes.p + d->series[i].at + s->attr_bytes + 4 + at * s->feat_bytes,
	    code);
	for (j = 0; j < m->M; j++)
		open[j] += symbols_allow(&m->sym, m->P + j, attr, code, at > 0, allow,
			       &only) != 1;
}

static void
add_step(struct products *q, const struct ar *m, int live, const int *open)
{
	int j;

	products_needed(q, NT, live, 4 * m->H, m->X, 1);
	products_needed(q, NT, live, 4 * m->H, m->H, 1);
	products_needed(q, NT, live, m->M * m->U, m->H, 1);
	for (j = 0; j < m->M; j++) {
		products_needed(q, NT, open[j], m->U, m->sym.sym[m->P + j].x, 1);
		products_needed(q, NT, open[j], m->net.head[j].out, m->U, 1);
	}
}

/* The steps of n series, longest first. */
static void
add_batch(struct products *q, const struct drawn *d, size_t first, size_t n)
{
	const struct ar *m = d->model.net;
	uint16_t *attr = xcalloc(n, ((size_t)m->P + 1) * sizeof *attr);
	uint16_t *code = xcalloc((size_t)m->M + 1, sizeof *code);
	int *open = xcalloc((size_t)m->M + 1, sizeof *open);
	size_t live = n, i;
	uint32_t at;

	for (i = 0; i < n; i++)
		read_attributes(d, first + i, attr + i * (size_t)m->P);
	for (at = 0; at < d->series[first].rows; at++) {
		while (d->series[first + live - 1].rows <= at)
			live--;
		memset(open, 0, (size_t)m->M * sizeof *open);
		for (i = 0; i < live; i++)
			count_choices(d, first + i, at, attr + i * (size_t)m->P, code,
			    open);
		add_step(q, m, (int)live, open);
	}
	free(attr);
	free(code);
	free(open);
}

void
drawn_by_symbols(struct products *q, struct drawn *d)
{
	const struct ar *m = d->model.net;
	size_t i;

	qsort(d->series, d->n, sizeof *d->series, longest_first);
	add_attributes(q, d);
	add_layer(q, (long)d->n, m->C, m->A);
	add_layer(q, (long)d->n, 4 * m->H, m->C);
	add_layer(q, (long)d->n, m->M * m->U, m->C);
	for (i = 0; i < d->n; i += BATCH)
		add_batch(q, d, i, d->n - i < BATCH ? d->n - i : BATCH);
}
