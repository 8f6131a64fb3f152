/* Masks of how values are written: index and octets follow from the symbol. */
#include <string.h>

#include "codec/symbol/rows.h"

/* Only the indices that the symbol has. */
static void
mask_index(struct codec *c, const struct sym_field *f)
{
	uint32_t i, n = sym_symbols(f);
	rows_t rows;

	for (i = 0; i < n; i++)
		mask_set_all(rows[i], f->open && i == 0 ? 1 : sym_count(f, i));
	rows_add(&c->masks, &c->schema, f->at, n, f->at + 1, rows);
}

/* Octets are those of zero beside a known value, and some never change. */
static void
mask_octet(struct codec *c, const struct sym_field *f, int k)
{
	uint32_t i, n = sym_symbols(f);
	struct value zero;
	rows_t rows;

	memset(rows, 0, sizeof rows);
	if (f->fixed[k] >= 0)
		mask_set(rows[0], (uint32_t)f->fixed[k]);
	else
		mask_set_all(rows[0], 256);
	for (i = 1; i < n; i++) {
		zero = sym_zero(sym_known(f, i, 0));
		mask_set(rows[i], octet_of(zero, f->octets, k));
	}
	rows_add(&c->masks, &c->schema, f->at, n, sym_octet_at(f, k), rows);
}

void
masks_values(struct codec *c, int id)
{
	const struct sym_field *f = &c->sym->f[id];
	int k;

	if (f->groups.n > 0)
		mask_index(c, f);
	for (k = 0; k < f->octets; k++)
		mask_octet(c, f, k);
}
