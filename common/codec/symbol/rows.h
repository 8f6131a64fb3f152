/* rows.h: masks in the making. */
#ifndef CODEC_SYMBOL_ROWS_H
#define CODEC_SYMBOL_ROWS_H

#include "codec/symbol/impl.h"

/* The rows of a mask, one a code of what is given. */
typedef uint8_t rows_t[ALPHABET_MAX][MASK_BYTES];

/* rows_fill: n rows that allow all codes below shape. */
void rows_fill(rows_t rows, uint32_t n, uint32_t shape);
/* rows_add: a mask of n rows for field of, where at is as in struct tensor_mask.  A row
 * that allows nothing is of what never is: it then allows all.  A mask that allows all
 * is left out. */
void rows_add(struct tensor_masks *m, const struct tensor_schema *s, int at, uint32_t n,
    int of, rows_t rows);
/* masks_values.c: index and octets of field id, of SYM_VALUES, follow from the symbol.
 */
void masks_values(struct codec *c, int id);
/* rows_only: where[i], with code i of what is given, field id is w and nothing else.
 * Returns false and adds nothing if the field is no symbol or cannot be w. */
bool rows_only(const struct codec *c, struct tensor_masks *m, int at, uint32_t n,
    const bool *where, int id, struct value w);

#endif
