/*
 * tags.h: what a vector of attribute codes says about chunks, and its five-tuple.
 * Source: NetShare's flow tags: does the flow start in this chunk, and in which chunks
 * does it occur.
 */
#ifndef NS_SAMPLE_TAGS_H
#define NS_SAMPLE_TAGS_H

#include <stdbool.h>

#include "base/rng.h"
#include "nn/real.h"
#include "tensor/tensor.h"

/* Offsets into the codes; -1 where the field is constant over the trace. */
struct tags {
	long starts, chunks;
	size_t soft; /* where flow_chunks begins among the expanded attributes */
	struct {
		size_t at, n;
	} key[5]; /* of the five-tuple's fields */
	int n_key;
};

void tags_find(struct tags *t, const struct tensor_schema *s);

/* tags_starts: the flow starts in the chunk it was drawn for.  tags_in: it occurs in
 * chunk c.  Without the field the answer is yes. */
bool tags_starts(const struct tags *t, const uint8_t *code);
bool tags_in(const struct tags *t, const uint8_t *code, int c);
void tags_set_starts(const struct tags *t, uint8_t *code, bool starts);
void tags_set_in(const struct tags *t, uint8_t *code, int c);

/*
 * tags_draw: the chunks behind chunk c that the flow goes on in, drawn with the
 * probabilities in x (A), the soft attributes: by argmax a tag that fewer than half of
 * the flows have would never appear.  Chunks before c are cleared; c itself stays.
 */
void tags_draw(const struct tags *t, uint8_t *code, const real *x, int c, int chunks,
    struct rng *r);

/* tags_key: the codes of the five-tuple to key (attr_bytes of room); returns how many
 * bytes, 0 when every part is constant. */
size_t tags_key(const struct tags *t, const uint8_t *code, uint8_t *key);

#endif
