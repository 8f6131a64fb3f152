/*
 * tensor.h: one encoded series as a record of codes.  Codes, not floats: each field has
 * a type in the schema and whoever trains expands a batch of them.
 *
 *   record = attribute codes, u32 T, T rows of feature codes, and where the schema
 *            has it the u64 unit (trace/record.h): behind the rest, so that who reads
 *            codes need not know of it
 *
 *   NSR_BIT       ceil(shape / 8) bytes, bit 0 is the top bit of the first byte
 *   NSR_CATEGORY  u8 below shape (<= 256)
 *   NSR_WORD      u16, a row of the table named in the field's unit
 *   NSR_REAL      f32 in [0, 1]
 *
 * Expanded ("dims"): a bit is two numbers [1,0] = 0, [0,1] = 1; a category is one-hot;
 * a word is its table row (unit length); a real is itself.
 *
 * Legend: A attribute dims, F feature dims of one step, T steps.
 */
#ifndef TENSOR_TENSOR_H
#define TENSOR_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "stream/stream.h"

#define TENSOR_VERSION 1
/* most steps of a record; bounds what a record without features may claim */
#define TENSOR_STEPS_MAX (1u << 20)
#define TENSOR_DIM_MAX 256
#define TENSOR_BITS_MAX 8192

/* A table of words: n rows of dim floats, each of unit length.  DICT "table.NAME":
 * u32 n, u32 dim, n * dim f32.  What a row stands for is the codec's business. */
struct tensor_table {
	char name[32];
	uint32_t n, dim;
	float *v; /* (n, dim) */
	/* the same, (blocks, dim, TENSOR_LANES), for the search of the nearest row */
	float *lanes;
};
#define TENSOR_LANES 64

struct tensor_field {
	char name[32];
	uint8_t type;   /* NSR_BIT, NSR_CATEGORY, NSR_WORD, NSR_REAL */
	uint32_t shape; /* bits, categories, dims of a word, 1 */
	int table;      /* index of the table of a word, else -1 */
	uint32_t bytes; /* of one code */
	uint32_t dims;  /* expanded: 2 * bits, categories, dims of a word, 1 */
};

/* Which codes of a field may follow which code of an earlier one: see masks.h. */
#define MASK_ALWAYS (-2) /* given: no field, one row */
#define MASK_STEP (-1)   /* given: row 0 = first step of a series, 1 = a later one */
#define MASK_BYTES 32
#define MASKS_MAX 4096 /* bounds what a stream may claim */

struct tensor_mask {
	int given, of;
	uint32_t n; /* rows: codes of given; 1 of MASK_ALWAYS, 2 of MASK_STEP */
	uint8_t (*allow)[MASK_BYTES]; /* (n): bit c % 8 of byte c / 8: c may follow */
};
struct tensor_masks {
	int n, cap;
	struct tensor_mask *mask; /* (n), ordered by of */
};

struct tensor_schema {
	int n_attr, n_feat, n_tables;
	struct tensor_field *attr; /* (n_attr) */
	struct tensor_field *feat; /* (n_feat), may be none: T alone is modelled then */
	struct tensor_table *tables;
	size_t attr_bytes, feat_bytes; /* codes of one attribute vector, one step */
	int A, F;                      /* expanded dims; F without generation flags */
	bool has_unit;                 /* records end with their unit */
	struct tensor_masks masks;     /* those that came with a stream */
	/* tables and masks are made from public data or from none: DICTs say so */
	bool is_public;
};

/* tensor_schema_add: append a field (role NSR_ATTRIBUTE or NSR_FEATURE). */
void tensor_schema_init(struct tensor_schema *s);
void tensor_schema_add(struct tensor_schema *s, int role, const char *name, int type,
    uint32_t shape, const char *table);
/* tensor_schema_table: add a table (v is copied); before the fields that use it. */
void tensor_schema_table(struct tensor_schema *s, const char *name, uint32_t n,
    uint32_t dim, const float *v);
void tensor_schema_free(struct tensor_schema *s);

/* To and from the schema and DICTs of a stream; all values checked.  _from_reader for a
 * tensor stream; _from_dict for a model stream, which keeps the schema in a DICT
 * "tensor.schema" beside the same tables, and without units: what a model makes belongs
 * to nobody. */
void tensor_schema_to_nsr(const struct tensor_schema *s, struct nsr_schema *out);
int tensor_put_tables(const struct tensor_schema *s, struct nsr_writer *w,
    struct ns_err *e);
int tensor_put_schema_dict(const struct tensor_schema *s, struct nsr_writer *w,
    struct ns_err *e);
int tensor_schema_from_reader(struct tensor_schema *s, const struct nsr_reader *r,
    struct ns_err *e);
int tensor_schema_from_dict(struct tensor_schema *s, const struct nsr_reader *r,
    struct ns_err *e);

/* tensor_check: length and every code of a record, and its unit if the schema has it;
 * *steps = T. */
int tensor_check(const struct tensor_schema *s, const uint8_t *rec, size_t len,
    uint32_t *steps, struct ns_err *e);

#define TENSOR_UNIT_BYTES 8
#define TENSOR_UNIT_END (UINT64_C(1) << 63) /* units are below */
/* tensor_unit: of a checked record of len bytes; 0 where the schema has none. */
uint64_t tensor_unit(const struct tensor_schema *s, const uint8_t *rec, size_t len);
/* tensor_cut_unit: *len, of a record, becomes the length without the unit, which is
 * checked.  Nothing happens where the schema has none. */
int tensor_cut_unit(const struct tensor_schema *s, const uint8_t *rec, size_t *len,
    struct ns_err *e);

/* tensor_expand: codes of n fields to floats.  x (sum of dims) written, code read.
 * Returns nothing to fail: codes were checked. */
void tensor_expand(const struct tensor_field *f, int n,
    const struct tensor_table *tables, const uint8_t *code, float *x);
/* tensor_harden: the inverse: argmax for bits and categories (ties to the lower), exact
 * nearest row by cosine for words (ties to the lower), reals clamped to [0, 1]. */
void tensor_harden(const struct tensor_field *f, int n,
    const struct tensor_table *tables, const float *x, uint8_t *code);

#endif
