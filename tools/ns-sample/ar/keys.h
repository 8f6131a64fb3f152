/*
 * keys.h: which symbols are the five-tuple, and which five-tuples a chunk has.
 *
 * Five-tuples are told apart as the codec decodes them: the octets of "other" may spell
 * a value that has a symbol.  Models that carry no codec are told apart by their codes.
 *
 * Where it is decided which series answer others, those that do not must not do so by
 * chance: then a five-tuple is there, too, where its reverse is, and an opener's is
 * where it can have no answer.
 */
#ifndef NS_SAMPLE_AR_KEYS_H
#define NS_SAMPLE_AR_KEYS_H

#include <stdbool.h>

#include "codec/codec.h"
#include "model/ar/symbols.h"
#include "seen.h"

struct keys {
	const struct symbols *sym;
	int *of; /* (n) symbols that make the five-tuple, in the order they are drawn */
	int n;
	const struct codec *codec; /* lent, or NULL */
	size_t bytes;              /* of attribute codes */
	uint8_t *buf, *answer;
	bool apart;    /* reverse five-tuples count, too; not without a codec */
	bool opening;  /* and series open conversations */
	bool hopeless; /* the last one can have no answer, whatever the client's port */
	struct seen seen;
};

void keys_init(struct keys *k, const struct tensor_schema *t, const struct symbols *s,
    const struct codec *c);
void keys_free(struct keys *k);
/* keys_first_free: the symbol from which on a five-tuple is kept from being drawn
 * twice: that of the client's port, the last part of it; n_attr where there is none. */
int keys_first_free(const struct keys *k, const struct tensor_schema *t);
/* keys_add: the five-tuple of the codes attr; false if it was there. */
bool keys_add(struct keys *k, const uint16_t *attr);

/*
 * keys_complete: fills in the symbols behind symbol i whose codes follow from those up
 * to i; true if the whole five-tuple does.
 */
bool keys_complete(const struct keys *k, int i, uint16_t *attr);

#endif
