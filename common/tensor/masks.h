/*
 * masks.h: which codes of a field may follow which code of an earlier one, so that who
 * draws codes one after another draws only those that go together.
 *
 * Fields are numbered as they are drawn: attributes 0 .. n_attr - 1, then features from
 * n_attr on.  An attribute depends on earlier attributes, a feature on attributes and
 * on earlier features of its own step.  Only fields of type NSR_CATEGORY have masks.
 */
#ifndef TENSOR_MASKS_H
#define TENSOR_MASKS_H

#include <stdbool.h>
#include <stdint.h>

#include "tensor/tensor.h"

/* tensor_masks_init: none; tensor_masks_free: none again. */
void tensor_masks_init(struct tensor_masks *m);
void tensor_masks_free(struct tensor_masks *m);

/* tensor_masks_add: one more mask, behind those of the same field; its rows allow
 * nothing yet, and each has to allow at least one code in the end.  Lends until the
 * next call. */
struct tensor_mask *tensor_masks_add(struct tensor_masks *m,
    const struct tensor_schema *s, int given, int of);
/* tensor_masks_join: add copies of all masks of more; of each field behind those that m
 * has. */
void tensor_masks_join(struct tensor_masks *m, const struct tensor_masks *more);

static inline void
mask_set(uint8_t allow[MASK_BYTES], uint32_t code)
{
	allow[code / 8] |= (uint8_t)(1u << code % 8);
}
static inline bool
mask_has(const uint8_t allow[MASK_BYTES], uint32_t code)
{
	return allow[code / 8] >> code % 8 & 1;
}
/* mask_set_all: the codes below shape. */
void mask_set_all(uint8_t allow[MASK_BYTES], uint32_t shape);
/* mask_count: how many codes are allowed. */
uint32_t mask_count(const uint8_t allow[MASK_BYTES]);

/* tensor_field_at: a field by its number; NULL for one there is not. */
const struct tensor_field *tensor_field_at(const struct tensor_schema *s, int i);
/* tensor_field_find: the number of the field of that name, -1 = none. */
int tensor_field_find(const struct tensor_schema *s, const char *name);

/*
 * tensor_masks_allow: the codes of field of that all its masks allow.
 *
 *   later  this is not the first step of its series
 *   code   (fields) codes of the categories before it, by number of field; others are
 *          not looked at
 *   allow  written
 *
 * Returns whether the field has masks; without, allow has every bit set, beyond the
 * field's shape as well.  Codes that no encoder wrote together may leave nothing that
 * all masks allow: allow is then what the last of them does, never empty.
 */
bool tensor_masks_allow(const struct tensor_masks *m, int of, bool later,
    const uint8_t *code, uint8_t allow[MASK_BYTES]);

/* tensor_masks_broken: the first mask that a checked record of T steps does not keep,
 * NULL = it keeps all. */
const struct tensor_mask *tensor_masks_broken(const struct tensor_masks *m,
    const struct tensor_schema *s, const uint8_t *rec, uint32_t T);

/*
 * To and from the DICT "masks", whose layout is in ns-stream(5).  tensor_masks_load
 * fills an empty m and checks everything: fields that go with s, their order, rows that
 * allow at least one code and none beyond the field's.  A stream without that DICT has
 * no masks.  tensor_masks_bytes appends what tensor_masks_put writes.
 */
void tensor_masks_bytes(const struct tensor_masks *m, const struct tensor_schema *s,
    struct buf *b);
int tensor_masks_put(const struct tensor_masks *m, const struct tensor_schema *s,
    struct nsr_writer *w, struct ns_err *e);
int tensor_masks_load(struct tensor_masks *m, const struct tensor_schema *s,
    const struct nsr_reader *r, struct ns_err *e);

#endif
