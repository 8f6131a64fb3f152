#include "codec/symbol/rows.h"

#include <string.h>

void
rows_fill(rows_t rows, uint32_t n, uint32_t shape)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		mask_set_all(rows[i], shape);
}

void
rows_add(struct tensor_masks *m, const struct tensor_schema *s, int at, uint32_t n,
    int of, rows_t rows)
{
	uint32_t shape = tensor_field_at(s, of)->shape, i;
	uint8_t all[MASK_BYTES];
	bool any = false;

	mask_set_all(all, shape);
	for (i = 0; i < n; i++) {
		if (mask_count(rows[i]) == 0)
			memcpy(rows[i], all, MASK_BYTES);
		any = any || memcmp(rows[i], all, MASK_BYTES) != 0;
	}
	if (any)
		memcpy(tensor_masks_add(m, s, at, of)->allow, rows, n * MASK_BYTES);
}

/* Where where[i], field of has that code alone. */
static void
only_code(const struct codec *c, struct tensor_masks *m, int at, uint32_t n,
    const bool *where, int of, uint32_t code)
{
	uint32_t shape = tensor_field_at(&c->schema, of)->shape, i;
	rows_t rows;

	rows_fill(rows, n, shape);
	for (i = 0; i < n; i++) {
		if (!where[i])
			continue;
		memset(rows[i], 0, MASK_BYTES);
		mask_set(rows[i], code);
	}
	rows_add(m, &c->schema, at, n, of, rows);
}

bool
rows_only(const struct codec *c, struct tensor_masks *m, int at, uint32_t n,
    const bool *where, int id, struct value w)
{
	const struct sym_field *f = &c->sym->f[id];
	uint32_t index;
	int k, symbol;

	if (f->how != SYM_VALUES)
		return false;
	symbol = sym_find(f, w, &index);
	if (symbol < 0 && !f->open)
		return false;
	only_code(c, m, at, n, where, f->at, symbol < 0 ? 0 : (uint32_t)symbol);
	if (symbol >= 0 && sym_count(f, (uint32_t)symbol) > 1)
		only_code(c, m, at, n, where, f->at + 1, index);
	for (k = 0; k < f->octets && symbol < 0; k++)
		only_code(c, m, at, n, where, sym_octet_at(f, k),
		    octet_of(w, f->octets, k));
	return true;
}
