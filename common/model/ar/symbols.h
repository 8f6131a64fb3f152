/*
 * symbols.h: a tensor record as rows of symbols, each a code of a small alphabet: one
 * row of attributes, one a step.  A category is one symbol, a field of n bits is n of
 * two codes; reals, which tell the place within a bin, are none.
 */
#ifndef MODEL_AR_SYMBOLS_H
#define MODEL_AR_SYMBOLS_H

#include "nn/choice.h"
#include "tensor/masks.h"

struct symbol {
	uint32_t at;  /* byte of the record's codes, of attributes or of one step */
	int bit;      /* of a field of bits, from the top; -1: a category */
	int field;    /* of the schema, attributes first */
	int k;        /* codes */
	bool octet;   /* the last one of a value that is spelt */
	bool ordered; /* of a number: a place within the bin is behind it */
	int first;    /* place of code 0 among the codes of all symbols */
	int e, x; /* width of its embedding, and where that begins among those of the
		     row */
	int first_mask, n_masks;
};

/* The codes that a code before lets follow. */
struct symbol_mask {
	int given; /* symbol, attributes first; or MASK_STEP, MASK_ALWAYS */
	uint8_t (*allow)[CHOICE_SET];
};

struct symbols {
	int n_attr, n_step;         /* symbols of the attributes and of a step */
	struct symbol *sym;         /* (n_attr + n_step) */
	int attr_width, step_width; /* of the embeddings of a row */
	struct symbol_mask *mask;
	int n_masks;
	int biggest; /* alphabet */
	int codes;   /* of all symbols */
};

/* symbols_new: NS_EKIND where a field is of a type that has no symbols; t's masks are
 * lent. */
int symbols_new(struct symbols *s, const struct tensor_schema *t, struct ns_err *e);
void symbols_free(struct symbols *s);

/* symbols_read: codes of n symbols from a record's codes; symbols_write: the inverse
 * (fields of bits must be zero before). */
void symbols_read(const struct symbol *s, int n, const uint8_t *rec, uint16_t *code);
void symbols_write(const struct symbol *s, int n, const uint16_t *code, uint8_t *rec);

/*
 * symbols_allow: the codes of symbol i (of all, attributes first) that may follow those
 * of the attributes, attr, and of the step so far, step; later: it is not the first
 * step.  Returns how many; *only is the one where there is just one.  Where masks leave
 * none, the last alone counts.
 */
int symbols_allow(const struct symbols *s, int i, const uint16_t *attr,
    const uint16_t *step, bool later, uint8_t allow[CHOICE_SET], uint16_t *only);

#endif
