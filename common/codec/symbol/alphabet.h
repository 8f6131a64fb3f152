/* alphabet.h: values that have symbols, and the search for them. */
#ifndef CODEC_SYMBOL_ALPHABET_H
#define CODEC_SYMBOL_ALPHABET_H

#include <stdbool.h>
#include <stdint.h>

#include "codec/symbol/tally.h"

#define ALPHABET_MAX 256

struct alphabet {
	uint32_t n;
	struct value *v; /* (n), ascending */
	uint16_t *slots; /* of alphabet_index */
};

/* alphabet_set: n values in order, copied; alphabet_find may follow. */
void alphabet_set(struct alphabet *a, const struct value *v, uint32_t n);
void alphabet_free(struct alphabet *a);
/* alphabet_find: place of v, -1 = none. */
int alphabet_find(const struct alphabet *a, struct value v);

#endif
